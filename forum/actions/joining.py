"""Which door is open, invitations, and the answer to whoever asks to come in."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from forum import mail, modlog, notify
from forum.actions.cases import open_case_for
from forum.db import action, db, locked, now
from forum.errors import Conflict, Invalid
from forum.models import (
    Actor,
    Application,
    Arrival,
    Entry,
    Group,
    GroupMember,
    Invitation,
    InvitationGroup,
    SignUp,
    SiteSettings,
    User,
)
from forum.policy.core import require
from forum.policy.joining import (
    can_approve,
    can_change_joining,
    can_decline,
    can_end_invitation,
    can_forget_old_answers,
    can_make_invitation,
)
from forum.queries.accounts import digest_of
from forum.queries.joining import INVITATION_OVER, SETTINGS_ID
from forum.text import clean_line
from forum.words import Words, from_staff, read_words

QUESTION_LIMIT = 200
ANSWER_LIMIT = 2_000
LETTER_LIMIT = 2_000
PURPOSE_LIMIT = 80
USES_LIMIT = 1_000
DAYS_LIMIT = 365

# Which door


def _read_question(actor: Actor, *, mode: Any, question: Any) -> dict[str, Any]:
    require(can_change_joining(actor))
    line = clean_line(
        question,
        limit=QUESTION_LIMIT,
        field="question",
        empty="A question helps people know what you want to hear.",
    )
    from_staff(line, limit=4 * QUESTION_LIMIT, field="question")
    return {"question": line}


@action(words=_read_question)
def change_joining(actor: Actor, *, mode: Any, question: Any) -> SiteSettings:
    """Open another door for whoever comes from now on, and choose what they are asked. Nobody who is here, or waits,
    notices."""
    site = locked(db.session.get_one(SiteSettings, SETTINGS_ID))
    require(can_change_joining(actor))
    if mode not in set(SignUp):
        raise Invalid(fields={"mode": "Choosing one of the four says who can come in."})
    if (site.sign_up, site.question) != (mode, question):
        site.sign_up, site.question = SignUp(mode), question
        modlog.write(
            actor, "joining_changed", subject="site", words={"mode": str(site.sign_up), "question": question}
        )
    return site


# Invitations


def _read_invitation(actor: Actor, *, purpose: Any, uses: Any, days: Any, **_given: Any) -> dict[str, Any]:
    require(can_make_invitation(actor))
    fields: dict[str, str] = {}
    if not isinstance(uses, int) or not 1 <= uses <= USES_LIMIT:
        fields["uses"] = f"An invitation is for 1 to {USES_LIMIT} people."
    if not isinstance(days, int) or not 1 <= days <= DAYS_LIMIT:
        fields["days"] = f"Between 1 and {DAYS_LIMIT} days work."
    if fields:
        raise Invalid(fields=fields)
    line = clean_line(
        purpose, limit=PURPOSE_LIMIT, field="purpose", empty="A few words help you know it again."
    )
    from_staff(line, limit=4 * PURPOSE_LIMIT, field="purpose")
    return {"purpose": line}


@action(words=_read_invitation)
def make_invitation(
    actor: Actor, *, purpose: Any, uses: Any, days: Any, groups: Sequence[Group] = ()
) -> tuple[Invitation, str]:
    """Ask people in: the answer holds the token of the link, which is kept nowhere here."""
    require(can_make_invitation(actor))
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        digest=digest_of(token), purpose=purpose, made_by_id=actor.id, uses=uses, uses_left=uses,
        expires_at=now() + timedelta(days=days),
    )  # fmt: skip
    db.session.add(invitation)
    db.session.flush()
    db.session.add_all(InvitationGroup(invitation_id=invitation.id, group_id=one.id) for one in groups)
    modlog.write(
        actor,
        "invitation_made",
        subject=f"invitation:{invitation.id}",
        words={"purpose": purpose, "uses": uses},
    )
    return invitation, token


@action
def end_invitation(actor: Actor, invitation: Invitation) -> None:
    """Have a link let nobody in any more; whoever came by it stays."""
    invitation = locked(invitation)
    require(can_end_invitation(actor))
    if invitation.ended_at is None:
        invitation.ended_at = now()
        modlog.write(actor, "invitation_ended", subject=f"invitation:{invitation.id}")


def spend_invitation(invitation: Invitation) -> None:
    """Inside the deed that lets somebody in by it. Of two who take its last place at once, one is told that it is over."""
    left = db.session.scalar(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.uses_left > 0,
            Invitation.ended_at.is_(None),
            Invitation.expires_at > now(),
        )
        .values(uses_left=Invitation.uses_left - 1)
        .returning(Invitation.uses_left)
        .execution_options(synchronize_session=False)
    )
    if left is None:
        raise Conflict(INVITATION_OVER, code="expired")


def note_arrival(user: User, invitation: Invitation) -> None:
    """Inside the same deed: they are in its groups, and whoever made it can see that they came."""
    db.session.add(Arrival(user_id=user.id, invitation_id=invitation.id))
    db.session.add_all(GroupMember(group_id=one.id, user_id=user.id) for one in invitation.groups)


# Asking to come in


def read_answer(raw: Any) -> Words:
    """What somebody answers who asks to come in: for moderators to read, so nothing in it is covered."""
    return read_words(raw, channel="application", limit=ANSWER_LIMIT, field="answer")


def ask_in(user: User, *, question: str, answer: Words) -> None:
    """Inside the deed that made the account: it waits for a person. Somebody looks soon if it sounds like danger."""
    db.session.add(
        Application(user_id=user.id, question=question, words=answer.source, verdict=answer.verdict.to_json())
    )
    open_case_for(user.byline, answer.verdict)


@action
def approve(actor: Actor, application: Application) -> None:
    """Let somebody in who asked; also somebody who was not let in before."""
    user, application = _held(application)
    require(can_approve(actor))
    if user.entry == Entry.IN:
        return
    _answer(actor, user, application, Entry.IN)
    modlog.write(actor, "application_approved", user=user, subject=f"application:{application.id}")


def _read_letter(actor: Actor, application: Application, *, letter: Any) -> dict[str, Any]:
    require(can_decline(actor))
    return {"letter": from_staff(letter, limit=LETTER_LIMIT, field="letter").source}


@action(words=_read_letter)
def decline(actor: Actor, application: Application, *, letter: Any) -> None:
    """Not let somebody in who asked, and say why in a sentence. They keep their account, and read what guests read."""
    user, application = _held(application)
    require(can_decline(actor))
    if user.entry != Entry.WAITING:
        raise Conflict("Somebody answered this already. Your words are still here.")
    application.letter = letter
    _answer(actor, user, application, Entry.DECLINED)
    modlog.write(
        actor,
        "application_declined",
        user=user,
        subject=f"application:{application.id}",
        words={"letter": letter},
    )


@action
def forget_old_answers(actor: Actor, *, days: int) -> None:
    """Forget what people answered so long ago, once they have an answer themselves."""
    require(can_forget_old_answers(actor))
    db.session.execute(
        update(Application)
        .where(Application.decided_at < now() - timedelta(days=days), Application.words.is_not(None))
        .values(words=None, verdict={})
        .execution_options(synchronize_session=False)
    )


def _held(application: Application) -> tuple[User, Application]:
    return locked(application.user), locked(application)


def _answer(actor: Actor, user: User, application: Application, entry: Entry) -> None:
    """Their open pages ask again what they may do, and they are told here and, if they confirmed an address, there."""
    application.decided_at, application.decided_by_id = now(), actor.id
    user.entry = entry
    user.auth_epoch += 1
    db.session.flush()
    notify.tell(user.id, "let_in" if entry == Entry.IN else "not_let_in", "application")
    if user.email_confirmed_at:
        mail.later("answered", user=user.id)
