// An open room: what happens is shown as it happens, in the room's order, and what is written here reaches it once,
// through lost connections and reloads. Without this script the page works by forms and links.

import { newCid, setClock } from "./room/cid.js";
import { backOff, Link, Refusal } from "./room/link.js";
import { Outbox, wipe } from "./room/outbox.js";
import { People } from "./room/people.js";
import { Sequence } from "./room/sequence.js";
import { Talk } from "./room/talk.js";

const TYPING_EVERY_MS = 3000;
const TYPING_SHOWN_MS = 5000;
const RESEND_CODES = ["retry", "rate_limited", "slow_mode", "room_paused"];
const SAID = {
  waiting: "Your words are kept here.",
  polling: "This connection lets little through, so new messages come every few seconds. Your words still arrive.",
};

const page = document.querySelector("[data-room]");
const member = page.dataset.member;
const room = Number(page.dataset.room);
const isPaused = "paused" in page.dataset;
const readsPast = page.dataset.past === "yes";
const form = page.querySelector("[data-send]");
const area = form?.querySelector("textarea");

wipe(member);
const outbox = new Outbox(member, room);
const talk = isPaused ? null : new Talk(page);
const people = new People(page, Number(page.dataset.me));
const order = new Sequence(Number(page.dataset.epoch), Number(page.dataset.head), { apply, sync });

// The line

const link = new Link(room, {
  connected: join,
  waiting: sayWaiting,
  polling: () => { sayLink("A slower way.", SAID.polling, false); flush(); },
  ask: poll,
  "room:event": (told) => { if (told.r === room) take(told.e, [told]); },
  "room:batch": (told) => { if (told.r === room) take(told.e, told.ev); },
  "room:reset": (told) => { if (told.r === room) again(); },
  "presence:diff": (told) => { if (told.r === room && !people.change(told)) askWhoIsHere(); },
  "user:event": (told) => { if (told.kind === "silenced" || told.kind === "removed") again(); },
  "auth:revoked": revoked,
  typing: showTyping,
});

async function join() {
  try {
    caughtUp(await link.ask("room:join", { epoch: order.epoch, after: order.applied }));
    sayLink("", "", false);
    askWhoIsHere();
    flush();
  } catch (error) {
    if (error instanceof Refusal) refusedIn(error);
    else link.socket.disconnect();
  }
}

/** The log-in may be over, or only asked again: the words that wait are wiped unless it lives. */
async function revoked() {
  link.end();
  try {
    await link.events(order.epoch, order.applied);
  } catch (error) {
    if (error instanceof Refusal) wipe();
  }
  location.reload();
}

async function sync() {
  let answer;
  do {
    answer = link.isConnected
      ? await link.ask("room:sync", { epoch: order.epoch, after: order.applied, limit: 200 })
      : await link.events(order.epoch, order.applied);
    caughtUp(answer, false);
  } while (answer.more);
}

async function poll() {
  try {
    caughtUp(await link.events(order.epoch, order.applied));
  } catch (error) {
    if (error instanceof Refusal && error.code !== "rate_limited" && error.code !== "retry") refusedIn(error);
    throw error;
  }
}

function caughtUp(answer, asksForMore = true) {
  setClock(answer.now);
  if (isPaused && !answer.state.paused) return again();
  take(answer.epoch, answer.events ?? []);
  if (answer.more && asksForMore) sync().catch(() => {});
}

function take(epoch, events) {
  if (epoch !== order.epoch) again();
  else order.take(events);
}

function refusedIn(error) {
  if (["reset", "forbidden", "not_found", "suspended", "log_in"].includes(error.code)) {
    if (error.code === "log_in") wipe();
    again();
  }
}

/** The page is read anew from the server: the room is another one than the page knows. */
function again() {
  link.end();
  location.assign(location.pathname);
}

async function askWhoIsHere() {
  try {
    people.show(await link.ask("presence:get", {}));
  } catch { /* lossy by contract */ }
}

// What happens

function apply(event) {
  if (event.t === "room_paused" || event.t === "room_resumed") return page.dataset.keeps === "yes" ? sayPaused(event.t) : again();
  if (event.t === "room_changed") return changed(event.data);
  if (!talk || readsPast || !event.m) return undefined;
  if (event.m.by.id === talk.me && event.m.cid) talk.removeWaiting(event.m.cid);
  if (event.t === "message_created" || talk.lines.has(event.m.id)) talk.show(event.m);
  return sayHeldBack();
}

function changed(data) {
  if (data.open === false) return again();
  if (data.name !== undefined) page.querySelector("h1").textContent = data.name;
  if (data.name !== undefined && talk) talk.note(`This room is called ${data.name} now`);
  if (data.capacity !== undefined && talk) talk.note(`This room has ${data.capacity} places now`);
  if (data.guides && talk) talk.note("Who facilitates this room has changed");
  if (data.slow === undefined || !talk) return undefined;
  const words = data.slow ? `Slow pace: one message every ${data.slow} seconds.` : "";
  page.querySelector("[data-pace]").textContent = page.dataset.keeps === "yes" ? "" : words;
  return talk.note(data.slow ? `The pace is one message every ${data.slow} seconds now` : "There is no slow pace any more");
}

function sayPaused(type) {
  talk.note(type === "room_paused" ? "The room is paused" : "The room goes on");
}

// Sending: one tab for all, one line after the other, each until its answer came

let isSending = false;

async function flush() {
  if (isSending || !form) return;
  isSending = true;
  try {
    await withLock(async () => {
      for (let tries = 0; outbox.waiting.length && link.isOpen && !link.isOver;) {
        const wait = await sendFirst(outbox.waiting[0], tries);
        tries = wait ? tries + 1 : 0;
        if (wait) await new Promise((done) => setTimeout(done, wait));
      }
    });
  } finally {
    isSending = false;
  }
}

function withLock(work) {
  return navigator.locks ? navigator.locks.request(`outbox:${room}`, work) : work();
}

/** Send the first line that waits; the milliseconds after which it is to be tried again, 0 when it is done with. */
async function sendFirst(line, tries) {
  try {
    const { cid, body, reply_to: answers, mask } = line;
    const payload = { cid, body, mask, ...(answers ? { reply_to: answers } : {}) };
    arrived(line, link.isConnected ? await link.ask("message:send", payload) : await link.post(payload));
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal) || RESEND_CODES.includes(error.code)) {
      if (error instanceof Refusal) say(error.message);
      return Math.max((error.wait ?? 0) * 1000, backOff(tries));
    }
    refusedLine(line, error);
    return 0;
  }
}

function arrived(line, receipt) {
  outbox.remove(line.cid);
  say("");
  if (receipt.held) {
    talk.showWaiting(line, `Kept for a moderator to read first. ${receipt.why} ${receipt.wait}`);
    talk.waiting.delete(line.cid);
  } else {
    talk.removeWaiting(line.cid);
  }
  if (receipt.care) showCare();
}

/** The words come back into the box, with what stands in their way. */
function refusedLine(line, error) {
  outbox.remove(line.cid);
  talk.removeWaiting(line.cid);
  if (!area.value) area.value = line.body;
  form.elements.reply_to.value = line.reply_to ?? "";
  form.querySelector("[data-mask]").hidden = !error.fields.mask;
  say(error.fields.body ?? error.message);
  saveDraft();
}

function showCare() {
  const told = page.querySelector("[data-told]");
  told.replaceChildren(document.querySelector("template[data-care]").content.cloneNode(true));
  told.hidden = false;
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = withCard(area.value);
  if (!body.trim()) return say("There are no words here yet.");
  const line = { cid: newCid(), body, at: Date.now(), mask: form.elements.mask.checked };
  if (form.elements.reply_to.value) line.reply_to = Number(form.elements.reply_to.value);
  outbox.add(line);
  talk.showWaiting(line, link.isOpen ? "On its way" : undefined);
  area.value = "";
  putCardAway();
  answerNobody();
  form.elements.mask.checked = false;
  form.querySelector("[data-mask]").hidden = true;
  flush();
  return undefined;
});

function putCardAway() {
  const choice = form.elements.card;
  if (!choice?.value) return;
  choice.value = "";
  choice.closest("details").open = false;
}

/** What was typed, with the chosen card of the library on a line of its own, as the server would put it in. */
function withCard(typed) {
  const link = form.elements.card?.selectedOptions[0].dataset.words;
  return link ? `${typed.trim()}\n\n${link}`.trim() : typed;
}

area?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

function say(words) {
  const state = form?.querySelector("[data-says]");
  if (state) state.textContent = words;
}

// What is being written

let typedAt = 0;

area?.addEventListener("input", () => {
  saveDraft();
  if (Date.now() - typedAt < TYPING_EVERY_MS) return;
  typedAt = Date.now();
  link.tell("typing");
});

function saveDraft() { outbox.draft = area.value; }

let typingEnds = null;

function showTyping({ r, name }) {
  const place = page.querySelector("[data-typing]");
  if (r !== room || !place) return;
  place.textContent = name ? `${name} is writing` : "Somebody is writing";
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => { place.textContent = ""; }, TYPING_SHOWN_MS);
}

// Answering, taking back, older lines, holding

page.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-answer], [data-answer-nobody], [data-older]");
  if (!pressed || event.ctrlKey || event.metaKey || !talk) return;
  event.preventDefault();
  if ("answer" in pressed.dataset) answer(pressed);
  else if ("older" in pressed.dataset) showOlder(pressed);
  else answerNobody();
});

function answer(from) {
  const line = from.closest("[data-message]");
  form.elements.reply_to.value = line.dataset.message;
  const who = line.querySelector(".say__who span").textContent;
  form.querySelector("[data-answering-whom]").textContent = `In answer to ${who === "You" ? "yourself" : who}`;
  form.querySelector("[data-answering]").hidden = false;
  from.closest("details").open = false;
  area.focus();
}

function answerNobody() {
  form.elements.reply_to.value = "";
  form.querySelector("[data-answering]").hidden = true;
}

async function showOlder(button) {
  try {
    const { messages, older } = await link.older(button.dataset.older);
    talk.showOlder(messages);
    if (older) button.dataset.older = older;
    else button.closest(".log__event").remove();
  } catch {
    location.assign(button.href);
  }
}

page.addEventListener("submit", async (event) => {
  if (event.target.matches("[data-step-out]")) return wipe();
  if (!event.target.matches("[data-delete]") || !link.isConnected) return undefined;
  event.preventDefault();
  try {
    await link.ask("message:delete", { id: Number(event.target.closest("[data-message]").dataset.message) });
  } catch (error) {
    if (error instanceof Refusal) say(error.message);
    else event.target.submit();
  }
  return undefined;
});

const hold = page.querySelector("[data-hold]");

hold?.addEventListener("click", () => {
  const isHeld = hold.getAttribute("aria-pressed") !== "true";
  hold.setAttribute("aria-pressed", String(isHeld));
  if (isHeld) talk.hold();
  else talk.release();
  sayHeldBack();
});

function sayHeldBack() {
  const isHeld = hold.getAttribute("aria-pressed") === "true";
  const held = talk.heldBack ? `Show ${talk.heldBack}` : "Holding";
  hold.querySelector("[data-hold-said]").textContent = isHeld ? held : "Hold";
}

// How the line is

function sayWaiting(wait) {
  const seconds = Math.max(1, Math.round(wait / 1000));
  sayLink("Finding the room again.", `${SAID.waiting} Trying in ${seconds} second${seconds === 1 ? "" : "s"}.`, true);
  for (const line of outbox.waiting) talk?.showWaiting(line);
}

function sayLink(head, words, canTry) {
  const state = page.querySelector("[data-link]");
  const says = state.querySelector("[data-link-says]");
  const strong = document.createElement("b");
  strong.textContent = head;
  says.replaceChildren(strong, ` ${words}`);
  state.hidden = !head;
  state.querySelector("[data-try-now]").hidden = !canTry;
}

page.querySelector("[data-try-now]").addEventListener("click", () => link.connect());

// Begin

if (area && !area.value) area.value = outbox.draft;
if (hold && !readsPast) hold.hidden = false;
if (isPaused && outbox.draft && page.querySelector("[data-draft]")) {
  page.querySelector("[data-draft]").textContent = outbox.draft;
  page.querySelector("[data-draft]").hidden = false;
}
for (const line of outbox.waiting) talk?.showWaiting(line);
link.connect();
