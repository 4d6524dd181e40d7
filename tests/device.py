"""A device that makes and shows passkeys, as one does: real keys, real signatures, and the wrong ones on demand."""

import hashlib
import json
import os

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url as text

PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


class Device:
    """One passkey of one house."""

    def __init__(self) -> None:
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), os.urandom(32)
        self.count, self.counts, self.handle = 0, True, b""

    def make(self, options: str, *, again=False, **changed) -> str:
        """Answer to `navigator.credentials.create`."""
        asked = json.loads(options)
        if not again:
            self.handle = base64url_to_bytes(asked["user"]["id"])
        told = self._client("webauthn.create", asked, changed)
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._authenticator(asked["rp"]["id"], changed, HOLDS_KEY) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=told, attestationObject=attested)

    def show(self, options: str, **changed) -> str:
        """Answer to `navigator.credentials.get`."""
        asked = json.loads(options)
        if self.counts:
            self.count += 1
        told = self._client(changed.get("kind", "webauthn.get"), asked, changed)
        data = self._authenticator(asked["rpId"], changed)
        key = ec.generate_private_key(ec.SECP256R1()) if changed.get("stranger") else self.key
        signature = key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        handle = changed.get("handle", self.handle)
        return self._answer(
            clientDataJSON=told, authenticatorData=data, signature=signature, userHandle=handle
        )

    @staticmethod
    def bent(answer: str, part: str) -> str:
        """The same answer with a byte of one part turned over."""
        told = json.loads(answer)
        raw = bytearray(base64url_to_bytes(told["response"][part]))
        raw[-2] ^= 0xFF
        told["response"][part] = text(bytes(raw))
        return json.dumps(told)

    def _client(self, kind: str, asked: dict, changed: dict) -> bytes:
        challenge = text(changed["says"].encode()) if "says" in changed else asked["challenge"]
        origin = changed.get("origin", "http://localhost:5000")
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def _authenticator(self, host: str, changed: dict, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if changed.get("verified", True) else 0)
        count = changed.get("count", self.count if self.counts else 0)
        return (
            hashlib.sha256(changed.get("host", host).encode()).digest()
            + bytes([flags])
            + count.to_bytes(4, "big")
        )

    def _answer(self, **response: bytes) -> str:
        parts = {name: text(value) for name, value in response.items()}
        return json.dumps(
            {
                "id": text(self.id),
                "rawId": text(self.id),
                "type": "public-key",
                "response": parts,
                "clientExtensionResults": {},
            }
        )
