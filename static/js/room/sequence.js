// The room's order: events are applied in steps of one. What was seen is dropped, what comes early waits, and a gap
// that does not close by itself is asked for.

const PATIENCE_MS = 150;

export class Sequence {
  /** `apply(event)` shows one event, `sync()` asks for what is missing; it may reject, and is then asked again. */
  constructor(epoch, applied, { apply, sync }) {
    this.epoch = epoch;
    this.applied = applied;
    this.early = new Map();
    this.apply = apply;
    this.sync = sync;
    this.timer = null;
  }

  /** Take events as they come, in whatever order. */
  take(events) {
    for (const event of events) if (event.s > this.applied) this.early.set(event.s, event);
    while (this.early.has(this.applied + 1)) {
      const next = this.early.get(this.applied + 1);
      this.early.delete(next.s);
      this.applied = next.s;
      this.apply(next);
    }
    this.watchGap();
  }

  watchGap() {
    clearTimeout(this.timer);
    this.timer = this.early.size ? setTimeout(() => this.fill(), PATIENCE_MS) : null;
  }

  async fill() {
    try {
      await this.sync();
    } catch { /* the next connection asks again with the same cursor */ }
  }
}
