"""Taking along what is held about one, and leaving: nothing of it stays, in the tables or in the files."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import inspect, select

from forum import jobs
from forum.actions import (
    boards,
    boundaries,
    drafts,
    factors,
    gestures,
    groups,
    leaving,
    plans,
    profile,
    reports,
    sessions,
    strategies,
    tokens,
    toolkit,
    topics,
    watching,
)
from forum.actions.accounts import change_email, change_settings, rename
from forum.actions.cases import add_note
from forum.actions.decisions import decide_case, request_second_look
from forum.actions.joining import approve
from forum.db import Base, db, now
from forum.errors import Conflict, Forbidden, Invalid
from forum.models import (
    NOTE_KINDS,
    AccountCopy,
    Arrival,
    Case,
    Decision,
    Job,
    LogWords,
    Message,
    Notification,
    Persona,
    Post,
    Report,
    Role,
    RoomEvent,
    Strategy,
    System,
    Thought,
    Topic,
    User,
)
from forum.queries.cases import case_of, verify
from forum.queries.holdings import NOT_GIVEN, PARTS, held_about
from forum.queries.joining import application_of
from forum.queries.leaving import packed_copy
from forum.work.copies import make_copy
from tests import factories
from tests.talking import go_in, line

MARK = "quillwort"
"""A word that only they use, in everything that they can write."""
NAME = "Quillwort Heron"
FROM_OTHERS = {"line_notes", "agreements", "invitations", "case_notes", "planned"}
"""What only staff leave behind, and what is no member's."""


@pytest.fixture
def ways(app, settings, mo, alice, bob, charlie, board, topic, post, room):
    """Somebody who did everything that can be done here, and everything that can be done to them."""
    user = factories.make_applicant(NAME, answer=f"A {MARK} asks to come in.")
    approve(mo, application_of(user.id))
    user = db.session.get(User, user.id, populate_existing=True)
    user.proved_at = now()
    change_email(user, email=f"{MARK}@example.org", password=factories.PASSWORD)
    sessions.begin_session(user, device=f"{MARK} phone")
    tokens.make_token(user, name=f"{MARK} program", scopes=["reports"], days=30)
    factories.make_passkey(user, name=f"My {MARK}")
    factors.add_code_app(user)
    change_settings(user, choices={next(iter(NOTE_KINDS)): "hide"})
    factories.saved(Arrival(user_id=user.id, invitation_id=factories.make_invitation()[0].id))
    groups.add_to_group(System(), groups.make_group(System(), name="Tuesday"), user)
    profile.change_profile(user, pronouns=MARK, words=f"I like {MARK}.", figure="moon", tone=2)
    own = topics.start_topic(
        user,
        board,
        title=f"About {MARK}",
        gist=f"A {MARK}",
        body=f"First {MARK}.",
        intent="listen",
        key="one",
    ).topic
    alone = topics.start_topic(
        user, board, title=f"Alone with {MARK}", body=f"Only {MARK}.", intent="listen"
    ).topic
    theirs = factories.make_post(user, topic, f"A reply with {MARK}.")
    factories.make_post(bob, own, f"I read it, @{NAME}.")
    topics.edit_post(user, theirs, body=f"Another reply with {MARK}.")
    watching.watch_topic(user, topic, level="all")
    watching.change_reach(user, quiet_from="22:00", quiet_until="07:00")
    watching.keep_bookmark(user, post, note=f"For {MARK}.")
    watching.make_feed(user)
    factories.saved(Thought(user_id=user.id, topic_id=topic.id))
    drafts.keep_draft(user, topic, body=f"Begun with {MARK}.")
    gestures.give_gesture(user, post, kind="with")
    boards.mark_read(user, topic)
    boards.mark_board_read(user, board)
    gestures.give_gesture(alice, theirs, kind="with")
    go_in(room, user, alice)
    line(user, room, f"Spoken {MARK}.")
    card = factories.make_strategy(
        user, name=f"A card of {MARK}", fits=MARK, place=MARK, steps=f"Take {MARK}.", changes=MARK, cautions=MARK, cites=MARK,
    )  # fmt: skip
    others = factories.make_strategy(alice)
    toolkit.keep_strategy(user, others)
    toolkit.say_how_it_was(user, others, how="helped", before=7, after=4)
    strategies.ask_for_strategy(user, post)
    strategies.ask_for_strategy(bob, theirs)
    plans.save_plan(user, parts={"helps": MARK})
    boundaries.set_boundary(user, charlie.byline, kind="ignore")
    boundaries.set_boundary(alice, user.byline, kind="ignore")
    reports.report(user, post, reason="rule", words=f"As {MARK} I report this.")
    reports.report(bob, theirs, reason="rule", words="Have a look.")
    case = case_of(theirs)
    add_note(mo, case, words=f"{NAME} is new here.")
    decision = decide_case(mo, case, verb="mute", rule=3, letter=f"Dear {NAME}, a rest.", days=1)
    user = db.session.get(User, user.id, populate_existing=True)
    user.proved_at = now()
    request_second_look(user, decision, words=f"A {MARK} asks again.")
    rename(user, name=f"{NAME} Two")
    user.proved_at = now()
    leaving.ask_for_copy(user)
    return {"user": user, "own": own, "alone": alone, "reply": theirs, "card": card, "settings": settings}


def ids_of(user):
    personas = db.session.scalars(select(Persona.id).where(Persona.user_id == user.id)).all()
    return {"users": {user.id}, "personas": set(personas)}


def leads_to(ids):
    """The columns that lead to this member, as `table.column`."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            there = ids.get(key.column.table.name)
            if there and db.session.execute(select(key.parent).where(key.parent.in_(there)).limit(1)).first():
                found.add(f"{table.name}.{key.parent.name}")
    return found


def says(word):
    """The columns in which a word is found, whatever they are of, as the database itself holds them."""
    found = set()
    with db.engine.connect() as connection:
        for name in inspect(db.engine).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
            for row in rows:
                found |= {
                    f"{name}.{column}"
                    for column, value in row._mapping.items()
                    if word in str(value).casefold()
                }
    return found


def copied(ways):
    job = db.session.query(Job).filter_by(kind="copy").one()
    make_copy(ways["settings"], job)
    ways["user"].proved_at = now()
    return ZipFile(BytesIO(packed_copy(ways["user"])))


# A copy


def test_every_table_that_leads_to_a_member_is_given_or_named_as_not_given():
    given = {table for part in PARTS for table in part.tables}
    leading = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name in ("users", "personas") for key in table.foreign_keys)
    }
    assert leading - given - set(NOT_GIVEN) == set()
    assert not given & set(NOT_GIVEN)


def test_a_copy_holds_everything_that_they_wrote(ways):
    packed = copied(ways)
    held = json.loads(packed.read("data.json"))["held"]
    assert {name for name, rows in held.items() if not rows} <= {"aliases", "mailed_links", "planned"}
    told = json.dumps(held)
    for words in (
        f"First {MARK}.",
        f"Spoken {MARK}.",
        f"A reply with {MARK}.",
        f"Begun with {MARK}.",
        f"Take {MARK}.",
        f"As {MARK} I report this.",
        f"A {MARK} asks again.",
    ):
        assert words in told
    page = packed.read("read-me.html").decode()
    assert f"Spoken {MARK}." in page
    assert "What you said in rooms" in page


def test_a_copy_tells_neither_who_reported_nor_what_staff_say_among_themselves(ways):
    packed = copied(ways)
    told = packed.read("data.json").decode() + packed.read("read-me.html").decode()
    for kept in ("Bob Heron", "Have a look.", "is new here", factories.PASSWORD, "argon2"):
        assert kept not in told


def test_what_others_wrote_is_titled_only_while_it_is_seen(ways, mo):
    assert "After a hard phone call" in copied(ways).read("data.json").decode()
    topic = db.session.get(Topic, ways["reply"].topic_id)
    topics.hide_post(mo, db.session.query(Post).filter_by(topic_id=topic.id, number=1).one())
    topic.hidden_at = now()
    db.session.commit()
    parts = {part.name: rows for part, rows in held_about(ways["user"])}
    assert [row["topic"] for row in parts["posts"] if "reply" in row["words"]] == [None]


def test_hostile_words_are_inert_in_a_copy(app, settings, alice, topic):
    factories.make_post(alice, topic, "<script>alert(1)</script>")
    alice.proved_at = now()
    leaving.ask_for_copy(alice)
    make_copy(settings, db.session.query(Job).filter_by(kind="copy").one())
    page = ZipFile(BytesIO(packed_copy(alice))).read("read-me.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_copy_is_told_of_once_and_ends_after_a_week(ways):
    copied(ways)
    user = ways["user"]
    assert db.session.query(Notification).filter_by(user_id=user.id, kind="copy_ready").count() == 1
    with time_machine.travel(now() + timedelta(days=8)):
        user.proved_at = now()
        assert packed_copy(user) is None
        leaving.forget_old_copies(System())
    assert db.session.query(AccountCopy).count() == 0


def test_asking_again_while_it_is_made_promises_nothing_new(ways):
    leaving.ask_for_copy(ways["user"])
    assert db.session.query(Job).filter_by(kind="copy").count() == 1


@pytest.mark.parametrize(
    "deed", [leaving.ask_for_copy, packed_copy, lambda one: leaving.leave(one, words="take", is_sure=True)]
)
def test_an_open_screen_is_not_enough(alice, deed):
    alice.proved_at = None
    with pytest.raises(Forbidden) as refused:
        deed(alice)
    assert refused.value.code == "prove"


# Leaving


def test_the_scene_reaches_every_table_that_leads_to_a_member(ways):
    """Or the tests below would not see what a new table keeps."""
    reached = {one.split(".")[0] for one in leads_to(ids_of(ways["user"]))}
    leading = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name in ("users", "personas") for key in table.foreign_keys)
    }
    assert leading - reached - FROM_OTHERS - {"mail_links", "appointments"} == set()


@pytest.mark.parametrize("words", ["take", "leave"])
def test_after_leaving_no_column_leads_to_them(ways, words):
    ids = ids_of(ways["user"])
    leaving.leave(ways["user"], words=words, is_sure=True)
    assert leads_to(ids) == set()
    assert verify(System()).is_whole


def test_words_that_were_taken_are_in_no_column(ways):
    copied(ways)
    assert says(MARK) > {"posts.source", "messages.source", "strategies.name", "topics.title", "plans.parts"}
    leaving.leave(ways["user"], words="take", is_sure=True)
    # What others typed is theirs: a post that names them.
    assert says(MARK) <= {"posts.source", "posts.html"}
    assert db.session.query(Post).filter(Post.source.ilike(f"%{MARK}%")).one().byline.name == "Bob Heron"


@pytest.mark.once
@pytest.mark.parametrize(("words", "gone"), [("take", (MARK, "Heron Two")), ("leave", ("Heron Two",))])
def test_what_was_taken_is_in_no_file(words, gone, ways, settings):
    """With SQLite, whose freed pages are overwritten and whose log is cut. Their name is in none either way."""
    copied(ways)
    database = Path(settings.database_url.removeprefix("sqlite:///"))

    def held(text):
        return any(text.encode() in file.read_bytes() for file in database.parent.glob(f"{database.name}*"))

    assert all(held(text) for text in gone)
    leaving.leave(ways["user"], words=words, is_sure=True)
    assert [text for text in gone if held(text)] == []


def test_words_that_stay_have_no_name(ways, alice):
    leaving.leave(ways["user"], words="leave", is_sure=True)
    reply = db.session.get(Post, ways["reply"].id, populate_existing=True)
    assert (MARK in reply.source, reply.author_id, reply.byline.name) == (True, None, "Somebody who left")
    assert not any("personas" in one or "users" in one or "taken_names" in one for one in says("heron two"))


def test_all_who_left_share_one_byline(app, alice, bob, topic):
    first, second = factories.make_post(alice, topic), factories.make_post(bob, topic)
    alice.proved_at = bob.proved_at = now()
    leaving.leave(alice, words="leave", is_sure=True)
    leaving.leave(bob, words="leave", is_sure=True)
    shown = db.session.scalars(select(Post.persona_id).where(Post.id.in_([first.id, second.id])))
    assert len(set(shown)) == 1


def test_a_topic_goes_where_nobody_else_wrote_and_keeps_the_answers_where_somebody_did(ways):
    leaving.leave(ways["user"], words="take", is_sure=True)
    own = db.session.get(Topic, ways["own"].id, populate_existing=True)
    alone = db.session.get(Topic, ways["alone"].id, populate_existing=True)
    assert (own.title, own.is_deleted, own.reply_count) == (leaving.UNTITLED, False, 1)
    assert alone.is_deleted


def test_whoever_is_in_the_room_sees_the_lines_go(ways):
    before = db.session.query(RoomEvent).count()
    leaving.leave(ways["user"], words="take", is_sure=True)
    message = db.session.query(Message).one()
    assert (message.source, message.is_deleted) == ("", True)
    assert db.session.query(RoomEvent).count() == before + 1


def test_nobody_is_given_their_names(ways):
    leaving.leave(ways["user"], words="leave", is_sure=True)
    for name in (NAME, f"{NAME} Two", "Somebody who left"):
        with pytest.raises(Invalid):
            factories.sign_up(name)


def test_of_what_was_decided_stays_that_it_was(ways):
    leaving.leave(ways["user"], words="take", is_sure=True)
    decision = db.session.query(Decision).filter_by(verb="mute").one()
    assert (decision.letter, decision.quoted, decision.user_id) == (None, None, None)
    assert db.session.query(Case).filter(Case.words.is_not(None)).count() == 0
    assert not [one for one in db.session.query(LogWords) if NAME in str(one.words)]


def test_what_they_reported_is_looked_at_all_the_same(ways, mo):
    leaving.leave(ways["user"], words="take", is_sure=True)
    report = db.session.query(Report).filter_by(reporter_id=None).one()
    assert (report.words, report.case.is_decided) == (None, False)
    assert decide_case(mo, report.case, verb="nothing").id


def test_a_card_that_was_taken_is_out_of_the_library(ways):
    leaving.leave(ways["user"], words="take", is_sure=True)
    card = db.session.get(Strategy, ways["card"].id, populate_existing=True)
    assert (card.is_deleted, card.all_words) == (True, "")


def test_whoever_looks_after_the_house_alone_stays_until_somebody_else_can(app, ada):
    ada.proved_at = now()
    with pytest.raises(Conflict):
        leaving.leave(ada, words="take", is_sure=True)
    factories.make_user("Another Admin", role=Role.ADMIN)
    leaving.leave(ada, words="take", is_sure=True)
    assert db.session.query(User).filter_by(role=Role.ADMIN).count() == 1


def test_a_promise_to_somebody_who_left_comes_to_nothing(ways):
    job = db.session.query(Job).filter_by(kind="copy").one()
    leaving.leave(ways["user"], words="take", is_sure=True)
    with pytest.raises(jobs.Dropped):
        make_copy(ways["settings"], job)
