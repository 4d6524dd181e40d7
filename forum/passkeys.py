"""Passkeys: what a browser is asked, and whether its answer holds. The library is spoken to here and nowhere else."""

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

CREDENTIAL_LENGTH = 1400
WAITS_MS = 5 * 60_000
ALWAYS = UserVerificationRequirement.REQUIRED
"""The device asks for its finger, face or code each time: a passkey is then two things in one."""


class House(NamedTuple):
    """For which address passkeys are made, and what a device calls it."""

    host: str
    origin: str
    name: str


class Made(NamedTuple):
    """What is kept of a new passkey."""

    credential: str
    public_key: bytes
    sign_count: int


_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_house = House("localhost", "http://localhost", "Hearth")


def use(*, base_url: str, name: str) -> None:
    """Make passkeys for this address from now on. Those of another address open nothing here."""
    global _house
    parts = urlsplit(base_url)
    _house = House(parts.hostname or "", f"{parts.scheme}://{parts.netloc}".lower(), name)


def to_make(user_id: int, name: str, *, challenge: str, known: Iterable[str]) -> str:
    """What a browser is asked in order to make a passkey, as JSON; a device that has one of the known makes no other."""
    options = generate_registration_options(
        rp_id=_house.host,
        rp_name=_house.name,
        user_id=_handle(user_id),
        user_name=name,
        challenge=challenge.encode(),
        timeout=WAITS_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=ALWAYS
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json(options)


def to_ask(*, challenge: str, known: Iterable[str] = ()) -> str:
    """What a browser is asked in order to show a passkey, as JSON: one of the known, or whichever it has for us."""
    options = generate_authentication_options(
        rp_id=_house.host,
        challenge=challenge.encode(),
        timeout=WAITS_MS,
        allow_credentials=_descriptors(known),
        user_verification=ALWAYS,
    )
    return options_to_json(options)


def made(answer: Any, *, challenge: str) -> Made | None:
    """The passkey that a browser made when it was asked with this challenge; nothing if the answer does not hold."""
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=_house.host,
            expected_origin=_house.origin,
            require_user_verification=True,
        )
    except Exception:  # a stranger's bytes: whatever a parser says to them, they are no passkey
        return None
    credential = bytes_to_base64url(verified.credential_id)
    if len(credential) > CREDENTIAL_LENGTH:
        return None
    return Made(credential, verified.credential_public_key, verified.sign_count)


def credential_in(answer: Any) -> str:
    """Which passkey an answer says it is from."""
    try:
        credential = json.loads(answer)["id"]
    except (TypeError, ValueError, KeyError):
        return ""
    return credential if isinstance(credential, str) and _BASE64URL.fullmatch(credential) else ""


def count_after(
    answer: Any, *, challenge: str, user_id: int, public_key: bytes, sign_count: int
) -> int | None:
    """How often the device says that it has used this passkey, if it did so now and for this; nothing otherwise.

    A count that does not grow says that there are two of a key of which there is one.
    """
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=_house.host,
            expected_origin=_house.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
        handle = json.loads(answer)["response"].get("userHandle")
        return verified.new_sign_count if _is_theirs(handle, user_id) else None
    except Exception:  # as above
        return None


def _is_theirs(handle: str | None, user_id: int) -> bool:
    """A device that was told which passkey to use may leave out whose it is."""
    return not handle or base64url_to_bytes(handle) == _handle(user_id)


def _handle(user_id: int) -> bytes:
    return f"member {user_id}".encode()


def _descriptors(credentials: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credentials]
