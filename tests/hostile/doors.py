"""Every way into Hearth for words, and every way out of it. A new door is one line of `INPUTS` or `OUTPUTS`."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.actions import planned, reports, rooms, watching
from forum.actions.cases import claim_case
from forum.actions.decisions import decide_case
from forum.db import db, now
from forum.errors import Invalid
from forum.limits import limits
from forum.live import presence
from forum.live.ids import new_cid
from forum.models import (
    Audience,
    Board,
    Case,
    Decision,
    Draft,
    Group,
    Guest,
    Message,
    Persona,
    Planned,
    Post,
    Report,
    Room,
    Strategy,
    StrategyAsk,
    Topic,
    User,
)
from forum.queries.cases import case_of
from forum.queries.joining import application_of
from tests import factories
from tests.conftest import token_of
from tests.hostile.checking import wrong_in_feed, wrong_in_json, wrong_in_page
from tests.talking import Tab, apart

PLAIN = "A plain line."
LATER = f"{now() + timedelta(days=2):%Y-%m-%dT%H:%M}"


@dataclass
class Stage:
    """A small community with a browser for each of its people, and whatever is wrong in what they were shown."""

    app: Flask
    sign_in: Callable[[User | Guest], FlaskClient]
    wrong: dict[str, list[str]] = field(default_factory=dict)
    checked: int = 0
    _clients: dict[Any, FlaskClient] = field(default_factory=dict)
    _tokens: dict[Any, str] = field(default_factory=dict)
    _tabs: dict[Any, Tab] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.alice, self.bob = factories.make_user("Alice Fern"), factories.make_user("Bob Heron")
        self.mo = factories.make_user("Mo Lantern", role="admin")
        self.board = factories.make_board("Open to everyone", audience=Audience.GUESTS)
        self.topic = factories.make_topic(self.alice, self.board)
        self.post = factories.make_post(self.bob, self.topic)
        self.room = factories.make_room("Evening circle")
        self.fay = factories.appoint(factories.make_user("Fay Harbour"), "facilitator", room=self.room)
        for one in (self.alice, self.bob, self.fay):
            rooms.join_room(one, self.room)
        self.message = factories.make_message(self.alice, self.room)

    @property
    def own(self) -> str:
        return self.app.extensions["hearth"].base_url

    # Steps that the doors share. Whatever comes back is looked at.

    def client(self, who: User | Guest) -> FlaskClient:
        if who not in self._clients:
            self._clients[who] = self.sign_in(who)
            self._tokens[who] = token_of(self._clients[who])
        return self._clients[who]

    def submit(self, who: User | Guest, url: str, /, **form: Any) -> TestResponse:
        """Send a form; look at the answer, and where it leads to."""
        client = self.client(who)
        sent = {"csrf_token": self._tokens[who]} | {name: _bytes(value) for name, value in form.items()}
        return self.look(f"POST {url}", client.post(url, data=sent))

    def read(self, who: User | Guest, url: str, **more: Any) -> TestResponse:
        return self.look(f"GET {url}", self.client(who).get(url, **more))

    def look(self, where: str, answer: TestResponse) -> TestResponse:
        """Note whatever in an answer is not ours."""
        assert answer.status_code < 500, (where, answer.status_code)
        self.checked += 1
        kind, text = answer.mimetype, answer.get_data(as_text=True)
        found = []
        if kind == "text/html":
            found = wrong_in_page(text, self.own)
            if "script-src 'self';" not in answer.headers["Content-Security-Policy"]:
                found.append("no content policy")
        elif kind.endswith("json"):
            found = wrong_in_json(json.loads(text), self.own)
        elif kind == "application/atom+xml":
            found = wrong_in_feed(answer.data, self.own)
        elif kind != "text/plain":
            found = [f"an answer of the kind {kind}"]
        if answer.headers.get("X-Content-Type-Options") != "nosniff":
            found.append("a kind that may be guessed")
        goes_to = answer.headers.get("Location", "/")
        if not goes_to.startswith("/") or goes_to.startswith(("//", "/\\")):
            found.append(f"leads to {goes_to}")
        self.note(where, found)
        return answer

    def note(self, where: str, found: list[str]) -> None:
        if found:
            self.wrong.setdefault(where, []).extend(found)

    def tab(self, who: User) -> Tab:
        """Somebody's page of the room, open."""
        if who not in self._tabs or not self._tabs[who].is_open:
            self._tabs[who] = Tab(self.app, self.client(who))
            self.answer("room:join", self._tabs[who].ask("room:join", {"room": self.room.id}))
        return self._tabs[who]

    def answer(self, event: str, told: Any) -> Any:
        self.checked += 1
        self.note(event, wrong_in_json(told, self.own))
        return told

    def api(self, who: User, url: str, payload: Any, method: str = "POST") -> TestResponse:
        client = self.client(who)
        headers = {"X-CSRFToken": self._tokens[who], "If-Match": "*"}
        answer = apart(client.open, url, method=method, json=payload, headers=headers)
        return self.look(f"{method} {url}", answer)

    def run(self, *command: str) -> None:
        done = self.app.test_cli_runner().invoke(args=[*command])
        assert done.exit_code in (0, 1, 2), (command, done.output)
        assert isinstance(done.exception, SystemExit | None), (command, done.exception)

    def claimed(self, author: User) -> Case:
        """A case about new words of somebody's, claimed by Mo."""
        post = factories.make_post(author, self.topic, PLAIN)
        reports.report(self.bob if author != self.bob else self.alice, post, reason="rule")
        return claim_case(self.mo, case_of(post))

    def decided(self, author: User) -> Decision:
        return decide_case(self.mo, self.claimed(author), verb="warn", rule=3, letter="We read it.")

    def own_message(self, who: User) -> Message:
        return factories.make_message(who, self.room, PLAIN)

    def close(self) -> None:
        for tab in self._tabs.values():
            tab.close()
        presence.forget()

    @cached_property
    def guest(self) -> Guest:
        return Guest()


Input = Callable[[Stage, str], object]
Output = Callable[[Stage], object]


def _bytes(value: Any) -> Any:
    """As a browser, or something worse, would send it: also halves of letters."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


# Ways in


def _topic(at: Stage, **words: str) -> TestResponse:
    form = {"title": "A title", "body": PLAIN, "intent": "listen", "mask": "1"} | words
    return at.submit(at.alice, f"/boards/{at.board.id}/topics", **form)


def _edit(at: Stage, **words: str) -> TestResponse:
    post = _first(at.topic)
    page = at.client(at.alice).get(f"/posts/{post.id}/edit").get_data(as_text=True)
    version = page.split('name="edited_at" value="')[1].split('"')[0]
    form = {"body": PLAIN, "edited_at": version, "mask": "1"} | words
    return at.submit(at.alice, f"/posts/{post.id}/edit", **form)


def _plan(at: Stage, **words: str) -> TestResponse:
    form = {"title": "A title", "body": PLAIN, "intent": "listen", "publish_at": LATER, "mask": "1"} | words
    return at.submit(at.mo, f"/boards/{at.board.id}/planned", **form)


def _change_plan(at: Stage, **words: str) -> TestResponse:
    one = planned.plan_topic(
        at.mo, at.board, title="A title", body=PLAIN, publish_at=now() + timedelta(days=1)
    )
    form = {"title": "A title", "body": PLAIN, "intent": "listen", "publish_at": LATER, "mask": "1"} | words
    return at.submit(at.mo, f"/planned/{one.id}", **form)


def _split(at: Stage, **words: str) -> TestResponse:
    topic = factories.make_topic(at.alice, at.board)
    factories.make_post(at.bob, topic, PLAIN)
    return at.submit(at.mo, f"/topics/{topic.id}/split", **{"number": "2", "title": "A title"} | words)


def _first(topic: Topic) -> Post:
    return db.session.scalars(select(Post).where(Post.topic_id == topic.id).order_by(Post.number)).first()


def _said(at: Stage, words: str, **more: Any) -> dict[str, Any]:
    return {"room": at.room.id, "cid": new_cid(), "body": words, "mask": True, **more}


def _kept(at: Stage, deed: str, words: str, **more: str) -> None:
    """A facilitator slows somebody or asks them out; whoever it is comes back in."""
    at.submit(at.fay, f"/rooms/{at.room.id}/members/{at.bob.byline.id}/{deed}", reason=words, **more)
    at.read(at.bob, f"/rooms/{at.room.id}")
    at.submit(at.bob, f"/rooms/{at.room.id}/membership")


def _asked_in(at: Stage, words: str) -> None:
    """A question at the door, an answer to it, and what whoever asked reads in the end."""
    at.submit(at.mo, "/house/joining", mode="approval", question=words)
    with suppress(Invalid):
        waiting = factories.make_applicant(f"Caller {at.checked}", answer=words)
        at.read(at.mo, "/moderation/waiting")
        at.submit(at.mo, f"/moderation/waiting/{application_of(waiting.id).id}/decline", letter=words)
        at.read(waiting, "/waiting")
    at.submit(at.mo, "/house/joining", mode="open", question="What brings you here?")


INPUTS: dict[str, Input] = {
    "reply": lambda at, words: at.submit(at.bob, f"/topics/{at.topic.id}/replies", body=words, mask="1"),
    "reply, asked about": lambda at, words: at.submit(
        at.bob, f"/topics/{at.topic.id}/replies", body=f"{words} 07700 900123"
    ),
    "reply, preview": lambda at, words: at.submit(at.bob, f"/topics/{at.topic.id}/replies", body=words, preview="1"),
    "reply, stale": lambda at, words: at.submit(
        at.bob, f"/topics/{at.topic.id}/replies", body=words, title=words, extra=words, csrf_token="stale"
    ),
    "reply, key": lambda at, words: at.submit(at.bob, f"/topics/{at.topic.id}/replies", body="", key=words),
    "topic": lambda at, words: _topic(at, body=words),
    "title": lambda at, words: _topic(at, title=words),
    "gist": lambda at, words: _topic(at, gist=words),
    "topic, choices": lambda at, words: _topic(at, intent=words, kinds=words, body=""),
    "topic, preview": lambda at, words: _topic(at, title=words, gist=words, body=words, preview="1"),
    "change": lambda at, words: _edit(at, body=words),
    "change, lines": lambda at, words: _edit(at, title=words, gist=words),
    "change, conflict": lambda at, words: at.submit(
        at.alice, f"/posts/{_first(at.topic).id}/edit", body=words, edited_at=words
    ),
    "draft": lambda at, words: at.submit(at.alice, f"/topics/{at.topic.id}/replies", body=words, keep="1"),
    "draft, of a topic": lambda at, words: at.submit(
        at.alice, f"/boards/{at.board.id}/topics", title=words, gist=words, body=words, intent=words, kinds=words,
        keep="1",
    ),
    "draft, of a change": lambda at, words: at.submit(
        at.alice, f"/posts/{_first(at.topic).id}/edit", body=words, edited_at=words, keep="1"
    ),
    "draft, from another device": lambda at, words: at.submit(
        at.alice, f"/topics/{at.topic.id}/replies", body=words, draft=words, keep="1"
    ),
    "draft, api": lambda at, words: at.api(
        at.alice, f"/api/v1/drafts/reply:{at.topic.id}",
        {"body": words, "title": words, "gist": words, "base": words}, "PUT",
    ),
    "draft, place": lambda at, words: at.read(at.alice, f"/api/v1/drafts/{words.replace('?', '')}"),
    "split": lambda at, words: _split(at, title=words),
    "split, choices": lambda at, words: _split(at, number=words, title=words, key=words),
    "merge": lambda at, words: at.submit(at.mo, f"/topics/{at.topic.id}/merge", into=words),
    "planned": lambda at, words: _plan(at, title=words, gist=words, body=words),
    "planned, choices": lambda at, words: _plan(at, intent=words, kinds=words, publish_at=words, key=words),
    "planned, change": lambda at, words: _change_plan(at, title=words, gist=words, body=words),
    "planned, stale": lambda at, words: _change_plan(at, title=words, body=words, version=words),
    "board, settings": lambda at, words: at.submit(
        at.mo, f"/house/boards/{at.board.id}/settings", rules=words, template=words
    ),
    "board, settings refused": lambda at, words: at.submit(
        at.mo, f"/house/boards/{at.board.id}/settings", rules=words, template=words, closes_after_days=words,
        settings_version=words,
    ),
    "message": lambda at, words: at.submit(
        at.alice, f"/rooms/{at.room.id}/messages", body=words, cid=new_cid(), mask="1"
    ),
    "message, refused": lambda at, words: at.submit(at.alice, f"/rooms/{at.room.id}/messages", body=words, cid=words),
    "message, change": lambda at, words: at.submit(
        at.alice, f"/rooms/{at.room.id}/messages/{at.own_message(at.alice).id}", body=words, mask="1"
    ),
    "socket": lambda at, words: at.answer("message:send", at.tab(at.alice).ask("message:send", _said(at, words))),
    "socket, change": lambda at, words: at.answer(
        "message:edit", at.tab(at.alice).ask("message:edit", _said(at, words, id=at.own_message(at.alice).id))
    ),
    "socket, fields": lambda at, words: at.answer(
        "message:send", at.tab(at.alice).ask("message:send", {words: words, "room": words, "cid": words, "id": words})
    ),
    "api": lambda at, words: at.api(at.alice, f"/api/v1/rooms/{at.room.id}/messages", _said(at, words)),
    "api, fields": lambda at, words: at.api(
        at.alice, f"/api/v1/rooms/{at.room.id}/messages", {words: words, "cid": words, "body": {"html": words}}
    ),
    "api, topic": lambda at, words: at.api(
        at.alice, f"/api/v1/boards/{at.board.id}/topics",
        {"title": words, "gist": words, "body": words, "mask": True, "mentions": [words]},
    ),
    "api, reply": lambda at, words: at.api(
        at.alice, f"/api/v1/topics/{at.topic.id}/posts", {"body": words, "mask": True}
    ),
    "api, report": lambda at, words: at.api(
        at.bob, "/api/v1/reports", {"kind": "post", "id": at.claimed(at.alice).post_id, "reason": "rule", "words": words}
    ),
    "api, note": lambda at, words: at.api(at.mo, f"/api/v1/cases/{at.claimed(at.alice).id}/notes", {"words": words}),
    "card": lambda at, words: at.submit(
        at.alice, "/strategies", name=words, fits=words, place=words, steps=words, changes=words, cautions=words,
        minutes="5", evidence="published", cites=words, cites_url="", tags="breath", mask="1",
    ),
    "card, choices": lambda at, words: at.submit(
        at.alice, "/strategies", name="x", steps="y", minutes=words, evidence=words, tags=words, cites_url=words, post=words
    ),
    "library, looking": lambda at, words: at.read(
        at.alice, "/library", query_string={"words": words, "tag": words, "situation": words, "minutes": words}
    ),
    "plan": lambda at, words: at.submit(at.alice, "/plan", signs=words, helps=words, people=words, safer=words),
    "key for programs": lambda at, words: at.submit(
        at.alice, "/settings/keys", token_name=words, scopes="reports", days="7"
    ),
    "profile": lambda at, words: at.submit(at.alice, "/settings/profile", pronouns=words, words=words, mask="1"),
    "profile, api": lambda at, words: at.api(
        at.alice, "/api/v1/account/profile", {"pronouns": words, "words": words, "figure": words, "mask": True}, "PUT"
    ),
    "card, api": lambda at, words: at.api(
        at.alice, "/api/v1/strategies",
        {"name": words, "fits": words, "minutes": 2, "place": words, "steps": words, "changes": words, "cautions": words,
         "evidence": "lived", "tags": ["breath"], "mask": True},
    ),
    "plan, api": lambda at, words: at.api(
        at.alice, "/api/v1/plan", {"parts": {"signs": [words], "helps": [words]}}, "PUT"
    ),
    "a note beside what is kept, api": lambda at, words: at.api(
        at.alice, f"/api/v1/posts/{at.post.id}/bookmark", {"note": words}, "PUT"
    ),
    "board settings, api": lambda at, words: at.api(
        at.mo, f"/api/v1/boards/{at.board.id}/settings", {"rules": words, "template": words}, "PUT"
    ),
    "section, page": lambda at, words: at.submit(at.mo, "/house/sections", name=words, key=new_cid()),
    "board, page": lambda at, words: at.submit(
        at.mo, "/house/boards", section=str(at.board.section_id), name=words, about=words, audience="guests",
        starters="members", key=new_cid(),
    ),
    "room, page": lambda at, words: at.submit(
        at.mo, "/house/rooms", name=words, about=words, audience="members", capacity="8", reads_from="joining",
        key=new_cid(),
    ),
    "group, page": lambda at, words: at.submit(at.mo, "/house/groups", name=words),
    "somebody, by name": lambda at, words: at.submit(at.mo, "/house/people/role", member=words, role=words),
    "helpline": lambda at, words: at.submit(
        at.mo, "/house/lines", country="GB", name=words, number=words, about=words, hours=words, channel="call", cost=words,
        url=words, source=words,
    ),
    "joining": lambda at, words: _asked_in(at, words),
    "joining, refused": lambda at, words: at.submit(at.mo, "/house/joining", mode=words, question=words),
    "invitation": lambda at, words: at.submit(at.mo, "/house/invitations", purpose=words, uses="1", days="7"),
    "agreement": lambda at, words: at.submit(
        at.mo, "/house/agreement", lines=f"{words}: {words}", changed=words, preview="1"
    ),
    "why an alias is asked after": lambda at, words: at.submit(
        at.mo, f"/moderation/cases/{at.claimed(at.alice).id}/alias", alias_reason=words
    ),
    "name, at the door": lambda at, words: at.submit(
        at.guest, "/sign-up", own_name=words, name=words, offered=words, password="short", email=words
    ),
    "name, signing in": lambda at, words: at.submit(at.guest, "/sign-in", name=words, password=words, next=words),
    "name, way back": lambda at, words: at.submit(at.guest, "/way-back-in", name=words, code=words, password=words),
    "name": lambda at, words: at.submit(at.alice, "/settings/name", name=words),
    "e-mail": lambda at, words: at.submit(
        at.alice, "/settings/email", email=words, email_password=factories.PASSWORD
    ),
    "e-mail with a quiet domain": lambda at, words: at.submit(
        at.alice, "/settings/email", email=f"{words}@a.example", email_password=factories.PASSWORD
    ),
    "reply, a thought before it": lambda at, words: at.submit(
        at.bob, f"/topics/{at.topic.id}/replies", body=f"You should rest. {words}", mask="1", sure=words
    ),
    "a note beside what is kept": lambda at, words: at.submit(
        at.alice, f"/posts/{at.post.id}/bookmark", note=words, listed="1"
    ),
    "a note beside a topic": lambda at, words: at.submit(at.alice, f"/topics/{at.topic.id}/bookmark", note=words),
    "what reaches somebody": lambda at, words: at.submit(
        at.alice, "/settings/reach", level=words, quiet_from=words, quiet_until=words, zone=words, gives_kind_words=words,
        kind_words_a_day=words,
    ),
    "what reaches somebody from a board": lambda at, words: at.submit(
        at.alice, f"/boards/{at.board.id}/watch", level=words
    ),
    "what landed": lambda at, words: at.submit(at.alice, f"/posts/{at.post.id}/landed", on=words),
    "names": lambda at, words: at.read(at.alice, f"/topics/{at.topic.id}/names", query_string={"q": words}),
    "names on a board": lambda at, words: at.read(
        at.alice, f"/boards/{at.board.id}/names", query_string={"q": words}
    ),
    "settings": lambda at, words: at.submit(at.alice, "/settings", country=words, note_loss=words),
    "consent": lambda at, words: at.submit(at.alice, "/settings/consents/withdrawal", kind=words),
    "theme": lambda at, words: at.submit(at.bob, "/theme", theme=words, next=words),
    "report": lambda at, words: at.submit(
        at.bob, f"/report?post={at.claimed(at.alice).post_id}", reason="rule", words=words
    ),
    "report, refused": lambda at, words: at.submit(
        at.bob, f"/report?post={_first(at.topic).id}", reason=words, words=words
    ),
    "worry": lambda at, words: at.submit(at.bob, f"/worry?persona={at.alice.byline.id}", words=words),
    "note": lambda at, words: at.submit(at.mo, f"/moderation/cases/{at.claimed(at.alice).id}/notes", note=words),
    "letter": lambda at, words: at.submit(
        at.mo, f"/moderation/cases/{at.claimed(at.alice).id}/decision", verb="warn", rule="3", letter=words
    ),
    "decision, choices": lambda at, words: at.submit(
        at.mo, f"/moderation/cases/{at.claimed(at.alice).id}/decision", verb=words, rule=words, scope=words, days=words,
        board=words, kinds=words, letter=words,
    ),
    "second look": lambda at, words: at.submit(
        at.alice, f"/statements/{at.decided(at.alice).id}/second-look", words=words
    ),
    "silence": lambda at, words: _kept(at, "silence", words, minutes="10"),
    "removal": lambda at, words: _kept(at, "removal", words),
    "board": lambda at, words: at.run("board", "create", words, words, "--about", words, "--audience", "guests"),
    "board, icon": lambda at, words: at.run("board", "create", "Section", "Board", "--icon", words),
    "room": lambda at, words: at.run("room", "create", words, "--about", words),
    "group": lambda at, words: at.run("group", "create", words),
    "address": lambda at, words: at.read(
        at.alice, f"/topics/{at.topic.id}", query_string={"page": words, "quote": words, "begin": words, words: words}
    ),
    "address, notices": lambda at, words: at.read(at.alice, "/notices", query_string={"before": words}),
    "address, what is kept": lambda at, words: at.read(at.alice, "/bookmarks", query_string={"before": words}),
    "address, list": lambda at, words: at.read(
        at.alice, f"/boards/{at.board.id}", query_string={"intent": words, "before": words}
    ),
    "address, print": lambda at, words: at.read(
        at.alice, f"/topics/{at.topic.id}/print", query_string={"after": words, "show": words}
    ),
    "address, history": lambda at, words: at.read(
        at.alice, f"/posts/{_first(at.topic).id}/history", query_string={"version": words, "show": words}
    ),
    "address, split": lambda at, words: at.read(
        at.mo, f"/topics/{at.topic.id}/split", query_string={"number": words}
    ),
    "address, next": lambda at, words: at.read(at.guest, "/sign-in", query_string={"next": words, "name": words}),
    "address, nowhere": lambda at, words: at.read(at.guest, f"/nowhere/{words.replace('?', '')}"),
    "address, queue": lambda at, words: at.read(at.mo, "/moderation", query_string={"show": words}),
    "address, record": lambda at, words: at.read(at.mo, "/moderation/record", query_string={"before": words}),
    "address, room": lambda at, words: at.read(
        at.alice, f"/rooms/{at.room.id}", query_string={"before": words, "reply_to": words}
    ),
    "address, api": lambda at, words: at.read(
        at.alice, f"/api/v1/rooms/{at.room.id}/events", query_string={"after": words, "epoch": words}
    ),
    "device": lambda at, words: at.look(
        "POST /sign-in",
        at.client(at.guest).post(
            "/sign-in",
            data={"csrf_token": at._tokens[at.guest], "name": at.bob.name, "password": factories.PASSWORD},
            headers={"User-Agent": _header(words), "Referer": _header(words), "X-Request-Id": _header(words)},
        ),
    ),
}  # fmt: skip


def _header(words: str) -> str:
    """As much of it as a header can carry."""
    return "".join(c for c in words if c.isprintable() and ord(c) < 256)


# Ways out

ARGUMENTS: dict[str, Any] = {
    "board_id": Board, "topic_id": Topic, "post_id": Post, "room_id": Room, "message_id": Message, "case_id": Case,
    "report_id": Report, "decision_id": Decision, "persona_id": Persona, "strategy_id": Strategy, "ask_id": StrategyAsk,
    "group_id": Group, "draft_id": Draft, "planned_id": Planned,
}  # fmt: skip
FIXED = {"slug": ["cbt"], "token": ["of a link that there never was"], "version": [1]}
"""Arguments that name something which no words make."""

LATEST = 4
"""How many of each kind are opened, the latest first: what a batch of words made."""


def pages(site: Flask) -> Iterator[tuple[bool, str]]:
    """Every address that can be opened now: each page and JSON route, for the latest things of its kind, and whether
    it is of one thing."""
    for rule in site.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in ("static", "help.leave"):
            continue
        with site.test_request_context():
            for values in _values(rule.arguments):
                yield bool(rule.arguments), url_for(rule.endpoint, **values)


def _values(arguments: set[str]) -> Iterator[dict[str, Any]]:
    if not arguments:
        yield {}
    elif arguments == {"room_id", "message_id"}:
        for row in db.session.scalars(select(Message).order_by(Message.id.desc()).limit(LATEST)):
            yield {"room_id": row.room_id, "message_id": row.id}
    elif arguments == {"place"}:
        for row in db.session.scalars(select(Draft).order_by(Draft.id.desc()).limit(LATEST)):
            yield {"place": row.place}
    else:
        (name,) = arguments
        for value in FIXED[name] if name in FIXED else _latest(ARGUMENTS[name]):
            yield {name: value}


def _latest(model: Any) -> Any:
    return db.session.scalars(select(model.id).order_by(model.id.desc()).limit(LATEST))


def _walk(at: Stage) -> None:
    """Every page, as its author and a moderator see it, and for everybody else those that are not of one thing."""
    for is_of_one, url in list(pages(at.app)):
        for who in (at.alice, at.mo) if is_of_one else (at.alice, at.mo, at.bob, at.guest):
            at.read(who, url)


def _questions(at: Stage) -> None:
    """Pages that an address makes: an answer that quotes, a room that goes back, a report about words."""
    for row in db.session.scalars(select(Post.id).order_by(Post.id.desc()).limit(LATEST)):
        at.read(at.alice, f"/topics/{at.topic.id}?quote={row}")
        at.read(at.mo, f"/report?post={row}")
    for row in db.session.scalars(select(Message.id).order_by(Message.id.desc()).limit(LATEST)):
        at.read(at.bob, f"/report?message={row}")
        at.read(at.bob, f"/rooms/{at.room.id}?reply_to={row}")
    at.read(at.bob, f"/topics/{at.topic.id}?page=99")
    at.read(at.mo, "/moderation/record?check=1")


def _frames(at: Stage) -> None:
    """What was pushed to open pages, and what one that comes back is told."""
    for who in (at.alice, at.bob):
        for told in at.tab(who).heard():
            at.answer("a frame", told)
        epoch = db.session.get(Room, at.room.id).epoch
        for after in (0, None):
            at.answer(
                "room:join",
                at.tab(who).ask("room:join", {"room": at.room.id, "epoch": epoch, "after": after}),
            )
        at.answer("room:sync", at.tab(who).ask("room:sync", {"room": at.room.id, "epoch": epoch, "after": 0}))
        at.answer("presence:get", at.tab(who).ask("presence:get", {"room": at.room.id}))


def _answers(at: Stage) -> None:
    """The JSON routes with what makes them tell more."""
    at.read(at.bob, f"/api/v1/rooms/{at.room.id}/events?after=0")
    at.read(at.bob, f"/api/v1/rooms/{at.room.id}/messages?before=99999")
    at.read(at.mo, "/moderation/lines")


def _feeds(at: Stage) -> None:
    """The feeds of somebody who watches everything, and of somebody who begins a feed without entries."""
    watching.watch_board(at.bob, at.board, level="all")
    for who in (at.bob, at.mo):
        at.read(at.guest, f"/feeds/{watching.make_feed(who)}")


OUTPUTS: dict[str, Output] = {
    "pages": _walk,
    "pages that an address makes": _questions,
    "socket frames": _frames,
    "JSON answers": _answers,
    "feeds": _feeds,
}


def put(at: Stage, door: str, words: str) -> None:
    """Words through one way in; nobody is slowed down for it."""
    limits.use("")
    before = len(at.wrong)
    INPUTS[door](at, words)
    if len(at.wrong) > before:
        at.note(f"{door}: {words[:80]!r}", ["came back alive"])
    db.session.rollback()


def take(at: Stage) -> None:
    """Look at every way out."""
    for look in OUTPUTS.values():
        look(at)
