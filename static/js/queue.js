// The queue keeps up by itself: it asks again when the server rings, and every half a minute. The page works without
// this; what is shown is the same list, and nothing moves while somebody is on one of its links.

import { io } from "../vendor/socket.io/socket.io.esm.min.js";

const ASK_EVERY_MS = 30_000;
const SOON_MS = 400;

const queue = document.querySelector("[data-queue]");
const list = queue?.querySelector("[data-queue-list]");
const said = queue?.querySelector("[data-queue-said]");
let waiting = null;
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

// Several cases may change at once: one question answers for all of them.
function askSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => ask().catch(() => {}), SOON_MS);
}

if (queue) {
  const socket = io({ transports: ["websocket"] });
  socket.on("connect", () => socket.emit("queue:join", {}));
  socket.on("queue:event", askSoon);
  setInterval(askSoon, ASK_EVERY_MS);
  list.addEventListener("focusout", askSoon);
  document.addEventListener("visibilitychange", askSoon);
}
