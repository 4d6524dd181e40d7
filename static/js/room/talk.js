// The conversation on the page. Text goes in as text; only a message's words, which our server rendered and cleaned,
// go in as HTML, through the one policy.

import { showCleanHtml } from "../html.js";

const TAKEN_BACK = "Its author took this back, which is always all right.";
const OUT_OF_SIGHT = "A moderator has put this out of sight.";
const MARKS = {
  held: "Kept for a moderator to read first. Nothing is lost and you are not in trouble.",
  hidden: "Out of sight for others. The reasons are in your notices.",
  waiting: "Kept here, will go when the room is back",
};

export class Talk {
  constructor(page) {
    this.list = page.querySelector(".log__in");
    this.log = page.querySelector(".log");
    this.pattern = document.querySelector("template[data-line]");
    this.me = Number(page.dataset.me);
    this.clock = new Intl.DateTimeFormat("en-GB", { timeZone: page.dataset.zone, hour: "2-digit", minute: "2-digit" });
    this.lines = new Map();
    this.waiting = new Map();
    this.kept = null;
    for (const line of this.list.querySelectorAll("[data-message]")) this.lines.set(Number(line.dataset.message), line);
  }

  /** Show one message as it is now: a new line, or the line that it has. */
  show(message) {
    const known = this.lines.get(message.id);
    if (known) return this.fill(known, message);
    const line = this.fill(this.pattern.content.firstElementChild.cloneNode(true), message);
    this.lines.set(message.id, line);
    this.append(line);
    return line;
  }

  /** Show one of one's own lines that is not in the room yet. */
  showWaiting({ cid, body }, mark = MARKS.waiting) {
    let line = this.waiting.get(cid);
    if (!line) {
      line = this.pattern.content.firstElementChild.cloneNode(true);
      line.classList.add("say--mine", "say--waiting");
      line.dataset.cid = cid;
      line.querySelector(".arch").remove();
      line.querySelector("details").remove();
      line.querySelector(".say__who span").textContent = "You";
      line.querySelector(".say__words").textContent = body;
      this.waiting.set(cid, line);
      this.append(line);
    }
    this.mark(line, mark);
  }

  /** The line has arrived, or was taken out of the outbox. */
  removeWaiting(cid) {
    this.waiting.get(cid)?.remove();
    this.waiting.delete(cid);
  }

  /** Put older lines before the first one. */
  showOlder(messages) {
    const first = this.list.querySelector("[data-message]");
    for (const message of messages) {
      if (this.lines.has(message.id)) continue;
      const line = this.fill(this.pattern.content.firstElementChild.cloneNode(true), message);
      this.lines.set(message.id, line);
      first ? first.before(line) : this.list.append(line);
    }
  }

  /** A short line about the room itself. */
  note(words) {
    const line = document.createElement("p");
    line.className = "log__event";
    line.append(document.createElement("span"));
    line.firstChild.textContent = words;
    this.append(line);
  }

  /** Keep new lines back until the reader is ready for them. */
  hold() { this.kept = []; }

  release() {
    const kept = this.kept ?? [];
    this.kept = null;
    this.list.append(...kept);
    this.log.scrollTop = 0;
  }

  get heldBack() { return this.kept?.length ?? 0; }

  append(line) {
    this.list.querySelector("[data-quiet]")?.remove();
    if (this.kept) this.kept.push(line);
    else this.list.append(...[line, ...[...this.waiting.values()].filter((one) => one !== line && one.isConnected)]);
    this.onNew?.();
  }

  fill(line, message) {
    const isMine = message.by.id === this.me;
    line.id = `message-${message.id}`;
    Object.assign(line.dataset, { message: message.id, by: message.by.id, at: message.at, state: message.state });
    line.classList.toggle("say--mine", isMine);
    line.classList.toggle("say--guide", message.guide);
    this.face(line.querySelector(".arch"), message.by);
    this.head(line, message, isMine);
    this.words(line, message, isMine);
    this.acts(line, message, isMine);
    return line;
  }

  face(arch, by) {
    arch.setAttribute("class", `arch arch--s tone-${by.tone}`);
    arch.querySelector("use").setAttribute("href", `#a-${by.figure}`);
  }

  head(line, message, isMine) {
    const who = line.querySelector(".say__who");
    who.querySelector("span").textContent = isMine ? "You" : message.by.name;
    const role = who.querySelector(".chip");
    if (role) role.hidden = !message.guide;
    const time = who.querySelector("time");
    time.dateTime = message.at;
    time.textContent = this.clock.format(new Date(message.at));
    const answers = line.querySelector("[data-answers]");
    if (!answers) return;
    answers.hidden = !message.reply_to || message.state === "deleted";
    if (answers.hidden) return;
    answers.firstElementChild.href = `#message-${message.reply_to.id}`;
    answers.firstElementChild.textContent = `In answer to ${message.reply_to.name}`;
  }

  words(line, message, isMine) {
    const words = line.querySelector(".say__words");
    if (message.html !== null) showCleanHtml(words, message.html);
    else if (message.state === "deleted") this.plain(words, isMine ? "You took this back." : TAKEN_BACK);
    else if (!isMine) this.plain(words, OUT_OF_SIGHT);
    const changed = message.edited && message.state === "shown" ? "Changed by its author" : "";
    this.mark(line, isMine && MARKS[message.state] ? MARKS[message.state] : changed);
  }

  plain(words, text) {
    words.replaceChildren(document.createElement("p"));
    words.firstChild.className = "faint";
    words.firstChild.textContent = text;
  }

  mark(line, text) {
    let mark = line.querySelector("[data-mark]");
    if (!mark) {
      line.querySelectorAll(".say__body > .say__state:last-child").forEach((old) => old.remove());
      mark = document.createElement("p");
      mark.className = "say__state";
      mark.dataset.mark = "";
      line.querySelector(".say__body").append(mark);
    }
    mark.textContent = text;
    mark.hidden = !text;
  }

  acts(line, message, isMine) {
    const more = line.querySelector(".say__more");
    if (!more) return;
    more.hidden = message.state === "deleted";
    more.querySelector("summary .hush").textContent = `More for ${isMine ? "your message" : `${message.by.name}’s message`}`;
    for (const item of more.querySelectorAll("[data-for]")) item.hidden = !item.dataset.for.includes(isMine ? "mine" : "others");
    for (const link of more.querySelectorAll("a, form")) {
      const name = link.matches("form") ? "action" : "href";
      link.setAttribute(name, link.getAttribute(name).replace(/(messages\/|reply_to=|message=)0\b/, `$1${message.id}`));
    }
  }
}
