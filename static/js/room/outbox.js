// Words that are not yet certain to be in the room. They lie in this browser under the member's id and the room, so
// that no other account is ever shown them, and are gone after a day, on stepping out, and when the log-in ends.

const PREFIX = "outbox:";
const DAY_MS = 86_400_000;

/** Empty every outbox that is not this member's, or all of them. */
export function wipe(exceptMember = null) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && !(exceptMember && key.startsWith(`${PREFIX}${exceptMember}:`))) localStorage.removeItem(key);
    }
  } catch { /* storage is switched off: nothing was kept */ }
}

/** The outbox of one member in one room: what waits, in order, and what is being written. */
export class Outbox {
  constructor(member, room) {
    this.key = `${PREFIX}${member}:${room}`;
    this.inMemory = { waiting: [], draft: "" };
    this.read();
  }

  /** What waits to be sent, the oldest first. Another tab may have sent some of it meanwhile. */
  get waiting() { return this.read().waiting; }

  get draft() { return this.read().draft; }

  set draft(words) { this.change((kept) => { kept.draft = words; }); }

  add(line) { this.change((kept) => { kept.waiting.push(line); kept.draft = ""; }); }

  remove(cid) { this.change((kept) => { kept.waiting = kept.waiting.filter((line) => line.cid !== cid); }); }

  has(cid) { return this.waiting.some((line) => line.cid === cid); }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      if (kept) this.inMemory = { draft: kept.draft ?? "", waiting: kept.waiting.filter((line) => Date.now() - line.at < DAY_MS) };
      if (kept && Date.now() - kept.at >= DAY_MS) this.inMemory.draft = "";
    } catch { /* switched off, or holds something else: the page's own memory serves */ }
    return this.inMemory;
  }

  change(edit) {
    const kept = this.read();
    edit(kept);
    try {
      if (kept.draft || kept.waiting.length) localStorage.setItem(this.key, JSON.stringify({ ...kept, at: Date.now() }));
      else localStorage.removeItem(this.key);
    } catch { /* full or switched off: kept as long as the page is open */ }
  }
}
