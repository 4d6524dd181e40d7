"""The parts that every test stands on: an application on the engine of this run, an empty database, and a cast.

Nothing of ours is mocked. SQLite tests copy a migrated file; PostgreSQL tests share a migrated database that is
emptied before each of them.
"""

import contextvars
import dataclasses
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient

from forum import create_app, housefile, limits, mail, passkeys
from forum.actions import sessions
from forum.config import Settings
from forum.db import Base, db, now
from forum.models import (
    QUESTION,
    Board,
    Duty,
    Guest,
    Planned,
    Post,
    Revision,
    Role,
    Room,
    SanctionKind,
    Scope,
    SignUp,
    SiteSettings,
    System,
    Topic,
    User,
)
from forum.models.case import FIRST_MARK, LogHead
from forum.modlog import HEAD_ID
from tests import factories, mailing

OF_PAGES = ("test_aliases.py", "test_boundaries.py", "test_doors.py", "test_packets.py")
"""Tables over pages, calls and frames: they ask what each says, of deeds and queries that have tests of their own."""

ENGINE = os.environ.get("HEARTH_TEST_ENGINE", "sqlite")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of a page is one of translation, so with PostgreSQL it runs in `make test-all`; text knows no database."""
    for item in items:
        if "web" in item.path.parts or item.path.name in OF_PAGES:
            item.add_marker(pytest.mark.page)
        if "text" in item.path.parts:
            item.add_marker(pytest.mark.once)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engine: which database this run is on")


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> Iterator[str]:
    """The address of a migrated database of this worker's own."""
    if ENGINE == "sqlite":
        with tempfile.TemporaryDirectory(prefix="hearth-", dir=in_memory()) as folder:
            yield f"sqlite:///{folder}/hearth.db"
        return
    from tests.services import worker_database

    with worker_database(os.environ["TEST_DATABASE_URL"], worker_id) as url:
        yield url


@pytest.fixture
def empty_database(tmp_path: Path, worker_id: str) -> Iterator[str]:
    """The address of a database of one test's own, on the engine of this run."""
    with database_in(tmp_path, f"alone_{worker_id}") as url:
        yield url


@contextmanager
def database_in(folder: Path, name: str) -> Iterator[str]:
    """The address of a database without tables, on the engine of this run."""
    if ENGINE == "sqlite":
        yield f"sqlite:///{folder / name}.db"
        return
    from tests.services import worker_database

    with worker_database(os.environ["TEST_DATABASE_URL"], name) as url:
        yield url


def in_memory() -> str | None:
    """A folder in memory where there is one: each commit waits for its disk, and tests commit all the time."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data_dir=str(tmp_path_factory.mktemp("house")),
        env="test",
        database_url=database_url,
        secret_key="a key that only tests know, and they may",
        argon2_memory_kib=64,
        argon2_time=1,
        log_level="WARNING",
    )


class Browser(FlaskClient):
    """A browser whose requests run as the server's do: in a context of their own, not in the test's."""

    def open(self, *args: object, **kwargs: object):
        try:
            return contextvars.Context().run(super().open, *args, **kwargs)
        finally:
            if has_app_context():
                db.session.rollback()


@pytest.fixture(scope="session")
def site(settings: Settings) -> Iterator[Flask]:
    """The application, with its tables made by the migrations."""
    from flask_migrate import upgrade

    site = create_app(settings)
    site.test_client_class = Browser
    with site.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def blank(site: Flask, settings: Settings) -> Path | None:
    """On SQLite, a migrated file to copy back before each test."""
    if not settings.is_sqlite:
        return None
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    copy = path.with_suffix(".blank")
    with site.app_context():
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    shutil.copy(path, copy)
    return copy


@pytest.fixture
def app(site: Flask, blank: Path | None, settings: Settings) -> Iterator[Flask]:
    """The application over an empty database, with a context to act in."""
    limits.limits.use("")
    housefile.use(Path(settings.data_dir))
    passkeys.use(base_url=settings.base_url, name=settings.site_name)
    with site.app_context():
        _empty(blank)
        yield site
        db.session.remove()
        (Path(settings.data_dir) / housefile.NAME).unlink(missing_ok=True)
        if blank:
            db.engine.dispose()


def _empty(blank: Path | None) -> None:
    if blank:
        path = blank.with_suffix(".db")
        for leftover in path.parent.glob("hearth.db-*"):
            leftover.unlink()
        shutil.copy(blank, path)
        return
    with db.engine.begin() as connection:
        connection.exec_driver_sql(_all_rows_away())
        connection.execute(LogHead.__table__.insert().values(id=HEAD_ID, mark=FIRST_MARK))
        connection.execute(
            SiteSettings.__table__.insert().values(id=1, sign_up=SignUp.OPEN, question=QUESTION)
        )


def _all_rows_away() -> str:
    """Statements that go to PostgreSQL in one round trip: this happens before each test. The first version of the
    agreement was there before anybody."""
    return ";".join(
        [
            "SET LOCAL session_replication_role = replica",
            *(
                f"DELETE FROM {table.name}"
                for table in Base.metadata.sorted_tables
                if table.name != "agreements"
            ),
            "DELETE FROM agreements WHERE version > 1",
            "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'",
        ]
    )


# The cast: known people with known rights.


@pytest.fixture
def guest() -> Guest:
    return Guest()


@pytest.fixture
def alice(app: Flask) -> User:
    """She writes."""
    return factories.make_user("Alice Fern")


@pytest.fixture
def bob(app: Flask) -> User:
    """He reads along."""
    return factories.make_user("Bob Heron")


@pytest.fixture
def charlie(app: Flask) -> User:
    """Not in the room, not in the board's group: must see nothing of them."""
    return factories.make_user("Charlie Moss")


@pytest.fixture
def fay(app: Flask, room: Room) -> User:
    """She facilitates `room`."""
    return factories.appoint(factories.make_user("Fay Harbour"), Duty.FACILITATOR, room=room)


@pytest.fixture
def mo(app: Flask) -> User:
    """A moderator of everything."""
    return factories.appoint(factories.make_user("Mo Lantern"), Duty.MODERATOR)


@pytest.fixture
def max(app: Flask) -> User:  # noqa: A001
    """A moderator, of another board."""
    return factories.appoint(
        factories.make_user("Max Orchard"), Duty.MODERATOR, board=factories.make_board("Elsewhere")
    )


@pytest.fixture
def ada(app: Flask) -> User:
    return factories.make_user("Ada Hearth", role=Role.ADMIN)


@pytest.fixture
def sam(app: Flask) -> User:
    """He is suspended."""
    user = factories.make_user("Sam Tide")
    return factories.sanction(user, SanctionKind.SUSPENSION, Scope.SITE)


@pytest.fixture
def wil(app: Flask) -> User:
    """He asked to come in, and waits: sees what guests see."""
    return factories.make_applicant("Wil Doorstep")


@pytest.fixture
def ida(app: Flask) -> User:
    """She waits too, so that somebody of the cast can be answered."""
    return factories.make_applicant("Ida Threshold")


@pytest.fixture
def board(app: Flask) -> Board:
    return factories.make_board("Attachment and closeness")


@pytest.fixture
def topic(alice: User, board: Board) -> Topic:
    """Alice's topic on the board."""
    return factories.make_topic(alice, board)


@pytest.fixture
def post(bob: User, topic: Topic) -> Post:
    """Bob's reply in Alice's topic."""
    return factories.make_post(bob, topic, "I read all of it.")


@pytest.fixture
def room(app: Flask) -> Room:
    """An open room."""
    return factories.make_room("Evening circle")


@pytest.fixture
def client_as(app: Flask):
    """A browser of theirs, signed in through a real log-in row; a Guest's is signed in as nobody."""

    def sign_in(user: User | Guest) -> FlaskClient:
        client = app.test_client()
        client.environ_base["HTTP_USER_AGENT"] = "tests"
        if user.is_authenticated:
            key = sessions.begin_session(user, device="tests")
            with client.session_transaction() as cookie:
                cookie["_user_id"] = key
                cookie["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def send():
    """Post a form the way a page does: with the token that the page carried."""

    def post_form(client: FlaskClient, url: str, data: dict[str, object] | None = None, **kwargs):
        return client.post(url, data={"csrf_token": token_of(client), **(data or {})}, **kwargs)

    return post_form


def token_of(client: FlaskClient) -> str:
    """The CSRF token that a page would carry for this browser."""
    page = client.get("/help").get_data(as_text=True)
    return page.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.fixture
def mailbox(app: Flask, settings: Settings, tmp_path: Path) -> Iterator[mailing.Mailbox]:
    """Mail is set up, and laid down in a folder that the test can look into."""
    folder = tmp_path / "mail"
    sending = dataclasses.replace(settings, smtp_url=folder.as_uri(), mail_from=mailing.SENDER)
    app.extensions["hearth"] = sending
    mail.use(is_set_up=True)
    yield mailing.Mailbox(sending, folder)
    mail.use(is_set_up=False)
    app.extensions["hearth"] = settings


@pytest.fixture
def world(app, topic, post, room, alice, mo, ida):
    """One thing of each kind that an address may name."""
    from forum.actions import drafts, groups, reports, strategies, toolkit
    from forum.queries.cases import case_of
    from forum.queries.joining import application_of

    reports.report(mo, post, reason="rule")
    draft = drafts.keep_draft(alice, topic, body="Only mine.")
    case = case_of(post)
    revision = factories.saved(
        Revision(
            post_id=post.id, number=1, source="I read.", html="<p>I read.</p>", renderer=1, written_at=now()
        )
    )
    planned_one = factories.saved(
        Planned(
            board_id=topic.board_id, author_id=mo.id, title="Later", source="For a later evening.", intent="listen",
            publish_at=now() + timedelta(days=1),
        )
    )  # fmt: skip
    strategy = factories.make_strategy(alice)
    ask = strategies.ask_for_strategy(mo, post)
    group = groups.make_group(System(), name="Tuesday circle")
    return {
        "board_id": topic.board_id,
        "topic_id": topic.id,
        "post_id": post.id,
        "room_id": room.id,
        "section_id": topic.board.section_id,
        "group_id": group.id,
        "appointment_id": mo.appointments[0].id,
        "persona_id": alice.byline.id,
        "case_id": case.id,
        "token": "of a link that there never was",
        "revision_id": revision.id,
        "planned_id": planned_one.id,
        "draft_id": draft.id,
        "place": draft.place,
        "strategy_id": strategy.id,
        "ask_id": ask.id,
        "outcome_id": toolkit.say_how_it_was(alice, strategy, how="helped").id,
        "slug": "cbt",
        "passkey_id": 999_999,
        "application_id": application_of(ida.id).id,
        "invitation_id": factories.make_invitation()[0].id,
        "version": 1,
    }
