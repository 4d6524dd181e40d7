"""What a member says about themselves, through JSON."""

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from forum import serialize
from forum.actions.profile import PRONOUNS_LIMIT, WORDS_LIMIT, change_profile
from forum.api.calls import Answer, Api, Sent
from forum.identity import current_actor
from forum.marks import asks
from forum.models import FIGURES, TONES, Profile, TokenScope, User
from forum.policy.profile import can_change_profile, can_see_own_profile
from forum.queries.profile import own_profile, profile_version
from forum.serialize import PersonaShape, State

api = Api("profile")


class ProfileShape(TypedDict):
    """One's own profile, whatever has become of it."""

    by: PersonaShape
    pronouns: str
    words: str
    """As typed."""
    html: str
    state: State
    care: bool
    """Whether its author is offered help: please show the lines of `/help` first."""


class NewProfile(Sent):
    """All of a profile: what is missing is empty, but for the arch, which stays."""

    pronouns: Annotated[str, Field(json_schema_extra={"maxLength": PRONOUNS_LIMIT})] = ""
    words: Annotated[str, Field(json_schema_extra={"maxLength": WORDS_LIMIT})] = ""
    figure: Annotated[str | None, Field(json_schema_extra={"enum": [*FIGURES, None]})] = None
    tone: Annotated[int | None, Field(json_schema_extra={"enum": [*TONES, None]})] = None
    mask: bool = False
    """Whether to cover what could lead someone to a person, rather than to be asked."""


@api.call("GET", "/account/profile", scope=TokenScope.READ_ACCOUNT, answers=ProfileShape, gives_version=True)
@asks(can_see_own_profile)
def mine() -> Answer:
    """What others read about the member, and which version of it this is."""
    return _answer(own_profile(current_actor()))


@api.call(
    "PUT", "/account/profile", scope=TokenScope.WRITE_ACCOUNT, answers=ProfileShape, gives_version=True,
    codes=("muted", "suspended"),
)  # fmt: skip
@asks(can_change_profile)
def change(body: NewProfile, version: str | None) -> Answer:
    """Say who one is, as much or as little as one likes."""
    return _answer(change_profile(_me(), **body.model_dump(), version=version))


def _me() -> User:
    actor: Any = current_actor()
    return actor


def _answer(profile: Profile | None) -> Answer:
    byline = _me().byline
    shape: ProfileShape = {
        "by": serialize.persona(byline),
        "pronouns": profile.pronouns if profile else "",
        "words": profile.source if profile else "",
        "html": profile.html if profile else "",
        "state": serialize.state(profile) if profile else "shown",
        "care": profile.shows_help if profile else False,
    }
    return Answer(shape, version=profile_version(byline, profile))
