"""A real server process, spoken to over real WebSockets by the official client's protocol."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import socketio
import websocket
from flask import Flask

from forum.actions import rooms, sessions
from forum.db import db
from forum.live.ids import new_cid
from forum.models import Message, Room, RoomEvent, User
from tests import factories, serving
from tests.conftest import database_in

pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("ignore::ResourceWarning")]

KEY = "a key that only this server knows, for tests"
PATIENCE = 15.0


@dataclass
class Server:
    """One server process and the application on whose database it runs."""

    app: Flask
    environment: dict[str, str]
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return self.environment["HEARTH_BASE_URL"]

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]
        self.process = subprocess.Popen(
            command, cwd=serving.ROOT, env=os.environ | self.environment, stdout=subprocess.DEVNULL
        )
        until(self.answers, patience=60)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            children = _children(self.process.pid) if how == signal.SIGKILL else []
            for pid in (*children, self.process.pid):
                os.kill(pid, how)
            self.process.wait(timeout=20)
            self.process = None

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1):
                return True
        except OSError:
            return False

    def cookie(self, user: User) -> str:
        with self.app.test_client() as browser:
            with browser.session_transaction() as kept:
                kept["_user_id"], kept["_fresh"] = sessions.begin_session(user), True
            return f"hearth={browser.get_cookie('hearth').value}"


class Reader:
    """A reference client: applies a room's events in steps of one, and asks for what is missing."""

    def __init__(self, server: Server, user: User, room: Room, *, origin: str | None = None) -> None:
        self.room, self.epoch, self.applied = room.id, room.epoch, room.last_seq
        self.events: list[tuple[int, str, int | None]] = []
        self.was_revoked = False
        self.cookie, self.url = server.cookie(user), server.url
        self.origin = origin
        self.client = socketio.Client(reconnection=False)
        self.client.on("room:event", self.take)
        self.client.on("auth:revoked", lambda _told: setattr(self, "was_revoked", True))

    def connect(self) -> dict[str, Any]:
        headers = {"Cookie": self.cookie} | ({"Origin": self.origin} if self.origin else {})
        self.client.connect(self.url, headers=headers, transports=["websocket"])
        told = self.ask("room:join", epoch=self.epoch, after=self.applied)
        for event in told.get("events", []):
            self.take(event)
        return told

    def ask(self, event: str, **payload: Any) -> dict[str, Any]:
        return self.client.call(event, {"room": self.room, **payload}, timeout=10)

    def take(self, event: dict[str, Any]) -> None:
        if event["s"] == self.applied + 1:
            self.applied = event["s"]
            self.events.append((event["s"], event["t"], event["m"]["id"] if "m" in event else None))

    def say(self, body: str, cid: str | None = None) -> dict[str, Any]:
        return self.ask("message:send", cid=cid or new_cid(), body=body)

    def close(self) -> None:
        if self.client.connected:
            self.client.disconnect()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    with database_in(tmp_path_factory.mktemp("hall"), f"hall_{worker_id}") as url:
        yield url


@pytest.fixture(scope="module")
def server(database: str) -> Iterator[Server]:
    """One for all of these tests, each with people and a room of its own: starting one takes longer than most of them."""
    environment = {
        "PORT": (port := str(serving.free_port())),
        "HEARTH_ENV": "development",
        "HEARTH_SECRET_KEY": KEY,
        "HEARTH_BASE_URL": f"http://127.0.0.1:{port}",
        "HEARTH_DATABASE_URL": database,
        "HEARTH_LOG_LEVEL": "ERROR",
        "HEARTH_ARGON2_MEMORY_KIB": "64",
        "HEARTH_ARGON2_TIME": "1",
    }
    with serving.opened(environment) as app:
        server = Server(app, environment)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def people(server: Server) -> tuple[User, User, Room]:
    room = factories.make_room("Evening circle")
    alice, bob = factories.make_user(), factories.make_user()
    for one in (alice, bob):
        rooms.join_room(one, room)
    return alice, bob, room


@contextmanager
def reading(server: Server, *who: tuple[User, Room]) -> Iterator[list[Reader]]:
    readers = [Reader(server, user, room) for user, room in who]
    try:
        for one in readers:
            one.connect()
        yield readers
    finally:
        for one in readers:
            one.close()


def test_two_browsers_talk_in_one_order(server, people):
    alice, bob, room = people
    with reading(server, (alice, room), (bob, room)) as (hers, his):
        acks = [one.say(f"{number}.") for number in range(10) for one in (hers, his)]
        until(lambda: hers.applied == his.applied == acks[-1]["seq"])

    assert all(ack["ok"] for ack in acks)
    assert hers.events == his.events
    assert [seq for seq, _kind, _id in hers.events] == [ack["seq"] for ack in acks]


def test_who_was_away_gets_everything_in_order(server, people):
    alice, bob, room = people
    with reading(server, (alice, room), (bob, room)) as (hers, his):
        his.client.disconnect()
        acks = [hers.say(f"{number}.") for number in range(10)]
        until(lambda: hers.applied == acks[-1]["seq"])
        his.client = socketio.Client(reconnection=False)
        his.client.on("room:event", his.take)
        his.connect()
        until(lambda: his.applied == acks[-1]["seq"])

    assert his.events == hers.events


def test_what_was_acknowledged_outlives_a_killed_server(server, people):
    alice, _bob, room = people
    cid = new_cid()
    with reading(server, (alice, room)) as (hers,):
        first = hers.say("Certain.", cid)
        server.stop(signal.SIGKILL)
    server.start()
    with reading(server, (alice, room)) as (hers,):
        again = hers.say("Certain.", cid)

    assert again == first | {"dup": True}
    db.session.rollback()
    assert db.session.query(Message).filter_by(room_id=room.id).count() == 1
    assert db.session.query(RoomEvent).filter_by(room_id=room.id, type="message_created").count() == 1


def test_an_ended_log_in_closes_the_socket_soon(server, people):
    alice, _bob, room = people
    with reading(server, (alice, room)) as (hers,):
        db.session.get(User, alice.id).auth_epoch += 1
        db.session.commit()
        began = time.monotonic()
        until(lambda: hers.was_revoked and not hers.client.connected)

    assert time.monotonic() - began < 4


def test_what_another_process_wrote_is_heard_without_a_ring(server, people):
    alice, bob, room = people
    with reading(server, (alice, room)) as (hers,):
        written = factories.make_message(bob, room)
        began = time.monotonic()
        until(lambda: hers.applied == written.seq)

    assert time.monotonic() - began < 4


def test_a_page_of_another_site_is_refused(server, people):
    alice, _bob, room = people
    stranger = Reader(server, alice, room)
    with pytest.raises(socketio.exceptions.ConnectionError):
        stranger.client.connect(
            server.url.replace("127.0.0.1", "localhost"),
            headers={"Cookie": stranger.cookie},
            transports=["websocket"],
        )


def test_polling_is_not_offered(server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.url}/socket.io/?EIO=4&transport=polling", timeout=5)
    refused.value.close()

    assert refused.value.code == 400


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
"""A request inside the body of another, which a proxy in front would not have looked at."""

UNCLEAR = {
    "two lengths": b"Content-Length: 0\r\nContent-Length: %d",
    "two lengths in one": b"Content-Length: 0, %d",
    "a length and pieces": b"Content-Length: %d\r\nTransfer-Encoding: chunked",
    "pieces of a kind that is none": b"Transfer-Encoding: xchunked\r\nContent-Length: %d",
    "pieces of pieces": b"Transfer-Encoding: chunked, chunked\r\nContent-Length: %d",
    "a tab before the pieces": b"Transfer-Encoding:\x0bchunked\r\nContent-Length: %d",
    "a space before the colon": b"Content-Length : %d",
    "a plus before the length": b"Content-Length: +%d",
    "a length below nothing": b"Content-Length: -%d",
    "a length of two lines": b"X: x\r\n Content-Length: %d",
    "a name with an underscore": b"Content_Length: %d\r\nTransfer-Encoding: chunked",
}


@pytest.mark.parametrize("what", UNCLEAR)
def test_no_request_is_smuggled_in_the_body_of_another(server, what):
    """Either the whole is refused, or the body is a body: what hides in it is never answered."""
    length = UNCLEAR[what].replace(b"%d", str(len(HIDDEN)).encode())
    head = b"POST /theme HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n" + length + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(server.environment["PORT"])), timeout=5) as line:
        line.sendall(head + HIDDEN)
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    statuses = set(re.findall(rb"HTTP/1\.1 (\d+)", answer))
    assert statuses, "it was not answered"
    assert statuses <= {b"400", b"501"}, answer


PACKETS = (
    "4" + "[" * 10_000, "4" + "[" * 10_000 + "]" * 10_000, "42[" + "[" * 10_000, '42["room:join",' + '{"a":' * 10_000,
    "42" + "9" * 10_000, "4" + "9" * 10_000, "", "9", "x", "b!!", "bAAA", "6", "5", "2probe", '451-["x",{"_placeholder":true,"num":0}]',
    "4" + "[" * 70_000, '42["disconnect"]', "41", "1", b"\x00" * 10, b"4" + b"[" * 10_000,
)  # fmt: skip


@pytest.mark.slow
def test_no_packet_keeps_a_socket_or_holds_the_others_up(server, people):
    """Whatever a socket throws, before it was let in and after, the server forgets it with the socket."""
    alice, bob, room = people
    joining = ("40", f'42["room:join",{{"room":{room.id}}}]')
    with reading(server, (bob, room)) as [reader]:
        for packet in PACKETS:
            for opened in ((), ("40",), joining):
                with thrown(server, alice, *opened, packet):
                    pass
        until(lambda: reader.ask("presence:get")["count"] == 1, patience=40)
        said = reader.say("And it goes on.")
        until(lambda: reader.applied == said["seq"])


@contextmanager
def thrown(server: Server, user: User, *packets: str | bytes) -> Iterator[websocket.WebSocket]:
    """A socket below the protocol of a room, with these packets sent as they are."""
    url = server.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    one = websocket.create_connection(url, cookie=server.cookie(user), origin=server.url, timeout=5)
    try:
        for packet in packets:
            one.send(
                packet,
                websocket.ABNF.OPCODE_BINARY if isinstance(packet, bytes) else websocket.ABNF.OPCODE_TEXT,
            )
        yield one
    finally:
        one.close()


def until(holds: Any, patience: float = PATIENCE) -> None:
    """Wait until something is so, or fail."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "this did not come about in time"
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
