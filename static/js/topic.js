// An open topic: the reader's place moves along, and a line says when there are new replies. Nothing is inserted by itself.

const ASK_EVERY_MS = 30_000;

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

if (reading) {
  reading.hidden = true;
  moveMark().catch(() => { reading.hidden = false; });
}
if (page && newer) setInterval(() => ask().catch(() => {}), ASK_EVERY_MS);
