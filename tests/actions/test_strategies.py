"""Cards: who writes and sees them, what the gate does with them, and what is told of how they were."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.actions import groups, reports, strategies, topics
from forum.actions.decisions import decide_case, request_second_look
from forum.actions.html import rebuild_html
from forum.actions.strategies import share_strategy
from forum.actions.toolkit import forget_outcome, keep_strategy, put_strategy_back, say_how_it_was
from forum.db import db, now
from forum.errors import Conflict, Forbidden, ForumError, Invalid, NotFound, RateLimited
from forum.models import (
    Audience,
    Case,
    Channel,
    Decision,
    Guest,
    LogEntry,
    Notification,
    Outcome,
    SanctionKind,
    Scope,
    Strategy,
    StrategyAsk,
    System,
    Toolkit,
)
from forum.policy.strategies import can_see_strategy, visible_strategies
from forum.queries.cases import case_of, queue_for, thing_for
from forum.queries.strategies import (
    TELLS_FROM,
    Wanted,
    ask_for,
    asks_about,
    cards_in,
    cards_to_put_in,
    found_with,
    is_kept,
    library_for,
    origin_of,
    outcome_for,
    own_outcomes,
    strategy_for,
    toolkit_for,
)
from forum.text import RENDERER
from forum.text.cards import cards_named, link_to
from tests import factories
from tests.factories import CARD

URGES = "Honestly, just kys."
HEAVY = "I want to kill myself."
PRIVATE = "Write to river@example.org, any evening."
WHY = {"rule": 3, "letter": "It may not have been meant so, and it could hurt somebody."}


@pytest.fixture
def card(alice):
    return factories.make_strategy(alice)


@pytest.fixture
def crowd(app):
    """Ten members, as many as must answer before anything is told."""
    return [factories.make_user() for _ in range(TELLS_FROM)]


def names(page):
    return [line.card.name for line in page.lines]


def answer_all(people, card, *, how=lambda at: "helped", **more):
    for at, person in enumerate(people):
        say_how_it_was(person, card, how=how(at), **more)


# Sharing


def test_a_card_holds_everything_that_was_written_on_it(card, alice):
    assert (card.name, card.minutes, card.place, card.evidence) == (CARD["name"], 5, CARD["place"], "lived")
    assert card.source == "1. Find something that holds you.\n2. Say the next thing you will do."
    assert "<ol>" in card.html
    assert "<li>Sitting works the same.</li>" in card.changes_html
    assert (card.tags, card.situations) == (["grounding"], ["overwhelmed"])
    assert card.is_public
    assert card.byline == alice.byline


def test_steps_are_a_line_each_however_they_were_typed(alice):
    card = factories.make_strategy(alice, steps="1. Shoes.\n\n- Door.\n2) To the corner.\n   ")
    assert card.source == "1. Shoes.\n2. Door.\n3. To the corner."


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Write to river@example.org"}, "name"),
        ({"fits": ""}, "fits"),
        ({"place": ""}, "place"),
        ({"steps": " \n "}, "steps"),
        ({"steps": "a step\n" * 21}, "steps"),
        ({"steps": "é" * 4_000}, "steps"),
        ({"cautions": PRIVATE}, "cautions"),
        ({"minutes": "7"}, "minutes"),
        ({"minutes": None}, "minutes"),
        ({"evidence": "rumour"}, "evidence"),
        ({"evidence": "published"}, "cites"),
        ({"evidence": "published", "cites": "A leaflet", "cites_url": "http://example.org"}, "cites_url"),
        ({"evidence": "published", "cites": "A leaflet", "cites_url": "https://a@b.example"}, "cites_url"),
        ({"evidence": "published", "cites": "A leaflet", "cites_url": "https://[bad"}, "cites_url"),
        ({"tags": []}, "tags"),
        ({"tags": ["overwhelmed"]}, "tags"),
        ({"tags": ["grounding", "applause"]}, "tags"),
    ],
)
def test_what_cannot_be_a_card_says_which_field(alice, wrong, field):
    with pytest.raises(Invalid) as refusal:
        factories.make_strategy(alice, **wrong)
    assert field in refusal.value.fields
    assert db.session.query(Strategy).count() == 0


def test_everything_that_is_missing_is_said_at_once(alice):
    with pytest.raises(Invalid) as refusal:
        share_strategy(alice, card={})
    assert set(refusal.value.fields) == {"name", "fits", "place", "steps", "minutes", "evidence", "tags"}


def test_a_published_card_says_where_it_is_from_and_a_lived_one_keeps_no_source(alice):
    told = {"cites": "A leaflet of a clinic", "cites_url": "https://example.org/leaflet"}
    published = factories.make_strategy(alice, evidence="published", **told)
    lived = factories.make_strategy(alice, evidence="lived", **told)
    assert (published.cites, published.cites_url) == tuple(told.values())
    assert (lived.cites, lived.cites_url) == ("", "")


def test_the_same_form_twice_makes_one_card(alice):
    once, again = (share_strategy(alice, card=CARD, key="k") for _ in range(2))
    assert once.id == again.id
    with pytest.raises(Conflict):
        share_strategy(alice, card=CARD | {"place": "Elsewhere"}, key="k")


@pytest.mark.parametrize("who", ["guest", "sam"])
def test_guests_and_suspended_members_do_not_share(who, request, app):
    with pytest.raises(Forbidden):
        factories.make_strategy(request.getfixturevalue(who))


def test_sharing_is_limited(alice):
    for _ in range(10):
        factories.make_strategy(alice)
    with pytest.raises(RateLimited):
        factories.make_strategy(alice)


# The gate


def test_a_card_that_urges_harm_waits_and_comes_before_a_person(alice, bob, mo):
    card = factories.make_strategy(alice, steps=f"Breathe.\n{URGES}")
    case = case_of(card)
    assert card.is_held
    assert (case.channel, case.strategy_id, case.author_id) == (Channel.LIBRARY, card.id, alice.id)
    assert case.is_held
    assert names(library_for(bob, Wanted())) == []
    assert names(library_for(alice, Wanted())) == [card.name]
    with pytest.raises(NotFound):
        strategy_for(bob, card.id)
    assert strategy_for(mo, card.id) == strategy_for(alice, card.id)


@pytest.mark.parametrize("field", ["name", "fits", "place", "steps", "changes", "cautions"])
def test_every_part_of_a_card_is_read(alice, field):
    assert factories.make_strategy(alice, **{field: URGES}).is_held


def test_heavy_words_are_published_and_their_author_is_shown_help(alice):
    card = factories.make_strategy(alice, cautions=HEAVY)
    assert card.is_public
    assert card.shows_help
    assert case_of(card).tier == "crisis"


def test_private_details_are_asked_about_or_covered(alice):
    with pytest.raises(Invalid) as refusal:
        factories.make_strategy(alice, steps=PRIVATE)
    assert {"steps", "mask"} <= set(refusal.value.fields)
    card = share_strategy(alice, card=CARD | {"steps": PRIVATE}, mask=True)
    assert "river@example.org" not in card.source + card.html


def test_an_edit_is_read_anew_and_may_show_what_waited(alice):
    card = factories.make_strategy(alice, steps=URGES)
    strategies.edit_strategy(alice, card, card=CARD)
    assert card.is_public
    strategies.edit_strategy(alice, card, card=CARD | {"cautions": URGES, "tags": ["breath"]})
    assert card.is_held
    assert card.tags == ["breath"]


def test_an_older_wording_is_not_put_in_place_of_a_newer_one(alice, card):
    before = card.version
    strategies.edit_strategy(alice, card, card=CARD | {"place": "On the stairs"}, version=before)
    with pytest.raises(ForumError) as refusal:
        strategies.edit_strategy(alice, card, card=CARD, version=before)
    assert refusal.value.code == "stale"
    assert card.place == "On the stairs"


def test_only_its_author_changes_a_card_or_takes_it_back(bob, mo, card):
    for other in (bob, mo):
        with pytest.raises(Forbidden):
            strategies.edit_strategy(other, card, card=CARD)
        with pytest.raises(Forbidden):
            strategies.delete_strategy(other, card)


def test_a_suspended_author_takes_a_card_back(alice, bob, card):
    factories.sanction(alice, SanctionKind.SUSPENSION, Scope.SITE)
    strategies.delete_strategy(alice, card)
    for reader in (alice, bob):
        with pytest.raises(NotFound):
            strategy_for(reader, card.id)


def test_rebuilding_renders_every_part_of_a_card(card):
    card.html = card.changes_html = card.cautions_html = "old"
    card.renderer = RENDERER - 1
    db.session.commit()
    assert rebuild_html(System(), Strategy) == card.id
    assert "<ol>" in card.html
    assert "Sitting" in card.changes_html
    assert "watched" in card.cautions_html
    assert card.renderer == RENDERER


# Seeing


@pytest.fixture
def cards(alice, mo):
    """A card in each state."""
    shown, held, hidden, gone = (factories.make_strategy(alice, name=f"Card {n}") for n in range(4))
    held.held_at = now()
    db.session.commit()
    strategies.hide_strategy(mo, hidden)
    strategies.delete_strategy(alice, gone)
    return [shown, held, hidden, gone]


@pytest.mark.parametrize("who", ["guest", "alice", "bob", "mo", "max", "ada", "sam", "banned"])
def test_the_condition_on_cards_says_the_same_as_the_question(who, request, cards):
    if who == "banned":
        actor = factories.sanction(factories.make_user(), SanctionKind.BAN, Scope.SITE)
    else:
        actor = request.getfixturevalue(who)
    seen = set(db.session.scalars(select(Strategy.id).where(visible_strategies(actor))))
    assert seen == {card.id for card in cards if can_see_strategy(actor, card)}
    expected = {"guest": 0, "banned": 0, "alice": 3, "mo": 4, "ada": 4}
    assert len(seen) == expected.get(who, 1)


# Looking after


def test_a_reported_card_is_hidden_with_reasons_and_comes_back_after_a_second_look(mo, ada, alice, bob, card):
    reports.report(bob, thing_for(bob, "strategy", card.id), reason="medical")
    keep_strategy(bob, card)
    case = case_of(card)
    assert [line.case.id for line in queue_for(mo)] == [case.id]
    decision = decide_case(mo, case, verb="hide", **WHY)
    assert card.is_hidden
    assert CARD["cautions"] in decision.quoted
    assert toolkit_for(bob) == []
    again = request_second_look(alice, decision)
    assert again.strategy_id == card.id
    decide_case(ada, again, verb="overturn")
    assert card.is_public
    assert [kept.card.id for kept in toolkit_for(bob)] == [card.id]
    codes = set(db.session.scalars(select(LogEntry.code)))
    assert {"strategy_hidden", "strategy_shown"} <= codes


def test_a_card_that_waits_is_shown_when_nothing_is_taken_from_its_author(mo, alice, bob):
    card = factories.make_strategy(alice, cautions=URGES)
    decide_case(mo, case_of(card), verb="release")
    assert strategy_for(bob, card.id).is_public
    assert db.session.scalar(select(LogEntry.code).where(LogEntry.code == "strategy_released"))


def test_a_mute_for_a_card_holds_on_the_whole_site(mo, alice, bob, card):
    reports.report(bob, card, reason="unkind")
    decide_case(mo, case_of(card), verb="mute", days=3, hides=True, **WHY)
    assert card.is_hidden
    with pytest.raises(Forbidden):
        factories.make_strategy(alice)


def test_only_moderators_of_the_whole_site_look_after_the_library(max, bob, card):
    reports.report(bob, card, reason="rule")
    assert queue_for(max) == []
    with pytest.raises(Forbidden):
        strategies.hide_strategy(max, card)


def test_fifty_reports_of_a_card_are_one_case(card, bob, charlie):
    for person in (bob, charlie, bob):
        reports.report(person, card, reason="rule")
    assert db.session.query(Case).count() == 1


def test_what_triage_read_in_a_card_decides_how_soon_a_report_is_looked_at(alice, bob):
    card = factories.make_strategy(alice, cautions=HEAVY)
    reports.report(bob, card, reason="rule")
    assert case_of(card).tier == "crisis"


def test_nobody_reports_their_own_card_or_one_that_they_cannot_see(alice, bob, card):
    with pytest.raises(Forbidden):
        reports.report(alice, card, reason="rule")
    strategies.delete_strategy(alice, card)
    with pytest.raises(NotFound):
        reports.report(bob, card, reason="rule")
    assert db.session.query(Decision).count() == 0


# From a post


def test_an_own_post_becomes_a_card(bob, post):
    card = factories.make_strategy(bob, post=post)
    assert card.post_id == post.id
    assert origin_of(bob, card) == post


def test_somebody_elses_words_need_their_yes(alice, bob, post):
    with pytest.raises(Forbidden):
        factories.make_strategy(alice, post=post)
    ask = strategies.ask_for_strategy(alice, post)
    with pytest.raises(Forbidden):
        factories.make_strategy(alice, post=post)
    strategies.answer_strategy_ask(bob, ask, answer="yes")
    assert factories.make_strategy(alice, post=post).post_id == post.id


def test_a_yes_is_for_whoever_asked_and_no_longer_holds_once_taken_back(alice, bob, charlie, post):
    ask = strategies.ask_for_strategy(alice, post)
    strategies.answer_strategy_ask(bob, ask, answer="yes")
    with pytest.raises(Forbidden):
        factories.make_strategy(charlie, post=post)
    strategies.answer_strategy_ask(bob, ask, answer="no")
    with pytest.raises(Forbidden):
        factories.make_strategy(alice, post=post)


def test_a_post_that_was_taken_back_gives_no_card(alice, bob, post):
    strategies.answer_strategy_ask(bob, strategies.ask_for_strategy(alice, post), answer="yes")
    topics.delete_post(bob, post)
    with pytest.raises(Forbidden):
        factories.make_strategy(alice, post=post)


def kinds_told(user):
    return list(db.session.scalars(select(Notification.kind).where(Notification.user_id == user.id)))


def test_asking_tells_the_author_once_and_only_a_yes_comes_back(alice, bob, post):
    first, again = (strategies.ask_for_strategy(alice, post) for _ in range(2))
    assert first.id == again.id
    assert kinds_told(bob).count("strategy_ask") == 1
    strategies.answer_strategy_ask(bob, first, answer="no")
    assert "strategy_yes" not in kinds_told(alice)
    strategies.answer_strategy_ask(bob, first, answer="yes")
    strategies.answer_strategy_ask(bob, first, answer="yes")
    told = db.session.scalars(select(Notification).where(Notification.kind == "strategy_yes")).one()
    assert (told.user_id, told.count, told.post_id) == (alice.id, 1, post.id)


def test_a_question_holds_nothing_of_the_words(alice, post):
    ask = strategies.ask_for_strategy(alice, post)
    columns = {column.name for column in StrategyAsk.__table__.columns}
    assert not columns & {"words", "source", "html", "body"}
    assert post.source not in repr([getattr(ask, column) for column in columns])


def test_only_the_author_reads_and_answers_what_is_asked(alice, bob, mo, post):
    ask = strategies.ask_for_strategy(alice, post)
    assert [one.id for one in asks_about(bob, post)] == [ask.id]
    for other in (alice, mo, Guest()):
        with pytest.raises((NotFound, Forbidden)):
            asks_about(other, post)
        with pytest.raises(NotFound):
            ask_for(other, ask.id)
        with pytest.raises(Forbidden):
            strategies.answer_strategy_ask(other, ask, answer="yes")
    with pytest.raises(Invalid):
        strategies.answer_strategy_ask(bob, ask, answer="perhaps")


def test_nobody_asks_for_their_own_words_or_those_of_somebody_who_left(alice, bob, post):
    with pytest.raises(Forbidden):
        strategies.ask_for_strategy(bob, post)
    post.author_id = None
    db.session.commit()
    with pytest.raises(Forbidden):
        strategies.ask_for_strategy(alice, post)


def test_asking_is_limited(alice, bob, topic):
    posts = [factories.make_post(bob, topic, f"Words {n}.") for n in range(6)]
    for post in posts[:5]:
        strategies.ask_for_strategy(alice, post)
    with pytest.raises(RateLimited):
        strategies.ask_for_strategy(alice, posts[5])


def test_a_card_leads_to_its_post_only_those_who_see_the_post(alice, charlie):
    few = groups.make_group(System(), name="Few")
    groups.add_to_group(System(), few, alice)
    board = factories.make_board("For few", audience=Audience.GROUPS, groups=[few])
    db.session.refresh(alice)
    post = topics.start_topic(alice, board, title="Sunday", body="Set a timer.", intent="ideas")
    card = factories.make_strategy(alice, post=post)
    assert origin_of(alice, card) == post
    assert origin_of(charlie, card) is None
    assert strategy_for(charlie, card.id) == card


# Keeping


def test_a_card_is_kept_once_and_by_oneself_alone(alice, bob, mo, card):
    for _ in range(2):
        keep_strategy(bob, card)
    assert db.session.query(Toolkit).count() == 1
    assert [kept.card.id for kept in toolkit_for(bob)] == [card.id]
    assert is_kept(bob, card)
    for other in (alice, mo):
        assert toolkit_for(other) == []
        assert not is_kept(other, card)
    assert "strategy" not in "".join(kinds_told(alice))
    put_strategy_back(bob, card)
    put_strategy_back(bob, card)
    assert toolkit_for(bob) == []


def test_a_muted_or_suspended_member_still_keeps_and_answers(sam, card):
    keep_strategy(sam, card)
    assert say_how_it_was(sam, card, how="helped").how == "helped"


def test_whoever_gave_no_leave_to_keep_such_things_keeps_nothing(card):
    new = factories.make_user(agrees=False)
    with pytest.raises(Forbidden):
        keep_strategy(new, card)
    with pytest.raises(Forbidden):
        say_how_it_was(new, card, how="helped")


# How it was


def test_an_answer_is_one_a_day_and_the_later_one_stands(bob, card):
    say_how_it_was(bob, card, how="harder", situation="night", before="7", after="8")
    said = say_how_it_was(bob, card, how="helped", before=7, after=4)
    assert [(one.id, one.how, one.situation, one.before, one.after) for one in own_outcomes(bob, card)] == [
        (said.id, "helped", None, 7, 4)
    ]


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"how": "wonderfully"}, "how"),
        ({"how": None}, "how"),
        ({"situation": "on the moon"}, "situation"),
        ({"before": "11"}, "before"),
        ({"after": "-1"}, "after"),
        ({"after": "x"}, "after"),
    ],
)
def test_an_answer_that_means_nothing_says_which_field(bob, card, wrong, field):
    with pytest.raises(Invalid) as refusal:
        say_how_it_was(bob, card, **({"how": "helped"} | wrong))
    assert field in refusal.value.fields


def test_ones_own_answer_is_read_and_taken_out_by_oneself_alone(alice, bob, mo, card):
    said = say_how_it_was(bob, card, how="helped", before=8)
    for other in (alice, mo, Guest()):
        assert list(own_outcomes(other, card)) == []
        with pytest.raises(NotFound):
            outcome_for(other, said.id)
        with pytest.raises(Forbidden):
            forget_outcome(other, said)
    forget_outcome(bob, outcome_for(bob, said.id))
    assert db.session.query(Outcome).count() == 0


def test_nothing_is_told_of_nine_answers_and_tenths_of_ten(crowd, bob, card):
    answer_all(crowd[:9], card)
    assert found_with(card).all is None
    assert library_for(bob, Wanted()).lines[0].found is None
    say_how_it_was(crowd[9], card, how="harder")
    found = found_with(card).all
    assert (found.helped, found.same, found.harder) == (9, 0, 1)
    assert library_for(bob, Wanted()).lines[0].found == found


def test_ten_answers_of_one_member_are_one_member(bob, card):
    for day in range(12):
        said = say_how_it_was(bob, card, how="helped")
        said.day = now().date() - timedelta(days=day + 1)
        db.session.commit()
    assert found_with(card).all is None


def test_a_member_counts_with_their_latest_answer(crowd, card):
    answer_all(crowd, card, how=lambda at: "harder")
    for one in db.session.query(Outcome):
        one.day -= timedelta(days=1)
    db.session.commit()
    answer_all(crowd[:6], card)
    assert (found_with(card).all.helped, found_with(card).all.harder) == (6, 4)


def test_the_author_of_a_card_is_not_counted_in_its_favour(alice, crowd, card):
    answer_all([alice, *crowd[:9]], card)
    assert found_with(card).all is None


def test_a_situation_is_told_from_ten_answers_of_its_own(crowd, bob, card):
    answer_all(crowd[:9], card, situation="night")
    say_how_it_was(crowd[9], card, how="helped", situation="family")
    assert found_with(card).by_situation == {}
    say_how_it_was(bob, card, how="same", situation="night")
    assert found_with(card).by_situation["night"].helped == 9


def test_an_answer_taken_out_leaves_the_total(crowd, card):
    answer_all(crowd, card)
    forget_outcome(crowd[0], own_outcomes(crowd[0], card)[0])
    assert found_with(card).all is None


# The order of the library


def fill(author, count):
    """So many cards, by as many authors as their limit asks for."""
    authors = [author, *(factories.make_user() for _ in range(count // 10))]
    return [factories.make_strategy(authors[at // 10], name=f"New {at}") for at in range(count)]


def test_every_third_place_is_a_new_cards(alice, bob, crowd):
    tried = [factories.make_strategy(alice, name=f"Tried {n}") for n in range(4)]
    for at, card in enumerate(tried):
        answer_all(crowd, card, how=lambda n, at=at: "helped" if n > at else "same")
    fill(bob, 3)
    order = names(library_for(crowd[0], Wanted()))
    assert [name.split()[0] for name in order] == ["Tried", "Tried", "New", "Tried", "Tried", "New", "New"]
    assert [name for name in order if name.startswith("Tried")] == [f"Tried {n}" for n in range(4)]


def test_new_cards_take_turns_day_by_day(alice, bob):
    fill(alice, 9)
    today = now()
    first = set()
    for day in range(30):
        with time_machine.travel(today + timedelta(days=day), tick=False):
            first.add(names(library_for(bob, Wanted()))[0])
    assert len(first) >= 6


def test_pages_of_the_library_hold_each_card_once(alice, bob, crowd):
    cards = fill(alice, 40)
    for card in cards[:3]:
        answer_all(crowd, card)
    seen, page = [], library_for(bob, Wanted())
    while page.after is not None:
        seen += names(page)
        page = library_for(bob, Wanted(), after=page.after)
    seen += names(page)
    assert sorted(seen) == sorted(card.name for card in cards)


@pytest.mark.parametrize(
    "wanted, found",
    [
        ({}, {"Walk", "Breath", "Bus"}),
        ({"tag": "breath"}, {"Breath"}),
        ({"tag": "no such tag"}, {"Walk", "Breath", "Bus"}),
        ({"situation": "night"}, {"Breath", "Bus"}),
        ({"tag": "breath", "situation": "low"}, set()),
        ({"minutes": 5}, {"Breath", "Bus"}),
        ({"without_breath": True}, {"Walk", "Bus"}),
        ({"discreet": True}, {"Bus"}),
        ({"words": "CORNER"}, {"Walk"}),
        ({"words": "100%"}, set()),
    ],
)
def test_what_is_looked_for_is_found_and_nothing_else(alice, bob, mo, wanted, found):
    factories.make_strategy(alice, name="Walk", minutes=20, steps="To the corner.", tags=["movement", "low"])
    factories.make_strategy(alice, name="Breath", minutes=2, tags=["breath", "night"])
    factories.make_strategy(alice, name="Bus", minutes=5, is_discreet=True, tags=["grounding", "night"])
    strategies.hide_strategy(mo, factories.make_strategy(alice, name="Hidden", steps="To the corner."))
    assert set(names(library_for(bob, Wanted(**wanted)))) == found


def test_guests_have_no_library(guest):
    with pytest.raises(Forbidden):
        library_for(guest, Wanted())
    with pytest.raises(Forbidden):
        toolkit_for(guest)


# Cards in what people write


@pytest.mark.parametrize(
    "source, ids",
    [
        ("Here:\n\n[A card from the library](/strategies/7)", [7]),
        ("/strategies/7\nand\n/strategies/8\n/strategies/7", [7, 8]),
        ("https://hearth.example/strategies/7", [7]),
        ("<https://hearth.example/strategies/7>", [7]),
        ("https://elsewhere.example/strategies/7", []),
        ("in a line: /strategies/7", []),
        ("> /strategies/7", []),
        ("/strategies/7/edit", []),
        ("\n".join(f"/strategies/{n}" for n in range(1, 9)), [1, 2, 3]),
    ],
)
def test_a_card_is_a_link_on_a_line_of_its_own(source, ids):
    assert cards_named(source, home="https://hearth.example") == ids


def test_a_card_in_a_reply_is_there_for_those_who_see_it_and_as_it_is_now(alice, bob, mo, guest, card):
    sources = {1: f"Try this.\n\n{link_to(card.id)}", 2: "No card."}
    assert [one.name for one in cards_in(bob, sources)[1]] == [card.name]
    strategies.edit_strategy(alice, card, card=CARD | {"name": "Another name"})
    assert [one.name for one in cards_in(bob, sources)[1]] == ["Another name"]
    assert cards_in(guest, sources) == {}
    strategies.hide_strategy(mo, card)
    for reader in (alice, bob, mo):
        assert cards_in(reader, sources) == {1: [], 2: []}


def test_what_can_be_put_in_is_what_one_keeps_and_made(alice, bob, mo, guest, card):
    kept, other = factories.make_strategy(alice, name="Kept"), factories.make_strategy(alice, name="Other")
    keep_strategy(bob, kept)
    own = factories.make_strategy(bob, name="Own")
    assert {one.name for one in cards_to_put_in(bob)} == {kept.name, own.name}
    assert other.name not in {one.name for one in cards_to_put_in(bob)}
    strategies.hide_strategy(mo, kept)
    assert {one.name for one in cards_to_put_in(bob)} == {own.name}
    assert cards_to_put_in(guest) == []
