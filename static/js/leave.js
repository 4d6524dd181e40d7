// Leave quickly. The link works alone (GET /leave); this adds the instant cover, the wiping of what this browser
// keeps for us, leaving in the other tabs, and Shift pressed three times in five seconds, as in GOV.UK's "Exit this page".

const PRESSES = 3;
const WITHIN_MS = 5000;
const WIPE_MS = 150;
const STILL_NEEDED = { 2: "Shift, press two more times to leave.", 1: "Shift, press once more to leave." };

const exit = document.querySelector("[data-leave]");
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("hearth-leave") : null;
let leaving = false;

function leave() {
  if (leaving) return;
  leaving = true;
  cover();
  tabs?.postMessage("leave");
  wipe();
}

function cover() {
  const sheet = document.createElement("div");
  sheet.className = "leave-cover";
  document.body.append(sheet);
  document.title = "";
}

// Wiping must never hold up leaving: whatever is not done in time is left to the server's Clear-Site-Data.
async function wipe() {
  for (const name of ["localStorage", "sessionStorage"]) {
    try { globalThis[name].clear(); } catch { /* storage is switched off */ }
  }
  await Promise.race([dropDatabases(), new Promise((done) => setTimeout(done, WIPE_MS))]);
  location.replace(exit.href);
}

async function dropDatabases() {
  try {
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  } catch { /* not listable in this browser */ }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-leave]")) return;
  event.preventDefault();
  leave();
});
tabs?.addEventListener("message", leave);

// A Shift counts only when it goes down and up with no key and no pointer in between, so capitals and selecting
// text never leave the page. Any other key starts the count again.
const said = document.querySelector("[data-leave-said]");
let isAlone = false;
let presses = [];
let tooLate;

function forget() {
  clearTimeout(tooLate);
  presses = [];
  if (said) said.textContent = "";
}

addEventListener("keydown", (event) => {
  if (event.key !== "Shift") forget();
  isAlone = event.key === "Shift" && !event.repeat && !event.isComposing;
}, true);
addEventListener("pointerdown", () => { isAlone = false; }, true);
addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !isAlone) return;
  isAlone = false;
  const now = performance.now();
  presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
  if (presses.length >= PRESSES) return leave();
  clearTimeout(tooLate);
  tooLate = setTimeout(forget, WITHIN_MS);
  if (said) said.textContent = STILL_NEEDED[PRESSES - presses.length];
}, true);
