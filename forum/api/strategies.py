"""Cards of the library, what a member keeps of them, and their own plan."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from forum import serialize
from forum.actions import plans, toolkit
from forum.actions import strategies as deeds
from forum.api.calls import Answer, Api, Asked, Id, Sent, text_up_to
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import MINUTES, PLAN_PARTS, SITUATIONS, TAGS, Evidence, How, Strategy, TokenScope
from forum.policy.strategies import (
    can_delete_strategy,
    can_edit_strategy,
    can_erase_plan,
    can_forget_outcome,
    can_hide_strategy,
    can_keep_strategy,
    can_put_strategy_back,
    can_release_strategy,
    can_save_plan,
    can_say_how_it_was,
    can_see_library,
    can_see_plan,
    can_see_strategy,
    can_see_toolkit,
    can_share_strategy,
    can_show_strategy,
)
from forum.queries import strategies as asked
from forum.queries.strategies import Tally, Wanted, strategy_for
from forum.queries.topics import post_for
from forum.serialize import StrategyShape, When

api = Api("strategies")
READ, WRITE, KEEP = TokenScope.READ_LIBRARY, TokenScope.WRITE_LIBRARY, TokenScope.MODERATE
PRIVATE_READ, PRIVATE_WRITE = TokenScope.READ_ACCOUNT, TokenScope.WRITE_ACCOUNT
FILED = [*TAGS, *SITUATIONS]
"""What a card can be filed under: a kind of thing, or a situation that it fits."""

Part = Annotated[str, Field(json_schema_extra={"maxLength": deeds.PART_LIMIT})]


class TallyShape(TypedDict):
    """What people found with a card, of ten; told from ten answers up, and never as counts."""

    helped: int
    same: int
    harder: int


class CardShape(StrategyShape):
    """A card as this reader meets it."""

    found: TallyShape | None
    is_kept: bool


class KeptShape(StrategyShape):
    """A card that one keeps, and how it was the last time."""

    last: How | None


class OutcomeShape(TypedDict):
    """One's own note of how it was, on one day."""

    id: int
    day: str
    how: How
    situation: str | None
    before: int | None
    after: int | None


class PlanShape(TypedDict):
    """One's own steadying plan: each part a list of lines."""

    parts: dict[str, list[str]]
    changed_at: When | None


class Card(Sent):
    """A card. `steps` and `changes` are a line each; `cites` is needed where the evidence is published."""

    name: Annotated[str, text_up_to(deeds.NAME_LIMIT)]
    fits: Annotated[str, text_up_to(deeds.FITS_LIMIT)]
    minutes: Annotated[int, Field(json_schema_extra={"enum": list(MINUTES)})]
    place: Annotated[str, text_up_to(deeds.PLACE_LIMIT)]
    steps: Annotated[str, text_up_to(deeds.PART_LIMIT)]
    changes: Part = ""
    cautions: Part = ""
    evidence: Evidence
    cites: Annotated[str, Field(json_schema_extra={"maxLength": deeds.CITES_LIMIT})] = ""
    cites_url: Annotated[str, Field(json_schema_extra={"maxLength": deeds.ADDRESS_LIMIT})] = ""
    tags: Annotated[
        list[str], Field(json_schema_extra={"items": {"type": "string", "enum": FILED}, "minItems": 1})
    ]
    is_discreet: bool = False
    mask: bool = False


class NewCard(Card):
    """The same, and the post that it is made from, if it is."""

    post_id: Id | None = None


class HowItWas(Sent):
    """How it was today, for oneself. The numbers are private."""

    how: How
    situation: Annotated[str, Field(json_schema_extra={"enum": ["", *SITUATIONS]})] = ""
    before: Annotated[int | None, Field(json_schema_extra={"minimum": 0, "maximum": 10})] = None
    after: Annotated[int | None, Field(json_schema_extra={"minimum": 0, "maximum": 10})] = None


class NewPlan(Sent):
    """The whole plan, in the place of what was there."""

    parts: dict[Literal["signs", "helps", "places", "people", "services", "safer", "reasons"], list[str]]


class Looking(Asked):
    """What is looked for, and which page."""

    words: str = ""
    tag: str = ""
    situation: str = ""
    minutes: Id | None = None
    discreet: bool = False
    after: Id = 0
    """`next` of the page before."""


@api.call("GET", "/strategies", scope=READ, answers=Listed[CardShape], codes=("suspended",))
@asks(can_see_library)
def library(query: Looking) -> Any:
    """A page of the library: well-tried cards are found, and new ones get tried."""
    wanted = Wanted(**query.model_dump(exclude={"after"}))
    page = asked.library_for(current_actor(), wanted, after=query.after)
    return listed([_card(line.card, line.found, line.is_kept) for line in page.lines], page.after)


@api.call("GET", "/strategies/<int:strategy_id>", scope=READ, answers=CardShape, gives_version=True)
@asks(can_see_strategy)
def one(strategy_id: int) -> Answer:
    """One card."""
    return _told(strategy_for(current_actor(), strategy_id))


@api.call(
    "POST", "/strategies", scope=WRITE, answers=CardShape, status=201, also=(202,), gives_version=True,
    codes=("muted", "suspended", "idempotency_conflict"),
)  # fmt: skip
@asks(can_share_strategy)
def share(body: NewCard, key: str) -> Answer:
    """Share a card. 202: it is kept, and a moderator reads it before others do."""
    actor: Any = current_actor()
    post = post_for(actor, body.post_id) if body.post_id is not None else None
    card = body.model_dump(exclude={"post_id", "mask"})
    return _told(deeds.share_strategy(actor, post, card=card, key=key, mask=body.mask), new=True)


@api.call(
    "PUT", "/strategies/<int:strategy_id>", scope=WRITE, answers=CardShape, codes=("muted", "suspended"),
    gives_version=True,
)  # fmt: skip
@asks(can_edit_strategy)
def change(strategy_id: int, body: Card, version: str | None) -> Answer:
    """Put other words on one's own card."""
    actor: Any = current_actor()
    card, strategy = body.model_dump(exclude={"mask"}), strategy_for(actor, strategy_id)
    return _told(deeds.edit_strategy(actor, strategy, card=card, version=version, mask=body.mask))


@api.call("DELETE", "/strategies/<int:strategy_id>", scope=WRITE)
@asks(can_delete_strategy)
def delete(strategy_id: int) -> None:
    """Take one's own card back."""
    actor: Any = current_actor()
    deeds.delete_strategy(actor, strategy_for(actor, strategy_id))


@api.call("PUT", "/strategies/<int:strategy_id>/hidden", scope=KEEP)
@asks(can_hide_strategy)
def hide(strategy_id: int) -> None:
    """Take a card out of sight of everybody but its author and moderators."""
    actor = current_actor()
    deeds.hide_strategy(actor, strategy_for(actor, strategy_id))


@api.call("DELETE", "/strategies/<int:strategy_id>/hidden", scope=KEEP)
@asks(can_show_strategy)
def show(strategy_id: int) -> None:
    """Bring a hidden card back."""
    actor = current_actor()
    deeds.show_strategy(actor, strategy_for(actor, strategy_id))


@api.call("PUT", "/strategies/<int:strategy_id>/published", scope=KEEP)
@asks(can_release_strategy)
def release(strategy_id: int) -> None:
    """Publish a card that waited for a moderator."""
    actor = current_actor()
    deeds.release_strategy(actor, strategy_for(actor, strategy_id))


# One's own


@api.call("GET", "/toolkit", scope=PRIVATE_READ, answers=Listed[KeptShape], codes=("suspended",))
@asks(can_see_toolkit)
def kept() -> Any:
    """What the member keeps, the latest kept first. Nobody else is told."""
    found = asked.toolkit_for(current_actor())
    return listed(
        [serialize.strategy(one.card) | {"last": one.last.how if one.last else None} for one in found]
    )


@api.call("PUT", "/strategies/<int:strategy_id>/kept", scope=PRIVATE_WRITE)
@asks(can_keep_strategy)
def keep(strategy_id: int) -> None:
    """Keep a card in one's own toolkit."""
    actor: Any = current_actor()
    toolkit.keep_strategy(actor, strategy_for(actor, strategy_id))


@api.call("DELETE", "/strategies/<int:strategy_id>/kept", scope=PRIVATE_WRITE)
@asks(can_put_strategy_back)
def put_back(strategy_id: int) -> None:
    """Take a card out of one's own toolkit."""
    actor: Any = current_actor()
    toolkit.put_strategy_back(actor, strategy_for(actor, strategy_id))


@api.call("GET", "/strategies/<int:strategy_id>/outcomes", scope=PRIVATE_READ, answers=Listed[OutcomeShape])
@asks(can_see_strategy)
def outcomes(strategy_id: int) -> Any:
    """What the member said of the card, the latest first; nobody else's is told."""
    actor = current_actor()
    return listed([_outcome(one) for one in asked.own_outcomes(actor, strategy_for(actor, strategy_id))])


@api.call("PUT", "/strategies/<int:strategy_id>/outcomes/today", scope=PRIVATE_WRITE, answers=OutcomeShape)
@asks(can_say_how_it_was)
def say_how_it_was(strategy_id: int, body: HowItWas) -> Any:
    """Note how it was today, in the place of what was said before on this day."""
    actor: Any = current_actor()
    return _outcome(toolkit.say_how_it_was(actor, strategy_for(actor, strategy_id), **body.model_dump()))


@api.call("DELETE", "/outcomes/<int:outcome_id>", scope=PRIVATE_WRITE)
@asks(can_forget_outcome)
def forget(outcome_id: int) -> None:
    """Take one's own answer out again, of every total too."""
    actor: Any = current_actor()
    toolkit.forget_outcome(actor, asked.outcome_for(actor, outcome_id))


@api.call("GET", "/plan", scope=PRIVATE_READ, answers=PlanShape)
@asks(can_see_plan)
def plan() -> PlanShape:
    """One's own steadying plan; without one, no parts."""
    found = asked.plan_of(current_actor())
    if found is None:
        return {"parts": {}, "changed_at": None}
    return {"parts": found.parts, "changed_at": serialize.when(found.changed_at)}


@api.call("PUT", "/plan", scope=PRIVATE_WRITE)
@asks(can_save_plan)
def save_plan(body: NewPlan) -> None:
    """Put a plan in the place of what was there."""
    actor: Any = current_actor()
    plans.save_plan(actor, parts={part: "\n".join(body.parts.get(part, ())) for part in PLAN_PARTS})  # type: ignore[call-overload]


@api.call("DELETE", "/plan", scope=PRIVATE_WRITE)
@asks(can_erase_plan)
def erase_plan() -> None:
    """Erase one's own plan."""
    actor: Any = current_actor()
    plans.erase_plan(actor)


def _told(card: Strategy, *, new: bool = False) -> Answer:
    actor = current_actor()
    shape = _card(card, asked.found_with(card).all, asked.is_kept(actor, card))
    return Answer(shape, status=202 if new and card.is_held else None, version=card.version)


def _card(card: Strategy, found: Tally | None, is_kept: bool) -> dict[str, Any]:
    tally = {"helped": found.helped, "same": found.same, "harder": found.harder} if found else None
    return {**serialize.strategy(card), "found": tally, "is_kept": is_kept}


def _outcome(one: Any) -> OutcomeShape:
    return {
        "id": one.id,
        "day": one.day.isoformat(),
        "how": How(one.how),
        "situation": one.situation,
        "before": one.before,
        "after": one.after,
    }
