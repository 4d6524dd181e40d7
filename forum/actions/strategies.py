"""Cards that members share: from scratch, from a post of their own, or from somebody’s who was asked first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from forum import limits, modlog, notify
from forum.actions.cases import open_case_for, waits
from forum.actions.requests import done_before, remember_made
from forum.db import action, db, locked, now
from forum.errors import Invalid, Stale, all_of
from forum.models import (
    MINUTES,
    SITUATIONS,
    TAGS,
    Actor,
    Answer,
    Evidence,
    Post,
    Strategy,
    StrategyAsk,
    StrategyTag,
    User,
)
from forum.policy.core import require
from forum.policy.strategies import (
    can_answer_strategy_ask,
    can_ask_for_strategy,
    can_delete_strategy,
    can_edit_strategy,
    can_hide_strategy,
    can_release_strategy,
    can_share_strategy,
    can_show_strategy,
)
from forum.queries.strategies import ask_by
from forum.text import clean_line
from forum.text.lists import bare_lines, dashed, numbered
from forum.triage import Verdict
from forum.words import Words, line_to_publish, to_publish

CHANNEL = "board"
NAME_LIMIT = 120
FITS_LIMIT = 200
PLACE_LIMIT = 80
CITES_LIMIT = 200
ADDRESS_LIMIT = 300
PART_LIMIT = 6_000
MOST_STEPS = 20
MOST_TAGS = 8

# Words, read before the transaction opens


@dataclass(frozen=True)
class _Written:
    """A card as it was read: its columns, what it is filed under, and what triage read in all of it together."""

    columns: dict[str, Any]
    tags: tuple[str, ...]
    verdict: Verdict


def _read_new(
    actor: Actor, post: Post | None = None, *, card: Mapping[str, Any], **rest: Any
) -> dict[str, Any]:
    return {"card": _read(card, mask=rest.get("mask", False))}


def _read_again(actor: Actor, strategy: Strategy, *, card: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    return {"card": _read(card, mask=rest.get("mask", False))}


def _read(card: Mapping[str, Any], *, mask: bool) -> _Written:
    """Clean and read every part of a card; Invalid says everything that stands in its way, at once."""
    evidence = Evidence(card["evidence"]) if card.get("evidence") in set(Evidence) else None
    is_cited = evidence == Evidence.PUBLISHED
    read = all_of(
        {
            "name": lambda: _line(card, "name", NAME_LIMIT, "A few words for a name help others find it."),
            "fits": lambda: _line(card, "fits", FITS_LIMIT, "One line about when it fits is enough."),
            "place": lambda: _line(card, "place", PLACE_LIMIT, "A word or two: at home, on a bus, anywhere."),
            "steps": lambda: _part(_steps(card.get("steps")), "steps", mask=mask),
            "changes": lambda: _part(
                dashed(bare_lines(card.get("changes"))), "changes", mask=mask, is_needed=False
            ),
            "cautions": lambda: _part(card.get("cautions"), "cautions", mask=mask, is_needed=False),
            "minutes": lambda: _minutes(card.get("minutes")),
            "evidence": lambda: _known(evidence),
            "cites": lambda: _cites(card) if is_cited else ("", Verdict()),
            "cites_url": lambda: _address(card.get("cites_url")) if is_cited else "",
            "tags": lambda: _tags(card.get("tags", ())),
        }
    )
    return _written(read, is_discreet=bool(card.get("is_discreet")))


def _written(read: Mapping[str, Any], *, is_discreet: bool) -> _Written:
    lines = {field: read[field] for field in ("name", "fits", "place", "cites")}
    parts: dict[str, Words] = {field: read[field] for field in ("steps", "changes", "cautions")}
    verdicts = [verdict for _, verdict in lines.values()] + [part.verdict for part in parts.values()]
    verdict = Verdict(tuple(finding for one in verdicts for finding in one.findings))
    columns = {field: line for field, (line, _) in lines.items()}
    for field in ("changes", "cautions"):
        columns |= {field: parts[field].source, f"{field}_html": parts[field].html}
    columns |= {field: read[field] for field in ("minutes", "evidence", "cites_url")}
    columns |= parts["steps"].columns() | {"verdict": verdict.to_json(), "is_discreet": is_discreet}
    return _Written(columns, read["tags"], verdict)


def _line(card: Mapping[str, Any], field: str, limit: int, empty: str) -> tuple[str, Verdict]:
    line = clean_line(card.get(field), limit=limit, field=field, empty=empty)
    return line, line_to_publish(line, channel=CHANNEL, field=field)


def _part(raw: Any, field: str, *, mask: bool, is_needed: bool = True) -> Words:
    if not is_needed and not (isinstance(raw, str) and raw.strip()):
        return Words("", "", Verdict())
    return to_publish(raw, channel=CHANNEL, limit=PART_LIMIT, mask=mask, field=field)


def _steps(raw: Any) -> str:
    lines = bare_lines(raw)
    if len(lines) > MOST_STEPS:
        raise Invalid(fields={"steps": f"These are {len(lines)} steps; {MOST_STEPS} fit. Fewer are kinder."})
    return numbered(lines)


def _minutes(raw: Any) -> int:
    if str(raw) not in {str(minutes) for minutes in MINUTES}:
        raise Invalid(fields={"minutes": "Choosing about how long it takes helps people fit it in."})
    return int(raw)


def _known(evidence: Evidence | None) -> Evidence:
    if evidence is None:
        raise Invalid(
            fields={"evidence": "Please say how you know it: from your own life, or from a source."}
        )
    return evidence


def _cites(card: Mapping[str, Any]) -> tuple[str, Verdict]:
    return _line(
        card, "cites", CITES_LIMIT, "Where it was published: a book, a leaflet or a site, and who wrote it."
    )


def _address(raw: Any) -> str:
    """The address of a source, if there is one; a plain https link that people can look at before they follow it."""
    if not (isinstance(raw, str) and raw.strip()):
        return ""
    address = clean_line(raw, limit=ADDRESS_LIMIT, field="cites_url")
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or "." not in parts.netloc or "@" in parts.netloc or " " in address:
        raise Invalid(
            fields={"cites_url": "An address that begins with https:// works here. It can stay empty."}
        )
    return address


def _tags(raw: Iterable[str]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(raw))
    if any(tag not in TAGS and tag not in SITUATIONS for tag in tags):
        raise Invalid(fields={"tags": "One of these is not on our list."})
    if not any(tag in TAGS for tag in tags):
        raise Invalid(fields={"tags": "One word for what kind of thing it is lets others find it."})
    if len(tags) > MOST_TAGS:
        raise Invalid(fields={"tags": f"Up to {MOST_TAGS} work. The closest ones are enough."})
    return tags


# Sharing


@action(words=_read_new)
def share_strategy(
    actor: User, post: Post | None = None, *, card: Any, key: str = "", mask: bool = False
) -> Strategy:
    """Put a card into the library: shown at once, or kept for a moderator when it tells somebody to harm themself.

    From a post only its author makes one, under the byline that it stands under, or whoever asked them and was told
    yes.
    """
    ask = ask_by(actor, post) if post is not None and post.author_id != actor.id else None
    require(can_share_strategy(actor, post, locked(ask) if ask is not None else None))
    if before := done_before(actor, key, Strategy, _whole(card)):
        return before
    limits.check(actor, "strategy")
    byline_id = post.persona_id if post is not None and post.author_id == actor.id else actor.byline.id
    strategy = Strategy(author_id=actor.id, persona_id=byline_id, post_id=post.id if post else None)
    _set_words(strategy, card)
    strategy.held_at = now() if waits(actor, card.verdict) else None
    db.session.add(strategy)
    db.session.flush()
    open_case_for(strategy, card.verdict)
    remember_made(actor, key, strategy, _whole(card))
    return strategy


@action(words=_read_again)
def edit_strategy(
    actor: User, strategy: Strategy, *, card: Any, version: str | None = None, mask: bool = False
) -> Strategy:
    """Change one's own card, unless it changed meanwhile. It is read anew: what waited may now be shown."""
    strategy = locked(strategy)
    require(can_edit_strategy(actor, strategy))
    if version is not None and version != strategy.version:
        raise Stale(strategy.version)
    limits.check(actor, "strategy")
    _set_words(strategy, card)
    strategy.edited_at = now()
    strategy.held_at = (strategy.held_at or now()) if waits(actor, card.verdict) else None
    open_case_for(strategy, card.verdict)
    return strategy


@action
def delete_strategy(actor: User, strategy: Strategy) -> Strategy:
    """Take one's own card back. It leaves the library and every toolkit; links to it show nothing any more."""
    strategy = locked(strategy)
    require(can_delete_strategy(actor, strategy))
    strategy.deleted_at = now()
    return strategy


def _set_words(strategy: Strategy, card: _Written) -> None:
    for name, value in card.columns.items():
        setattr(strategy, name, value)
    kept = {one.tag: one for one in strategy.marks}
    strategy.marks = [kept.get(tag) or StrategyTag(tag=tag) for tag in card.tags]


def _whole(card: _Written) -> str:
    return repr((card.columns, card.tags))


# Asking somebody for their words


@action
def ask_for_strategy(actor: User, post: Post) -> StrategyAsk:
    """Ask the author of a post whether it may become a card. Once; asking again changes nothing and tells nobody.

    Nothing can be written along with it: a question that comes with reasons is harder to say no to.
    """
    post = locked(post)
    require(can_ask_for_strategy(actor, post))
    if (asked := ask_by(actor, post)) is not None:
        return asked
    limits.check(actor, "ask")
    ask = StrategyAsk(post_id=post.id, asker_id=actor.id, persona_id=actor.byline.id)
    db.session.add(ask)
    db.session.flush()
    notify.tell(post.author_id, "strategy_ask", f"strategy_ask:{post.id}", by=ask.persona_id, **_place(post))
    return ask


@action
def answer_strategy_ask(actor: User, ask: StrategyAsk, *, answer: Any) -> StrategyAsk:
    """Say yes or no. Only a yes is told to whoever asked; it can become a no until the card is made."""
    ask = locked(ask)
    require(can_answer_strategy_ask(actor, ask))
    if answer not in set(Answer):
        raise Invalid(fields={"answer": "Either is fine, and so is leaving it for now."})
    was_granted = ask.is_granted
    ask.answer, ask.answered_at = Answer(answer), now()
    if ask.is_granted and not was_granted:
        thread = f"strategy_yes:{ask.post_id}"
        notify.tell(ask.asker_id, "strategy_yes", thread, by=ask.post.persona_id, **_place(ask.post))
    return ask


def _place(post: Post) -> dict[str, int]:
    return {"board_id": post.topic.board_id, "topic_id": post.topic_id, "post_id": post.id}


# Looking after


@action
def hide_strategy(actor: Actor, strategy: Strategy) -> Strategy:
    """Take a card out of sight of everybody but its author and moderators; out of toolkits and replies too."""
    strategy = locked(strategy)
    require(can_hide_strategy(actor, strategy))
    if not strategy.is_hidden:
        strategy.hidden_at = now()
        _log(actor, "strategy_hidden", strategy)
    return strategy


@action
def show_strategy(actor: Actor, strategy: Strategy) -> Strategy:
    """Bring a hidden card back, wherever it stood."""
    strategy = locked(strategy)
    require(can_show_strategy(actor, strategy))
    if strategy.is_hidden:
        strategy.hidden_at = None
        _log(actor, "strategy_shown", strategy)
    return strategy


@action
def release_strategy(actor: Actor, strategy: Strategy) -> Strategy:
    """Publish a card that waited for a moderator."""
    strategy = locked(strategy)
    require(can_release_strategy(actor, strategy))
    if strategy.is_held:
        strategy.held_at = None
        _log(actor, "strategy_released", strategy)
    return strategy


def _log(actor: Actor, code: str, strategy: Strategy) -> None:
    modlog.write(actor, code, user=strategy.author, subject=f"strategy:{strategy.id}")
