"""Moving house: everything goes into one file and comes out of it the same, on either database."""

import gzip
import json
import stat

import pytest

from forum.actions import house as upkeep
from forum.actions import messages, reports, rooms, topics
from forum.actions.accounts import check_log_in
from forum.actions.decisions import decide_case, request_second_look
from forum.actions.html import RENDERED
from forum.archive import opened
from forum.db import Base, action, db
from forum.jobs import later
from forum.live.ids import new_cid
from forum.models import Case, Guest, Job, LogEntry, LoginSession, Message, Post, System, Topic, User
from forum.queries.cases import case_of, verify
from forum.queries.site import KINDS, LEFT_OUT, kinds_of, moving_tables
from tests import factories
from tests.cli.resealing import resealed
from tests.counting import rows
from tests.hostile.checking import wrong_in_words
from tests.hostile.corpus import bundled
from tests.hostile.fill import tried


@action
def promise() -> None:
    later("upkeep", key="the next hour", of="the old house")


@pytest.fixture
def lived_in(app, alice, bob, mo, ada, client_as):
    """A house with something in every corner: talk, quotes, a decision and a second look, and what does not move."""
    topic = factories.make_topic(alice, factories.make_board("Moving"))
    post = factories.make_post(bob, topic, "I read it, @Alice Fern.")
    topics.edit_post(bob, post, body="I read all of it, @Alice Fern.")
    factories.make_post(alice, topic, "Thank you. “Ünïcödé”, \u2028 and a tab\tstay.", quotes=post)
    room = factories.make_room("Packing")
    rooms.join_room(alice, room)
    line = factories.make_message(alice, room, "Creaky.")
    messages.send_message(alice, room, cid=new_cid(), body="Me too.", reply_to=line.id)
    reports.report(alice, post, reason="unkind", words="It was not.")
    decision = decide_case(mo, case_of(post), verb="mute", rule=3, letter="A sentence.", days=3)
    request_second_look(bob, decision, words="Please look again.")
    topics.pin_topic(mo, topic)
    factories.make_strategy(alice, changes="Sit, if *standing* is too much.", cautions="Not on ice.")
    upkeep.set_staffed_hours(System(), days=[("09:00", "23:00")] * 5 + [("", "")] * 2)
    upkeep.verify_line(ada, key="GB call 116123")
    factories.make_passkey(alice)
    client_as(alice)
    promise()
    return app


def test_everything_moves_to_another_database_and_back(lived_in, house, command, tmp_path, empty_database):
    first, second, third = (tmp_path / f"{name}.jsonl.gz" for name in ("first", "second", "third"))
    before = rows() | dict.fromkeys(LEFT_OUT, 0)
    assert command("site", "export", first).exit_code == 0
    with house(f"sqlite:///{tmp_path / 'other.db'}") as other:
        assert command("site", "import", first, house=other).exit_code == 0
        assert rows() == before
        assert command("site", "export", second, house=other).exit_code == 0
    with house(empty_database) as back:
        assert command("site", "import", second, house=back).exit_code == 0
        assert rows() == before
        assert command("site", "export", third, house=back).exit_code == 0
    assert opened(first).seals == opened(second).seals == opened(third).seals


def words_of_house() -> list[tuple[str, str]]:
    return [(one.source, one.html) for one in db.session.query(Post).order_by(Post.id)]


@pytest.mark.once
def test_hostile_words_move_as_they_are_and_stay_inert(
    app, alice, topic, house, command, tmp_path, empty_database
):
    for words in bundled():
        tried(topics.reply_to_topic, alice, topic, body=words, mask=True)
    topic.title = '<script>alert(1)</script>\u2028\r\n\x85{"table": "users"}'
    db.session.commit()
    written, title = words_of_house(), topic.title
    assert len(written) > 50
    command("site", "export", file := tmp_path / "site.jsonl.gz")
    with gzip.open(file, "rb") as lines:
        assert all(json.loads(line) is not None for line in lines.read().split(b"\n") if line)
    with house(empty_database) as other:
        assert command("site", "import", file, house=other).exit_code == 0
        assert words_of_house() == written
        assert db.session.query(Topic).one().title == title
    assert not [html for _, html in written if wrong_in_words(html)]


def test_what_is_shown_is_made_here_and_not_taken_from_the_file(lived_in, house, command, tmp_path):
    command("site", "export", file := tmp_path / "site.jsonl.gz")
    before = everything_shown()
    resealed(file, rows=planted)
    with house(f"sqlite:///{tmp_path / 'other.db'}") as other:
        assert command("site", "import", file, house=other).exit_code == 0
        assert everything_shown() == before


def everything_shown() -> list[str]:
    """All HTML that is kept; there is some of each kind."""
    kept = [
        [getattr(row, column.name) for row in db.session.query(kind).order_by(kind.id)]
        for kind in RENDERED
        for column in kind.__table__.columns
        if column.name.endswith("html")
    ]
    assert all(any(each) for each in kept)
    return [html for each in kept for html in each]


def planted(table, row):
    """The row, with something that runs in whatever is shown as it is stored."""
    names = Base.metadata.tables[table].columns.keys()
    return [
        f"{value}<script>alert(1)</script>" if name.endswith("html") else value
        for name, value in zip(names, row, strict=True)
    ]


def test_what_moved_can_be_lived_in(lived_in, house, command, tmp_path, empty_database):
    """The same passwords, the same links between things, a log that goes on, and ids that do not meet."""
    command("site", "export", file := tmp_path / "site.jsonl.gz")
    with house(empty_database) as other:
        command("site", "import", file, house=other)
        alice = check_log_in(Guest(), name="Alice Fern", password=factories.PASSWORD, address="")
        assert alice.created_at.tzinfo is not None
        assert db.session.query(Message).filter(Message.reply_to_id.is_not(None)).count() == 1
        assert db.session.query(Post).filter(Post.quotes_id.is_not(None)).count() == 1
        assert db.session.query(Case).filter(Case.appeals_id.is_not(None)).one().appeals.verb == "mute"
        assert db.session.query(LoginSession).count() == 0
        assert db.session.query(Job).one().payload == {"of": "the old house"}
        topic = db.session.query(Topic).order_by(Topic.id.desc()).first()
        assert factories.make_post(alice, topic, "The first in the new house.").number == 4
        topics.lock_topic(System(), topic)
        assert verify(System()).broken_at is None
        assert db.session.query(LogEntry).count() == verify(System()).lines
        factories.make_user("Somebody New")


def test_the_file_is_for_its_owner_alone_and_says_what_is_in_it(lived_in, command, tmp_path):
    answer = json.loads(command("site", "export", file := tmp_path / "site.jsonl.gz", "--json").stdout)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["site.jsonl.gz"]
    assert answer["tables"]["users"] == db.session.query(User).count()
    assert set(answer["left_out"]) == set(LEFT_OUT)
    assert json.loads(lines_of(file)[0])["tables"] == answer["tables"]


def test_a_site_is_written_over_nothing(lived_in, command, tmp_path):
    """Run as root, it once took the place of a device."""
    (tmp_path / "kept").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("kept", "link", "."):
        done = command("site", "export", tmp_path / name)
        assert (done.exit_code, "already" in done.output) == (2, True), name
    missing = command("site", "export", tmp_path / "none" / "site.jsonl.gz")
    assert (missing.exit_code, "cannot be written" in missing.output) == (1, True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["kept", "link"]
    assert (tmp_path / "kept").read_text() == "kept"


def test_a_house_that_is_lived_in_takes_nothing_in(lived_in, command, tmp_path):
    command("site", "export", file := tmp_path / "site.jsonl.gz")
    before = rows()
    refused = command("site", "import", file)
    assert refused.exit_code == 1
    assert "only into a house that nobody has used yet" in refused.stderr
    assert rows() == before


def lines_of(file) -> list[str]:
    with gzip.open(file, "rt") as lines:
        return list(lines)


def cut_short(lines):
    return lines[: len(lines) // 2]


def without_its_end(lines):
    return lines[:-1]


def with_a_word_changed(lines):
    return [line.replace("Alice Fern", "Alice Bern") for line in lines]


def with_a_row_less(lines):
    return [line for line in lines if "Creaky" not in line]


def with_a_seal_that_fits_nothing(lines):
    return [line.replace('"rows":0,', '"rows":1,') for line in lines]


@pytest.mark.parametrize(
    "harm", [cut_short, without_its_end, with_a_word_changed, with_a_row_less, with_a_seal_that_fits_nothing]
)
def test_a_file_that_is_not_whole_leaves_nothing(harm, lived_in, house, command, tmp_path):
    command("site", "export", file := tmp_path / "site.jsonl.gz")
    lines = lines_of(file)
    with gzip.open(file, "wt") as broken:
        broken.writelines(harm(lines))
    assert lines_of(file) != lines
    with house(f"sqlite:///{tmp_path / 'other.db'}") as other:
        before = rows()
        refused = command("site", "import", file, house=other)
        assert refused.exit_code == 1
        assert "cut short or was changed" in refused.stderr
        assert rows() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"not a file of ours", gzip.compress(b"[]\n"), gzip.compress(b"{}\n")],
    ids=["empty", "no_gzip", "a_list", "an_empty_head"],
)
def test_another_file_is_refused_in_a_sentence(content, app, command, tmp_path):
    (file := tmp_path / "site.jsonl.gz").write_bytes(content)
    refused = command("site", "import", file)
    assert (refused.exit_code, "cut short or was changed" in refused.stderr) == (1, True)


def test_a_file_of_another_schema_is_refused(lived_in, house, command, tmp_path):
    command("site", "export", file := tmp_path / "site.jsonl.gz")
    resealed(file, lambda head: head | {"revision": "0001"})
    with house(f"sqlite:///{tmp_path / 'other.db'}") as other:
        refused = command("site", "import", file, house=other)
        assert "is of schema 0001" in refused.stderr
        assert db.session.query(User).count() == 0


def test_what_fails_on_the_way_leaves_nothing(lived_in, house, command, tmp_path):
    """A file that is whole, and still cannot be taken in: two people of one name."""
    command("site", "export", file := tmp_path / "site.jsonl.gz")
    resealed(file, rows=lambda table, row: [1, *row[1:]] if table == "users" else row)
    with house(f"sqlite:///{tmp_path / 'other.db'}") as other:
        before = rows()
        refused = command("site", "import", file, house=other)
        assert refused.exit_code == 1
        assert "do not fit together" in refused.stderr
        assert rows() == before


@pytest.mark.once
def test_every_table_moves_or_is_named_as_staying():
    moving = {table.name for table in moving_tables()}
    every = {table.name for table in Base.metadata.sorted_tables}
    assert moving | set(LEFT_OUT) == every
    assert not moving & set(LEFT_OUT)
    assert set(LEFT_OUT) == {"account_copies", "login_sessions", "mail_links", "spent_asks", "tokens"}


@pytest.mark.once
def test_every_column_is_of_a_kind_that_a_file_can_hold():
    for table in Base.metadata.sorted_tables:
        assert set(kinds_of(table).values()) <= set(KINDS.values())


@pytest.mark.once
def test_what_points_back_can_stay_open_for_a_moment():
    order = [table.name for table in moving_tables()]
    for table in moving_tables():
        for key in table.foreign_keys:
            assert key.column.table.name in order
            if order.index(key.column.table.name) >= order.index(table.name):
                assert key.parent.nullable, key
                assert list(table.primary_key.columns.keys()) == ["id"]
