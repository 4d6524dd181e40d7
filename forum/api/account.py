"""A member's own: the account, notices, log-ins, consents; and another member's byline."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from forum import serialize
from forum.actions import accounts, sessions
from forum.actions.boundaries import lift_boundary, set_boundary, set_openness
from forum.actions.notifications import mark_notifications_seen, open_notification
from forum.api.calls import Answer, Api, Asked, Sent
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import BoundaryKind, Openness, TokenScope, User
from forum.policy.accounts import (
    can_agree,
    can_change_settings,
    can_end_other_sessions,
    can_end_session,
    can_rename,
    can_see_settings,
    can_withdraw,
)
from forum.policy.boards import can_mark_notifications_seen, can_open_notification, can_see_notifications
from forum.policy.boundaries import can_lift_boundary, can_see_boundaries, can_set_boundary, can_set_openness
from forum.policy.cases import can_see_member
from forum.policy.core import require
from forum.queries.accounts import choices_of, sessions_of, settings_version
from forum.queries.boundaries import boundaries_of
from forum.queries.cases import persona_for, sanctions_on, since
from forum.queries.notifications import cursor_of, notification_for, notifications_for
from forum.queries.profile import profile_for
from forum.serialize import AccountShape, NotificationShape, PersonaShape, SessionShape, When

api = Api("account")
READ, WRITE = TokenScope.READ_ACCOUNT, TokenScope.WRITE_ACCOUNT

Consent = Literal["adult", "health", "agreement"]


class MemberShape(TypedDict):
    """What members see of each other."""

    by: PersonaShape
    since: When | None
    pronouns: str
    html: str
    """Their few words, empty where they said nothing or a moderator has them in hand."""


class Settings(Sent):
    """How a member wants to be here, all of it: what is missing goes back to how it begins."""

    country: Annotated[str | None, Field(json_schema_extra={"pattern": "^[A-Z]{2}$"})] = None
    timezone: str | None = None
    """A name of the IANA list, such as Europe/London; none is the community's."""
    shows_presence: bool = False
    choices: dict[str, Literal["show", "fold", "hide"]] = {}


class NewName(Sent):
    """Another name."""

    name: str


class BoundaryShape(TypedDict):
    """A byline that the member keeps away."""

    by: PersonaShape
    kind: BoundaryKind
    at: When


class NewBoundary(Sent):
    """`ignore` mutes: I do not meet their words. `block`: and nothing they do reaches me."""

    kind: BoundaryKind


class HowOpen(Sent):
    """How much somebody can take at the moment."""

    openness: Openness


class Older(Asked):
    """Which page."""

    before: str = ""
    """`next` of the page before."""


@api.call("GET", "/account", scope=READ, answers=AccountShape, gives_version=True)
@asks(can_see_settings)
def account() -> Answer:
    """What the account says about itself."""
    return _account()


@api.call("PUT", "/account/settings", scope=WRITE, answers=AccountShape, gives_version=True)
@asks(can_change_settings)
def change(body: Settings, version: str | None) -> Answer:
    """Keep how the member wants to be here."""
    accounts.change_settings(_me(), **body.model_dump(), version=version)
    return _account()


@api.call("PUT", "/account/name", scope=WRITE, answers=AccountShape, codes=("suspended",), gives_version=True)
@asks(can_rename)
def rename(body: NewName) -> Answer:
    """Change one's name, everywhere at once."""
    accounts.rename(_me(), name=body.name)
    return _account()


@api.call("PUT", "/account/consents/<kind>", scope=WRITE)
@asks(can_agree)
def agree(kind: Consent) -> None:
    """Say yes to one of the things that must be said before a first post."""
    accounts.agree(_me(), kind=kind)


@api.call("DELETE", "/account/consents/<kind>", scope=WRITE)
@asks(can_withdraw)
def withdraw(kind: Consent) -> None:
    """Take a yes back. Reading goes on; writing rests."""
    accounts.withdraw(_me(), kind=kind)


@api.call("GET", "/account/sessions", scope=READ, answers=Listed[SessionShape])
@asks(can_see_settings)
def devices() -> Any:
    """Where the member is signed in, the latest used first."""
    require(can_see_settings(current_actor()))
    return listed([serialize.session(one) for one in sessions_of(_me())])


@api.call("DELETE", "/account/sessions/<int:session_id>", scope=WRITE, codes=("prove",))
@asks(can_end_session)
def sign_out(session_id: int) -> None:
    """Sign one device out."""
    sessions.end_session(_me(), session_id=session_id)


@api.call("DELETE", "/account/sessions", scope=WRITE, codes=("prove",))
@asks(can_end_other_sessions)
def sign_all_out() -> None:
    """Sign every device out but the one that asks, and end every key, this one too."""
    sessions.end_other_sessions(_me(), _me().session_key)


@api.call("GET", "/notifications", scope=READ, answers=Listed[NotificationShape])
@asks(can_see_notifications)
def notices(query: Older) -> Any:
    """Notices, the latest first; what the member lost access to is not among them."""
    require(can_see_notifications(current_actor()))
    found = notifications_for(current_actor(), before=query.before)
    return listed([serialize.notification(one) for one in found], cursor_of(found))


@api.call("PUT", "/notifications/<int:notification_id>/seen", scope=WRITE)
@asks(can_open_notification)
def notice_seen(notification_id: int) -> None:
    """Count one notice as seen."""
    open_notification(_me(), notification_for(current_actor(), notification_id))


@api.call("PUT", "/notifications/seen", scope=WRITE)
@asks(can_mark_notifications_seen)
def notices_seen() -> None:
    """Count every notice up to now as seen."""
    mark_notifications_seen(_me())


@api.call("GET", "/members/<int:persona_id>", scope=TokenScope.READ_BOARDS, answers=MemberShape)
@asks(can_see_member)
def member(persona_id: int) -> Any:
    """Who is behind a byline, as far as members see it. There is no list of members."""
    persona = persona_for(current_actor(), persona_id)
    profile = profile_for(current_actor(), persona)
    return {
        "by": serialize.persona(persona),
        "since": serialize.maybe(since(persona)),
        "pronouns": profile.pronouns if profile else "",
        "html": profile.html if profile else "",
    }


@api.call("PUT", "/account/openness", scope=WRITE)
@asks(can_set_openness)
def openness(body: HowOpen) -> None:
    """Say whether one is open, for gentle things only, or resting."""
    set_openness(_me(), openness=body.openness)


@api.call("GET", "/boundaries", scope=READ, answers=Listed[BoundaryShape])
@asks(can_see_boundaries)
def boundaries() -> Any:
    """Whom the member mutes or blocks; nobody else is ever told."""
    return listed(
        [
            {"by": serialize.persona(one.byline), "kind": one.kind, "at": serialize.when(one.at)}
            for one in boundaries_of(current_actor())
        ]
    )


@api.call("PUT", "/members/<int:persona_id>/boundary", scope=WRITE)
@asks(can_set_boundary)
def keep_away(persona_id: int, body: NewBoundary) -> None:
    """Mute or block a byline. The other is not told."""
    set_boundary(_me(), persona_for(current_actor(), persona_id), kind=body.kind)


@api.call("DELETE", "/members/<int:persona_id>/boundary", scope=WRITE)
@asks(can_lift_boundary)
def meet_again(persona_id: int) -> None:
    """Meet a byline again."""
    lift_boundary(_me(), persona_for(current_actor(), persona_id))


def _me() -> User:
    actor: Any = current_actor()
    return actor


def _account() -> Answer:
    user = _me()
    require(can_see_settings(user))
    choices = choices_of(user)
    consents = [kind for kind in accounts.CONSENTS if accounts.has_said(user, kind)]
    shape = serialize.account(user, choices=choices, consents=consents, sanctions=sanctions_on(user))
    return Answer(shape, version=settings_version(user, choices))
