// Ids for messages: UUIDv7, from the server's clock, so that an old one can be told from a new one anywhere.

let ahead = 0;

/** Set how far the server's clock is ahead of this one, from the moment it told us. */
export function setClock(serverNow) {
  ahead = serverNow - Date.now();
}

/** An id for a message that is about to be sent. */
export function newCid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let at = Date.now() + ahead;
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = at % 256;
    at = Math.floor(at / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
