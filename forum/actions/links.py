"""Links that are mailed: opened by the worker that sends them, crossed out by whoever uses them."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from forum.db import action, db, locked, now
from forum.errors import Conflict
from forum.models import Actor, Job, MailLink, Purpose, User
from forum.policy.accounts import can_forget_old_links, can_open_link
from forum.policy.core import require
from forum.queries.accounts import LINK_OVER, digest_of, link_with

LASTS = {Purpose.CONFIRM: timedelta(days=3), Purpose.NEW_PASSWORD: timedelta(hours=1)}


@action
def open_link(actor: Actor, user: User, *, purpose: Purpose, token: str, job_id: int) -> bool:
    """Let whoever holds this token do this for a member, in place of the link before; false if that must not be.

    It must not once this very promise was used, nor when a newer one was kept already: of several mails that arrive
    in whatever order, the one that was asked for last is the one that works.
    """
    require(can_open_link(actor))
    user = locked(user)
    before = db.session.scalar(
        select(MailLink).where(MailLink.user_id == user.id, MailLink.purpose == purpose)
    )
    if before and (before.job_id > job_id or (before.job_id == job_id and before.used_at)):
        return False
    void_links(user, purpose)
    db.session.add(
        MailLink(
            user_id=user.id,
            purpose=purpose,
            digest=digest_of(token),
            email=user.email,
            job_id=job_id,
            expires_at=now() + LASTS[purpose],
        )
    )
    return True


@action
def forget_old_links(actor: Actor) -> None:
    """Forget links that have run out, and for whom the mails were that could not be sent while one would have held."""
    require(can_forget_old_links(actor))
    db.session.execute(delete(MailLink).where(MailLink.expires_at < now()))
    db.session.execute(
        update(Job)
        .where(Job.kind == "mail", Job.dead_at < now() - max(LASTS.values()))
        .values(payload={})
        .execution_options(synchronize_session=False)
    )


def spend_link(token: str, purpose: Purpose) -> User:
    """Inside a deed: cross the link out, and hold the member whose it is. Of two who use it at once, one is told
    that it is over."""
    link = link_with(token, purpose)
    user = locked(link.user)
    spent = db.session.scalar(
        update(MailLink)
        .where(MailLink.id == link.id, MailLink.email == user.email, MailLink.used_at.is_(None))
        .values(used_at=now())
        .returning(MailLink.id)
    )
    if spent is None:
        raise Conflict(LINK_OVER, code="expired")
    return user


def void_links(user: User, *purposes: Purpose) -> None:
    """Inside a deed: have the links for these purposes open nothing any more; without one, all of a member's."""
    db.session.execute(
        delete(MailLink).where(MailLink.user_id == user.id, MailLink.purpose.in_(purposes or tuple(Purpose)))
    )
