// A doorbell: something is asked again when the server rings, and every half a minute, because a ring can be lost.

import { io } from "../vendor/socket.io/socket.io.esm.min.js";

const ASK_EVERY_MS = 30_000;
const SOON_MS = 400;

/** Join with `payload`, and call `ask` soon after each ring; gives back what asks soon, for whoever else has cause to. */
export function doorbell({ join, payload, rings, ask }) {
  let waiting = null;
  // Several things may happen at once: one question answers for all of them.
  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => {}), SOON_MS);
  }
  setInterval(soon, ASK_EVERY_MS);
  if (document.documentElement.dataset.member) {
    const socket = io({ transports: ["websocket"] });
    socket.on("connect", () => socket.emit(join, payload));
    socket.on(rings, soon);
  }
  return soon;
}
