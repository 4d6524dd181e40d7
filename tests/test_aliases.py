"""Writing without one's name: over every surface by which an alias could lead a member to whose it is.

Alice writes in topics under an alias. Under her name she has written nothing, so
that no page and no call that Bob can look at may hold it.
"""

import pytest

from forum.actions import (
    boundaries,
    drafts,
    gestures,
    kindness,
    leaving,
    moves,
    profile,
    reports,
    strategies,
    tokens,
    topics,
    watching,
)
from forum.actions.aliases import reveal_alias
from forum.actions.decisions import decide_case
from forum.actions.places import change_board_settings
from forum.db import db, now
from forum.errors import Forbidden, Invalid
from forum.models import (
    Draft,
    Gesture,
    Guest,
    LogEntry,
    Mention,
    Notification,
    Persona,
    Post,
    System,
    TokenScope,
)
from forum.queries.aliases import alias_in
from forum.queries.boundaries import boundaries_of
from forum.queries.cases import case_of, person_of, record, revealed_to, since
from forum.queries.kindness import waiting_list
from forum.queries.notifications import notifications_for
from forum.queries.topics import posts_of
from forum.queries.watching import names_in
from forum.text import names
from tests import factories
from tests.talking import apart

NAME = "Alice Fern"
MARK = "quillwort"


@pytest.fixture
def board(board):
    change_board_settings(System(), board, allows_aliases=True)
    return board


@pytest.fixture
def own(alice, board):
    """A topic that Alice began without her name."""
    return topics.start_topic(
        alice, board, title=f"About {MARK}", body=f"The first {MARK}.", as_alias=True
    ).topic


@pytest.fixture
def scene(alice, bob, charlie, board, own, mo):
    """What Alice did under her alias, in a topic of hers and in one of others, and what was done to it."""
    topic = factories.make_topic(charlie, board)
    profile.change_profile(alice, pronouns="she", words="I have a profile.")
    reply = factories.make_post(alice, topic, f"A reply with {MARK}.", as_alias=True)
    answer = factories.make_post(bob, own, f"I read it, @{own.byline.name}.")
    gestures.give_gesture(alice, answer, kind="with")
    kindness.mark_landed(alice, answer)
    topics.edit_post(alice, reply, body=f"Another reply with {MARK}.")
    card = factories.make_strategy(alice, post=reply, name=f"A card of {MARK}")
    watching.keep_bookmark(bob, reply)
    strategies.ask_for_strategy(bob, db.session.query(Post).filter_by(topic_id=own.id, number=1).one())
    return {"own": own, "topic": topic, "reply": reply, "answer": answer, "card": card, "board": board}


SURFACES = {
    "the topic": "/topics/{own.id}",
    "another topic": "/topics/{topic.id}",
    "the board": "/boards/{board.id}",
    "home": "/boards",
    "the page of the alias": "/members/{own.persona_id}",
    "a quotation": "/topics/{topic.id}?quote={reply.id}",
    "how a post read before": "/posts/{reply.id}/history",
    "all on one page": "/topics/{own.id}/print",
    "a report": "/report?post={reply.id}",
    "a worry": "/worry?post={reply.id}",
    "a report of the alias": "/report?persona={own.persona_id}",
    "the library": "/library",
    "the card": "/strategies/{card.id}",
    "a question about a card": "/posts/{reply.id}/ask",
    "notices": "/notices",
    "bookmarks": "/bookmarks",
    "one's own data": "/settings",
}
CALLS = {
    "boards": "/boards",
    "topics": "/boards/{board.id}/topics",
    "topic": "/topics/{own.id}",
    "posts": "/topics/{own.id}/posts",
    "other posts": "/topics/{topic.id}/posts",
    "post": "/posts/{reply.id}",
    "wordings": "/posts/{reply.id}/history",
    "member": "/members/{own.persona_id}",
    "names in the topic": "/topics/{own.id}/names?q=un",
    "cards": "/strategies",
    "notices": "/notifications",
    "what is kept": "/bookmarks",
}


def looked(client_as, user, path, things):
    return apart(client_as(user).get, path.format(**things))


@pytest.mark.parametrize("surface", SURFACES)
def test_no_page_leads_from_the_alias_to_the_name(scene, client_as, bob, alice, surface):
    answer = looked(client_as, bob, SURFACES[surface], scene)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert NAME not in page
    assert f'/members/{alice.byline.id}"' not in page
    if surface == "the page of the alias":
        assert "I have a profile" not in page
        assert "Here since" not in page


@pytest.mark.parametrize("call", CALLS)
def test_no_call_leads_from_the_alias_to_the_name(app, scene, bob, alice, call):
    secret = tokens.make_token(bob, name="x", scopes=list(TokenScope), days=7)[1]
    path = "/api/v1" + CALLS[call].format(**scene)
    answer = apart(app.test_client().get, path, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.text
    assert NAME not in answer.text
    assert f'"id":{alice.byline.id},"name"' not in answer.text


def test_the_alias_is_drawn_by_lot_and_one_a_topic(alice, bob, topic, board, own):
    first = factories.make_post(alice, topic, as_alias=True)
    second = factories.make_post(alice, topic, as_alias=True)
    other = factories.make_post(bob, topic, as_alias=True)
    assert first.persona_id == second.persona_id != own.persona_id
    assert first.byline.name in names.ALIASES
    assert other.byline.name != first.byline.name
    assert alias_in(alice, topic).id == first.persona_id


def test_without_the_tick_the_name_stands(alice, topic):
    factories.make_post(alice, topic, as_alias=True)
    assert factories.make_post(alice, topic).byline.name == NAME


def test_a_board_that_shows_names_takes_no_alias(alice, board, topic):
    change_board_settings(System(), board, allows_aliases=False)
    with pytest.raises(Invalid) as refused:
        factories.make_post(alice, topic, as_alias=True)
    assert "as_alias" in refused.value.fields
    assert db.session.query(Post).filter_by(topic_id=topic.id).count() == 1


def test_nobody_is_called_like_an_alias(app):
    with pytest.raises(Invalid):
        factories.sign_up("Unnamed Heron")


def test_a_draft_remembers_that_it_goes_out_without_a_name(alice, topic):
    drafts.keep_draft(alice, topic, body="Begun.", as_alias=True)
    assert db.session.query(Draft).one().as_alias


def test_gestures_stand_under_the_alias_where_one_writes_under_it(scene, alice, bob):
    given = db.session.query(Gesture).filter_by(user_id=alice.id).one()
    assert given.persona_id == scene["own"].persona_id


def test_what_landed_is_told_under_the_alias(scene, bob):
    landed = [one for one in notifications_for(bob) if one.kind == "landed"]
    assert [one.byline.name for one in landed] == [scene["own"].byline.name]


def test_an_alias_can_be_named_in_its_topic_and_nowhere_else(scene, alice, bob, board):
    named = db.session.query(Mention).filter_by(persona_id=scene["own"].persona_id).count()
    elsewhere = factories.make_topic(bob, board, body=f"Hello @{scene['own'].byline.name}")
    assert (named, db.session.query(Mention).filter_by(persona_id=scene["own"].persona_id).count()) == (1, 1)
    assert db.session.query(Notification).filter_by(user_id=alice.id, topic_id=elsewhere.id).count() == 0
    assert not [one for one in names_in(bob, board, "unnamed") if not one.is_main]


@pytest.mark.parametrize("kind", ["ignore", "block"])
def test_keeping_an_alias_away_says_nothing_of_its_member(scene, alice, bob, board, kind):
    boundaries.set_boundary(bob, scene["own"].byline, kind=kind)
    assert [one.byline.name for one in boundaries_of(bob)] == [scene["own"].byline.name]
    assert NAME in [one.name for one in names_in(bob, board, "alice")]
    named = factories.make_post(alice, scene["topic"], "Under my name.")
    line = next(one for one in posts_of(bob, scene["topic"]).lines if one.post.id == named.id)
    assert not line.is_kept_away


@pytest.mark.parametrize("kind", ["ignore", "block"])
def test_keeping_the_name_away_says_nothing_of_its_aliases(scene, alice, bob, kind):
    boundaries.set_boundary(bob, alice.byline, kind=kind)
    line = next(one for one in posts_of(bob, scene["topic"]).lines if one.post.id == scene["reply"].id)
    assert not line.is_kept_away


def test_an_alias_does_not_tell_that_it_is_a_moderators(mo, bob, topic):
    reply = factories.make_post(mo, topic, as_alias=True)
    boundaries.set_boundary(bob, reply.byline, kind="ignore")
    line = next(one for one in posts_of(bob, topic).lines if one.post.id == reply.id)
    assert line.is_kept_away


def test_answering_oneself_under_an_alias_looks_like_an_answer(alice, bob, board):
    """Or a topic that goes on waiting would tell whose the answer is."""
    from datetime import timedelta

    topic = factories.make_topic(alice, board)
    topic.created_at = now() - timedelta(hours=2)
    db.session.commit()
    watching.change_reach(bob, gives_kind_words=True)
    assert topic in waiting_list(bob, after=timedelta(hours=1)).topics
    factories.make_post(alice, topic, "I read this.", as_alias=True)
    assert topic not in waiting_list(bob, after=timedelta(hours=1)).topics


def test_the_page_of_an_alias_does_not_say_since_when(scene, alice):
    assert since(scene["own"].byline) is None
    assert since(alice.byline) is not None


def test_a_part_of_a_topic_keeps_its_alias(scene, alice, mo):
    moved = moves.split_topic(mo, scene["topic"], number=scene["reply"].number, title="Further")
    assert (moved.byline.is_main, moved.author_id) == (False, alice.id)


def test_staff_see_the_alias_until_they_say_why_they_need_to_know(scene, bob, mo, alice):
    reports.report(bob, scene["reply"], reason="rule")
    case = case_of(scene["reply"])
    assert person_of(case).name.startswith("Unnamed")
    assert revealed_to(mo, case) is None
    with pytest.raises(Invalid):
        reveal_alias(mo, case, reason=" ")
    reveal_alias(mo, case, reason="A worry that names another post.")
    assert revealed_to(mo, case).name == NAME
    entry = db.session.query(LogEntry).filter_by(code="alias_revealed").one()
    assert (entry.actor_id, entry.case_id) == (mo.id, case.id)
    assert entry.words.words == {"reason": "A worry that names another post."}


def test_a_look_behind_an_alias_is_ones_own(scene, bob, mo, ada):
    reports.report(bob, scene["reply"], reason="rule")
    case = case_of(scene["reply"])
    reveal_alias(mo, case, reason="To see.")
    assert revealed_to(ada, case) is None


@pytest.mark.parametrize("who", ["bob", "alice", "max"])
def test_nobody_else_looks_behind_an_alias(scene, request, bob, who):
    reports.report(bob, scene["reply"], reason="rule")
    with pytest.raises(Forbidden):
        reveal_alias(request.getfixturevalue(who), case_of(scene["reply"]), reason="To see.")


def test_where_a_name_stands_there_is_nothing_to_reveal(bob, alice, topic, mo):
    post = factories.make_post(alice, topic)
    reports.report(bob, post, reason="rule")
    with pytest.raises(Forbidden):
        reveal_alias(mo, case_of(post), reason="To see.")


def test_the_record_names_the_alias(scene, bob, mo, alice):
    reports.report(bob, scene["reply"], reason="rule")
    decide_case(mo, case_of(scene["reply"]), verb="hide", rule=3, letter="Please look again.")
    about = {line.about for line in record(mo) if line.entry.user_id == alice.id}
    assert about
    assert all(name.startswith("Unnamed") for name in about)


def test_a_statement_reaches_whoever_wrote_under_the_alias(scene, bob, mo, alice):
    reports.report(bob, scene["reply"], reason="rule")
    decide_case(mo, case_of(scene["reply"]), verb="hide", rule=3, letter="Please look again.")
    assert [one.kind for one in notifications_for(alice)].count("decision") == 1


def test_aliases_leave_with_their_member(scene, alice):
    alice.proved_at = now()
    leaving.leave(alice, words="leave", is_sure=True)
    assert db.session.query(Persona).filter(Persona.name.like("Unnamed%")).count() == 0
    assert db.session.get(Post, scene["reply"].id, populate_existing=True).byline.name == leaving.NOBODY


def test_a_guest_has_no_alias(own):
    assert alias_in(Guest(), own) is None
