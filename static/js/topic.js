// An open topic: the reader's place moves along, and a line says when there are new replies. Nothing is inserted by itself.

import { doorbell } from "./doorbell.js";

const page = document.querySelector("[data-topic]");
const reading = document.querySelector("form[data-read]");
const newer = document.querySelector("[data-newer]");

async function moveMark() {
  await fetch(reading.action, { method: "POST", body: new FormData(reading), redirect: "manual" });
}

async function ask() {
  if (document.hidden) return;
  const answer = await fetch(page.dataset.newest, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { number } = await answer.json();
  newer.hidden = number <= Number(page.dataset.number);
}

/** A link to a post that stands elsewhere by now: its own address knows where. Asked once, for it may be out of sight. */
function followMovedPost() {
  const [, id] = location.hash.match(/^#post-(\d+)$/) ?? [];
  try {
    const asked = sessionStorage.getItem("followed");
    sessionStorage.removeItem("followed");
    if (!id || document.getElementById(`post-${id}`) || asked === id) return;
    sessionStorage.setItem("followed", id);
  } catch { return; } // storage is switched off
  location.replace(`/posts/${id}`);
}

followMovedPost();
if (reading) {
  reading.hidden = true;
  moveMark().catch(() => { reading.hidden = false; });
}
if (page && newer) {
  doorbell({ join: "topic:join", payload: { topic: Number(page.dataset.topic) }, rings: "topic:event", ask });
}
