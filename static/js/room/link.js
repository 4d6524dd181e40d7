// The line to the server: a WebSocket, and where that does not pass, plain requests every three seconds.

import { io } from "../../vendor/socket.io/socket.io.esm.min.js";

const ACK_MS = 5000;
const POLL_MS = 3000;
const TRIES_BEFORE_POLLING = 2;
const SLOWEST_MS = 30_000;

/** A refusal by the server, with its code. */
export class Refusal extends Error {
  constructor({ code, message, fields, retry_after: wait }) {
    super(message);
    this.code = code;
    this.fields = fields ?? {};
    this.wait = wait;
  }
}

/** Milliseconds before the next try: 1 to 30 s, doubling, with jitter so that not everybody comes at once. */
export function backOff(tries) {
  return Math.min(SLOWEST_MS, 1000 * 2 ** tries) * (0.5 + Math.random() / 2);
}

export class Link {
  /** `on` holds what to call: connected, waiting(ms), polling, events(list), and a function for each named event. */
  constructor(room, on) {
    this.room = room;
    this.on = on;
    this.failed = 0;
    this.isPolling = false;
    this.isOver = false;
    this.retry = null;
    this.socket = io({ transports: ["websocket"], reconnection: false, autoConnect: false, timeout: ACK_MS });
    this.listen();
  }

  get isConnected() { return this.socket.connected; }

  /** Whether words can leave this page now, by either way. */
  get isOpen() { return this.isConnected || this.isPolling; }

  connect() {
    if (this.isOver) return;
    clearTimeout(this.retry);
    this.retry = null;
    this.socket.connect();
  }

  /** No more tries: the stay or the log-in is over. */
  end() {
    this.isOver = true;
    clearTimeout(this.retry);
    clearInterval(this.poller);
    this.socket.disconnect();
  }

  listen() {
    this.socket.on("connect", () => {
      this.failed = 0;
      this.stopPolling();
      this.on.connected();
    });
    this.socket.on("connect_error", () => { this.failed += 1; this.tryAgain(); });
    this.socket.on("disconnect", () => this.tryAgain());
    for (const name of ["room:event", "room:batch", "room:reset", "typing", "presence:diff", "user:event", "auth:revoked"]) {
      this.socket.on(name, (told) => this.on[name]?.(told));
    }
    addEventListener("online", () => this.connect());
    addEventListener("offline", () => { this.socket.disconnect(); this.tryAgain(); });
  }

  tryAgain() {
    if (this.isOver || this.retry) return;
    if (this.failed >= TRIES_BEFORE_POLLING && navigator.onLine) this.poll();
    const wait = backOff(this.failed);
    this.retry = setTimeout(() => this.connect(), wait);
    if (!this.isPolling) this.on.waiting(wait);
  }

  poll() {
    if (this.isPolling) return;
    this.poller = setInterval(() => this.on.ask().catch(() => this.stopPolling()), POLL_MS);
    this.on.ask().then(() => { this.isPolling = true; this.on.polling(); }, () => this.stopPolling());
  }

  stopPolling() {
    clearInterval(this.poller);
    this.isPolling = false;
  }

  /** Send an event and wait for its answer; rejects with a Refusal, or with a plain Error when none came in time. */
  async ask(event, payload) {
    if (!this.isConnected) throw new Error("no line");
    const answer = await this.socket.timeout(ACK_MS).emitWithAck(event, { room: this.room, ...payload });
    if (!answer.ok) throw new Refusal(answer.error);
    return answer;
  }

  /** Tell something that may be lost. */
  tell(event) {
    if (this.isConnected) this.socket.volatile.emit(event, { room: this.room });
  }

  /** Read what happened after a cursor without a socket. */
  events(epoch, after) { return this.request(`events?epoch=${epoch}&after=${after}`); }

  /** Read what was said before a place in the log. */
  older(before) { return this.request(`messages?before=${before}`); }

  /** Say something without a socket. */
  post(line) { return this.request("messages", { method: "POST", body: JSON.stringify(line) }); }

  async request(path, options = {}) {
    const token = document.querySelector("meta[name=csrf-token]").content;
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token };
    const signal = AbortSignal.timeout(ACK_MS);
    const answer = await fetch(`/api/v1/rooms/${this.room}/${path}`, { headers, signal, redirect: "error", ...options });
    const told = await answer.json();
    if (!answer.ok) throw new Refusal({ message: told.detail, code: told.code, fields: told.fields, retry_after: told.retry_after });
    return told;
  }
}
