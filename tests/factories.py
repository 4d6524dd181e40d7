"""Makes what tests need, through the actions where there is one."""

import itertools
import secrets
from datetime import timedelta
from functools import cache

from sqlalchemy import insert

from forum import passkeys, passwords
from forum.actions import accounts, agreements, factors, joining, places, rooms, strategies, topics
from forum.db import action, db, now
from forum.models import (
    QUESTION,
    Agreement,
    Appointment,
    Board,
    Consent,
    Duty,
    Guest,
    Message,
    Persona,
    Post,
    RecoveryCode,
    Role,
    Room,
    Sanction,
    SanctionKind,
    Scope,
    SignUp,
    Strategy,
    System,
    TakenName,
    Topic,
    User,
)
from forum.text import names
from tests.device import Device

PASSWORD = "a quiet passphrase"
_count = itertools.count(1)


def saved(row):
    db.session.add(row)
    db.session.commit()
    return row


def sign_up(name: str, **more) -> User:
    """Somebody comes in by the deed that everybody comes in by."""
    told = {"is_adult": True, "keeps_health": True, "agrees": True} | more
    return accounts.sign_up(System(), name=name, password=PASSWORD, **told)[0]


def make_user(name: str | None = None, *, role: Role = Role.MEMBER, agrees: bool = True) -> User:
    """A member who has said everything that must be said before a first post, and has just signed in.

    The rows are those that signing up leaves, which a test compares, in a few statements: nearly every test begins with
    some members, and a quarter of the suite's time went into their coming in.
    """
    user = _member(name or f"Plain Number {next(_count)}", role, agrees)
    db.session.refresh(user)
    user.proved_at = now()
    return user


@action
def _member(name: str, role: Role, agrees: bool) -> User:
    user = User(password_hash=_hash(), role=role)
    db.session.add(user)
    db.session.flush()
    byline = Persona(user_id=user.id, name=name)
    db.session.add(byline)
    db.session.flush()
    db.session.execute(insert(TakenName), [{"key": names.key_of(name), "persona_id": byline.id}])
    given = {"adult": 1, "health": 1} | ({"agreement": user.agreement_version} if agrees else {})
    db.session.execute(
        insert(Consent),
        [{"user_id": user.id, "kind": kind, "version": version} for kind, version in given.items()],
    )
    db.session.execute(
        insert(RecoveryCode),
        [{"user_id": user.id, "digest": secrets.token_hex(32)} for _ in range(accounts.CODES)],
    )
    return user


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD)


def make_passkey(user: User, name: str = "On my phone") -> Device:
    """Give a member a passkey; the answer is the device that holds it."""
    device, challenge = Device(), factors.asked()
    options = passkeys.to_make(user.id, user.name, challenge=challenge.value, known=())
    factors.add_passkey(user, name=name, answer=device.make(options), challenge=challenge)
    return device


def open_door(mode: SignUp, question: str = QUESTION) -> None:
    joining.change_joining(System(), mode=mode, question=question)


def make_applicant(name: str, answer: str = "I read here for a while and would like to write.") -> User:
    """Somebody who asked to come in, and waits; the door is left as it was."""
    open_door(SignUp.APPROVAL)
    user, _codes = accounts.sign_up(
        Guest(), name=name, password=PASSWORD, is_adult=True, keeps_health=True, agrees=True, answer=answer
    )
    open_door(SignUp.OPEN)
    user.proved_at = now()
    return user


def make_invitation(*, uses: int = 1, groups=()):
    """An invitation and the token of its link."""
    return joining.make_invitation(System(), purpose="For a quiet group", uses=uses, days=7, groups=groups)


def make_agreement(lines: str = "Be kind: Always.\nNo names: Not even yours.") -> Agreement:
    """A new version, which nobody has agreed to yet."""
    before = agreements.agreement_now().version
    return agreements.publish_agreement(System(), lines=lines, changed="It is shorter now.", before=before)


def appoint(user: User, duty: Duty, *, board: Board | None = None, room: Room | None = None) -> User:
    saved(Appointment(user_id=user.id, role=duty, board_id=board and board.id, room_id=room and room.id))
    db.session.refresh(user)
    return user


def sanction(user: User, kind: SanctionKind, scope: Scope, *, board=None, room=None, days: int = 7) -> User:
    saved(
        Sanction(
            user_id=user.id,
            kind=kind,
            scope=scope,
            board_id=board and board.id,
            room_id=room and room.id,
            until=now() + timedelta(days=days),
        )
    )
    db.session.refresh(user)
    return user


def make_board(name: str = "A board", **more) -> Board:
    section = places.make_section(System(), name=f"Section of {name}")
    return places.make_board(System(), section, name=name, **more)


def make_topic(
    author: User,
    board: Board,
    title: str = "After a hard phone call",
    body: str = "I put the phone down.",
    **more,
) -> Topic:
    more.setdefault("intent", "listen")
    return topics.start_topic(author, board, title=title, body=body, **more).topic


def make_post(author: User, topic: Topic, body: str = "I read this.", **more) -> Post:
    return topics.reply_to_topic(author, topic, body=body, **more)


CARD = {
    "name": "Say the next ten minutes out loud",
    "fits": "When you are back in the room but not quite in your body.",
    "minutes": "5",
    "place": "Anywhere you can whisper",
    "steps": "Find something that holds you.\nSay the next thing you will do.",
    "changes": "Sitting works the same.",
    "cautions": "If describing yourself makes you feel watched, look around instead.",
    "evidence": "lived",
    "tags": ["grounding", "overwhelmed"],
}


def make_strategy(author: User, *, post: Post | None = None, **more) -> Strategy:
    """A card in the library."""
    return strategies.share_strategy(author, post, card=CARD | more)


def make_room(name: str = "A room", **more) -> Room:
    room = places.make_room(System(), name=name, **more)
    return rooms.open_room(System(), room)


def make_message(author: User, room: Room, body: str = "Creaky.") -> Message:
    """Somebody's line in a room they are in."""
    from forum.actions import messages
    from forum.live.ids import new_cid

    return messages.send_message(author, room, cid=new_cid(), body=body).message
