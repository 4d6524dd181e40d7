"""Drafts: what a member has begun to write, kept for them and read by nobody.

They are neither rendered nor read for anything before they are sent: nobody has been told yet.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from forum import limits
from forum.db import action, db, now
from forum.errors import Conflict, Invalid, Stale
from forum.models import NOTE_KINDS, Actor, Board, Draft, Intent, Post, Topic, User
from forum.policy.core import require
from forum.policy.writing import can_drop_draft, can_forget_old_drafts, can_keep_draft
from forum.queries.drafts import DRAFTS_MOST, place_of
from forum.text import plain

DRAFT_LIMIT = 20_000
"""Bytes of a draft's words, title and line together."""
DRAFT_DAYS = 90
"""After so many days without a change a draft is forgotten."""


def _read_draft(
    actor: Actor, place: Any, *, body: Any = "", title: Any = "", gist: Any = "", **rest: Any
) -> dict[str, Any]:
    """The words as they were typed; more than fits is refused, because a part would be a false comfort."""
    words = {"body": plain(body), "title": plain(title), "gist": plain(gist)}
    size = sum(len(one.encode()) for one in words.values())
    if size > DRAFT_LIMIT:
        raise Invalid(fields={"body": f"This is {size:,} bytes long; a draft holds {DRAFT_LIMIT:,}."})
    if not any(one.strip() for one in words.values()):
        raise Invalid(fields={"body": "There are no words here yet."})
    return words


@action(words=_read_draft)
def keep_draft(
    actor: User,
    place: Board | Topic | Post,
    *,
    body: Any = "",
    title: Any = "",
    gist: Any = "",
    intent: Any = "",
    kinds: Iterable[Any] = (),
    base: Any = "",
    as_alias: bool = False,
    version: str | None = None,
) -> Draft:
    """Keep what they have written so far in this form, in place of what was kept before.

    `version` says which draft they had before them, "0" for none; Stale if another device was there meanwhile.
    """
    require(can_keep_draft(actor, place))
    limits.check(actor, "draft")
    draft = _held(actor, place)
    if version is not None and version != version_of(draft):
        raise Stale(version_of(draft))
    if draft is None:
        draft = _begin(actor, place)
    draft.body, draft.title, draft.gist = body, title, gist
    draft.intent = intent if intent in set(Intent) else ""
    draft.kinds = [kind for kind in NOTE_KINDS if kind in set(map(str, kinds))]
    draft.base, draft.as_alias = plain(base)[:40], as_alias
    draft.version += 1
    draft.updated_at = now()
    db.session.flush()
    return draft


@action
def drop_draft(actor: User, draft: Draft, *, version: str | None = None) -> None:
    """Let go of a draft, unless it was changed on another device meanwhile."""
    require(can_drop_draft(actor, draft))
    found = db.session.get(Draft, draft.id, with_for_update=True, populate_existing=True)
    if found is None:
        return
    if version is not None and version != version_of(found):
        raise Stale(version_of(found))
    db.session.delete(found)


@action
def forget_old_drafts(actor: Actor) -> None:
    """Forget drafts that nobody has touched for so long."""
    require(can_forget_old_drafts(actor))
    db.session.execute(delete(Draft).where(Draft.updated_at < now() - timedelta(days=DRAFT_DAYS)))


def version_of(draft: Draft | None) -> str:
    """Which state of a draft this is: 0 when there is none."""
    return "0" if draft is None else str(draft.version)


def draft_is_done(actor: Actor, place: Board | Topic | Post) -> None:
    """Inside the deed that publishes it: these words are not a draft any more."""
    db.session.execute(delete(Draft).where(Draft.user_id == actor.id, Draft.place == place_of(place)))


def _held(actor: User, place: Board | Topic | Post) -> Draft | None:
    return db.session.scalar(
        select(Draft)
        .where(Draft.user_id == actor.id, Draft.place == place_of(place))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _begin(actor: User, place: Board | Topic | Post) -> Draft:
    count = db.session.scalar(select(func.count()).where(Draft.user_id == actor.id)) or 0
    if count >= DRAFTS_MOST:
        raise Conflict(
            f"You have {DRAFTS_MOST} drafts, which is as many as we keep. Letting one go makes room."
        )
    draft = Draft(user_id=actor.id, place=place_of(place), version=0)
    db.session.add(draft)
    return draft
