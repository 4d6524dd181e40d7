// The queue keeps up by itself: it asks again when the server rings, and every half a minute. The page works without
// this; what is shown is the same list, and nothing moves while somebody is on one of its links.

import { doorbell } from "./doorbell.js";

const queue = document.querySelector("[data-queue]");
const list = queue?.querySelector("[data-queue-list]");
const said = queue?.querySelector("[data-queue-said]");
let known = null;

async function ask() {
  if (document.hidden || list.contains(document.activeElement)) return;
  const answer = await fetch(queue.dataset.queue, { headers: { Accept: "application/json" } });
  if (answer.ok) show((await answer.json()).lines);
}

function show(lines) {
  list.replaceChildren(...lines.map(drawn));
  queue.querySelector("[data-queue-empty]").hidden = lines.length > 0;
  const ids = new Set(lines.map((line) => line.id));
  if (known && lines.some((line) => !known.has(line.id))) said.textContent = "Something new is waiting.";
  known = ids;
}

function drawn(line) {
  const item = queue.querySelector("[data-queue-line]").content.cloneNode(true);
  const part = (name) => item.querySelector(`[data-${name}]`);
  part("tier").append(queue.querySelector(`[data-queue-tier="${line.tier}"]`).content.cloneNode(true));
  part("wait").textContent = line.wait;
  part("wait").classList.toggle("case__wait--over", line.is_over);
  part("why").textContent = line.why;
  part("why").href = line.url;
  part("where").textContent = line.where;
  part("claimed").textContent = line.claimed;
  return item;
}

if (queue) {
  const askSoon = doorbell({ join: "queue:join", payload: {}, rings: "queue:event", ask });
  list.addEventListener("focusout", askSoon);
  document.addEventListener("visibilitychange", askSoon);
}
