"""What crosses doors: forms sent twice, other sites, hosts and addresses that lie, bodies of the wrong kind, and whatever was
revoked."""

import dataclasses
import itertools

import pytest
from flask import url_for

from forum import create_app
from forum.actions import accounts, rooms
from forum.db import db
from forum.errors import Invalid, RateLimited
from forum.limits import limits
from forum.live.ids import new_cid
from tests import factories
from tests.conftest import token_of
from tests.counting import grown, rows
from tests.test_policy import GOOD

pytestmark = pytest.mark.once
"""What a door refuses it refuses before any engine is asked."""

# Parts


def every(site, method, world):
    """Every route that takes this method: its rule, and an address of something that is there."""
    for rule in site.url_map.iter_rules():
        if method in rule.methods and rule.endpoint != "static":
            with site.test_request_context():
                yield rule, url_for(rule.endpoint, **{name: world.get(name, 1) for name in rule.arguments})


def is_page(rule):
    return not rule.rule.startswith("/api/")


# A form that is sent twice

NOTED = {"moderation_log", "moderation_log_words", "outbox"}
"""What is said of every deed, whether or not it changed anything."""

EACH_IS_NEW = {"joining.invite", "settings.make_key"}
"""A link or a key is shown once: whoever presses twice reads the second, and ends the first in the list."""


@pytest.mark.parametrize("who", [pytest.param("alice", marks=pytest.mark.slow), "ada"])
def test_a_form_that_is_sent_twice_makes_one_thing(who, request, site, world, client_as, room):
    user, twice = request.getfixturevalue(who), set()
    rooms.join_room(user, room)
    for rule, url in every(site, "POST", world):
        if not is_page(rule) or rule.endpoint in EACH_IS_NEW:
            continue
        limits.use("")
        client = client_as(user)
        form = GOOD | {"csrf_token": token_of(client), "cid": new_cid(), "board": world["board_id"]}
        form["key"] = rule.endpoint
        first = client.post(url, data=form)
        before = rows()
        second = client.post(url, data=form)
        assert (first.status_code < 500, second.status_code < 500) == (True, True), url
        if grown(before) - NOTED:
            twice.add(rule.endpoint)
    assert not twice


@pytest.mark.parametrize("page", ["/house/boards", "/house/rooms", "/moderation/cases/{case_id}"])
def test_a_page_gives_its_form_a_key_that_is_new_each_time(page, world, client_as, ada):
    client = client_as(ada)
    keys = [
        client.get(page.format(**world)).get_data(as_text=True).split('name="key" value="')[1:]
        for _ in range(2)
    ]
    first, second = ({rest.split('"')[0] for rest in each} for each in keys)
    assert all(len(key) >= 20 for key in first)
    assert first.isdisjoint(second)


# Addresses and hosts that lie

EVIL = "evil.example"
ADDRESSES = (
    "//", f"//{EVIL}", f"//{EVIL}/boards/1", "/boards//1", "/boards/1//", "/boards/1/", "/api//v1/boards", "/api/v1//boards",
    "/%2e%2e/%2e%2e/etc/passwd", "/static/../README.md", "/static/%2e%2e/README.md", "/static/..%2f..%2fREADME.md",
    "/static/%2fetc/passwd", "/static//etc/passwd", "/static/css/base.css%00", "/static/css/base.css.", "/static/css",
    "/static/", "/boards%00", "/topics/1%00", "/topics/1.", "/topics/../boards", "/topics/%2e%2e/boards", "/boards/1%20",
    "/boards/%D9%A3", "/boards/%ff%fe", "/%0d%0aSet-Cookie:%20x=1", "/" + "a" * 100_000, "/" + "a/" * 5_000, "/%5c" + EVIL,
    f"/%2f%2f{EVIL}", f"/.//{EVIL}", f"/@{EVIL}", "/boards;x=1", "/BOARDS", "/help?country=%ff", "/feeds/%00", "/feeds/%ff",
    "/sign-up/%ff", "/confirm/" + "a" * 70_000, "/guides/%2e%2e%2fbase", "/api/v1/drafts/%00", "/api/v1/drafts/reply:%00",
    "/?" + "a=1&" * 20_000, f"/sign-in?next=//{EVIL}", f"/sign-in?next=/%5c{EVIL}", "/sign-in?next=/%0d%0ax",
)  # fmt: skip
HOSTS = (
    "localhost:5000",
    EVIL,
    f"{EVIL}:99999999",
    f"localhost:5000@{EVIL}",
    "a b",
    "[::1",
    "",
    "é.example",
    f"x\r\nLocation: //{EVIL}",
)
CLAIMS = {
    "Host": EVIL, "X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "gopher", "X-Forwarded-Port": "99", "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Server": EVIL, "Forwarded": f"host={EVIL};proto=gopher", "X-Host": EVIL,
    "X-Original-URL": f"//{EVIL}", "X-Rewrite-URL": f"//{EVIL}", "X-Original-Host": EVIL, "Origin": f"https://{EVIL}",
    "Referer": f"https://{EVIL}/", "X-HTTP-Method-Override": "DELETE",
}  # fmt: skip
"""What a request may claim about where it was sent to, and by whom."""


@pytest.fixture
def claiming(app):
    """Asks with a browser's cookie and all of these claims; by itself a cookie would not follow to another host."""
    bare = app.test_client(use_cookies=False)

    def ask(client, method, url, **more):
        headers = CLAIMS | {"Cookie": f"hearth={client.get_cookie('hearth').value}"}
        return bare.open(url, method=method, headers=headers, **more)

    return ask


@pytest.mark.once
@pytest.mark.parametrize("who", ["guest", "alice"])
def test_no_address_leads_to_another_host_or_out_of_a_folder(who, request, world, client_as):
    client = client_as(request.getfixturevalue(who))
    for address, host in itertools.product(ADDRESSES, HOSTS):
        with client.get(address, environ_overrides={"HTTP_HOST": host}) as answer:
            leads_to = answer.headers.get("Location", "/")
            assert answer.status_code < 500, (address[:80], host)
            assert leads_to.startswith("/"), (address[:80], host, leads_to)
            assert not leads_to.startswith(("//", "/\\")), (address[:80], host, leads_to)
            assert EVIL not in str([value for name, value in answer.headers if name != "Location"])
            assert not address.startswith("/static/") or answer.status_code in (308, 404), address


@pytest.mark.parametrize("who", ["alice", pytest.param("ada", marks=pytest.mark.slow)])
def test_no_page_takes_over_what_a_request_says_of_its_host(who, request, site, world, client_as, claiming):
    client = client_as(request.getfixturevalue(who))
    token_of(client)
    for rule, url in every(site, "GET", world):
        if rule.endpoint in ("help.leave", "help.show"):
            continue
        answer = claiming(client, "GET", url)
        assert answer.status_code < 500, url
        assert EVIL not in answer.get_data(as_text=True), url
        assert EVIL not in str(answer.headers), url
        assert "gopher" not in str(answer.headers), url


def test_no_link_that_goes_out_follows_the_host_of_a_request(client_as, claiming, guest, ada, mailbox):
    kettle = factories.make_user("Copper Kettle")
    accounts.change_email(kettle, email="kettle@example.org", password=factories.PASSWORD)
    client, keeper = client_as(guest), client_as(ada)
    confirming = mailbox.links()
    accounts.confirm_email(kettle, token=confirming[0].rsplit("/", 1)[1])
    form = {"csrf_token": token_of(client), "email": "kettle@example.org"}
    assert claiming(client, "POST", "/way-back-in/link", data=form).status_code == 303
    form = {"csrf_token": token_of(keeper), "purpose": "A friend", "uses": "1", "days": "7"}
    invitation = claiming(keeper, "POST", "/house/invitations", data=form).get_data(as_text=True)

    [mail] = mailbox.fetch()
    assert "http://localhost:5000/way-back-in/" in mail.get_content()
    assert "http://localhost:5000/sign-up/" in invitation
    assert EVIL not in mail.as_string() + invitation


@pytest.mark.parametrize(("proxies", "told"), [(0, "203.0.113.{}"), (1, "203.0.113.{}, 192.0.2.7")])
def test_nobody_gets_more_tries_by_naming_other_addresses(proxies, told, app, settings):
    house = create_app(dataclasses.replace(settings, proxies=proxies))
    client = house.test_client()
    form = {
        "csrf_token": token_of(client),
        "name": "Nobody Here",
        "code": "x",
        "password": "another quiet passphrase",
    }
    try:
        answers = [
            client.post("/way-back-in", data=form, headers={"X-Forwarded-For": told.format(n)}).status_code
            for n in range(11)
        ]
    finally:
        with house.app_context():
            db.engine.dispose()
    assert answers == [422] * 10 + [429]


HEADERS = {
    "Cookie": ("hearth=\xff", "hearth=" + "a" * 8_000, "hearth=.eJwx.x.y", "theme=<script>", ";;;=;", "hearth=a; hearth=b"),
    "Authorization": ("Bearer", "Bearer \xff", "Basic ====", "Bearer " + "a" * 8_000, "bearer hth_", "\xff"),
    "If-Match": ('"', "*,*", "W/", "\xff", '"' + "a" * 8_000 + '"'),
    "Range": ("bytes=0-99999999999999999999", "bytes=-", "bytes=5-1", "bytes=" + "0-0," * 2_000, "x=\xff"),
    "If-Modified-Since": ("x", "Thu, 01 Jan 99999 00:00:00 GMT"),
    "Accept": ("\xff", "*/*;q=x", "a/b," * 2_000),
    "Accept-Language": ("*" * 5_000, "\xff;q=9"),
    "Content-Length": ("-1", "x", "9" * 30),
    "Idempotency-Key": ("\xff", "a" * 500, " "),
    "X-CSRFToken": ("\xff", "a" * 8_000, "."),
    "Referer": ("http://[", "\xff"),
    "Origin": ("null", "http://[", "\xff"),
    "User-Agent": ("\xff" * 4_000, ""),
    "Sec-Purpose": ("prefetch;\xff",),
    "Upgrade": ("websocket", "\xff"),
    "Expect": ("100-continue", "x"),
}  # fmt: skip


@pytest.mark.once
def test_no_header_breaks_an_answer(app, client_as, alice, topic):
    client = client_as(alice)
    places = (
        "/boards",
        f"/topics/{topic.id}",
        "/settings",
        "/sign-in",
        "/static/css/base.css",
        "/api/v1/account",
        "/leave",
    )
    for path, (name, values) in itertools.product(places, HEADERS.items()):
        for value, method in itertools.product(values, ("GET", "POST")):
            with client.open(path, method=method, headers={name: value}) as answer:
                assert answer.status_code < 500, (method, path, name, value[:40])


# Methods and bodies of the wrong kind

METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "\xff", "POST", "GET")
PART = b'--x\r\nContent-Disposition: form-data; name="body"'
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
BODIES = {
    "json": (b'{"body": "x", "title": "x"}', "application/json"),
    "broken json": (b'{"body', "application/json"),
    "a megabyte of json": (b'{"body": "' + b"a" * 2**20 + b'"}', "application/json"),
    "deep json": (b'{"body": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "application/json"),
    "text": (b"body=x", "text/plain"),
    "no kind": (b"body=x", ""),
    "a kind that is none": (b"body=x", "\xff\xfe; ;;=;"),
    "xml": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "application/xml"),
    "parts without a boundary": (b"--x\r\n", "multipart/form-data"),
    "parts cut short": (PART + b"\r\n\r\nabc", PARTS),
    "a file": (PART + b'; filename="../a"\r\nContent-Type: text/html\r\n\r\nabc\r\n--x--\r\n', PARTS),
    "parts of a strange alphabet": (PART + b"\r\nContent-Type: text/plain; charset=utf-7000\r\n\r\nabc\r\n--x--\r\n", PARTS),
    "thousands of parts": ((PART + b"\r\n\r\na\r\n") * 2_000 + b"--x--\r\n", PARTS),
    "thousands of fields": (b"&".join([b"kinds=a"] * 20_000), FORM),
    "percent signs": (b"body=%zz%&%=%ff&&&;;==%00", FORM),
    "a strange alphabet": (b"body=x", f"{FORM}; charset=utf-7000"),
    "two bytes a letter": ("body=x".encode("utf-16"), FORM),
    "a megabyte": (b"body=" + b"a" * 2**20, FORM),
}  # fmt: skip


@pytest.mark.parametrize("who", ["alice", pytest.param("ada", marks=pytest.mark.slow)])
def test_a_method_that_a_route_does_not_take_does_nothing(who, request, site, world, client_as):
    client = client_as(request.getfixturevalue(who))
    token, before = {"X-CSRFToken": token_of(client)}, rows()
    for _rule, url in [*every(site, "GET", world), *every(site, "POST", world)]:
        takes = site.url_map.bind("localhost").allowed_methods(url)
        for method in METHODS:
            if method.upper() not in takes:
                answer = client.open(url, method=method, headers=token)
                assert answer.status_code in (401, 405), (method, url, answer.status_code)
                assert answer.status_code == 401 or answer.headers["Allow"], (method, url)
    assert rows() == before


def turns(site, world, *, all_of_them):
    """Each form with every kind of body, or with the next two in turn."""
    bodies = itertools.cycle(BODIES)
    for _rule, url in every(site, "POST", world):
        if "/sign-out" not in url:
            for what in BODIES if all_of_them else itertools.islice(bodies, 2):
                yield url, what


@pytest.mark.parametrize("all_of_them", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("who", [pytest.param("alice", marks=pytest.mark.slow), "ada"])
def test_a_body_of_another_kind_is_no_error_and_leaves_nothing_half(
    who, all_of_them, request, site, world, client_as
):
    user = request.getfixturevalue(who)
    for url, what in turns(site, world, all_of_them=all_of_them):
        limits.use("")
        client, (body, kind) = client_as(user), BODIES[what]
        headers = {"Content-Type": kind, "X-CSRFToken": token_of(client)}
        before = rows()
        answer = client.post(url, data=body, headers=headers)
        assert answer.status_code < 500, (url, what)
        assert answer.status_code < 400 or grown(before) <= {"drafts"}, (url, what)


# Other sites


@pytest.mark.parametrize("who", ["guest", "ada"])
def test_no_form_of_another_site_does_anything(who, request, site, world, client_as, bob):
    """Neither without a token, nor with one of another browser's; whatever it says that it is."""
    client, other = client_as(request.getfixturevalue(who)), client_as(bob)
    token_of(client)
    before, theirs = rows(), token_of(other)
    for rule, url in every(site, "POST", world):
        for token, origin in (
            (None, f"https://{EVIL}"),
            (theirs, f"https://{EVIL}"),
            (theirs, None),
            ("", "null"),
        ):
            form = GOOD | {"cid": new_cid()} | ({} if token is None else {"csrf_token": token})
            answer = client.post(url, data=form, headers={"Origin": origin} if origin else {})
            assert answer.status_code == 400 if is_page(rule) else answer.status_code in (401, 403), (
                url,
                token,
                origin,
            )
    assert rows() == before


@pytest.mark.parametrize("who", ["alice", "ada"])
def test_no_picture_of_another_site_does_anything(who, request, site, world, client_as):
    """An address that is only opened writes no row, so that no page elsewhere can have it opened for somebody."""
    client, before = client_as(request.getfixturevalue(who)), rows()
    for rule, url in every(site, "GET", world):
        if rule.endpoint != "help.leave":
            client.get(url)
    assert rows() == before


ELSEWHERE = [
    {"Origin": f"https://{EVIL}"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_form_of_another_site_comes_back_without_a_button_to_press(headers, client_as, ada, bob):
    """Or the other site fills it in, a sibling of ours gets its cookie along, and an admin presses once."""
    form = {"member": "Bob Heron", "role": "admin", "body": "words of theirs"}
    answer = client_as(ada).post("/house/people/role", data=form, headers=headers)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "another site" in page
    for theirs in ("Send it again", "words of theirs", "Bob Heron"):
        assert theirs not in page


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_form_of_another_site_gives_nobody_a_cookie_that_signs_them_out(headers, app):
    answer = app.test_client().post("/theme", data={"theme": "dark"}, headers=headers)
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (400, [])


def test_a_form_of_ours_that_is_stale_comes_back_with_its_button(client_as, alice):
    for headers in ({}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}):
        answer = client_as(alice).post("/topics/1/replies", data={"body": "kept words"}, headers=headers)
        assert "Send it again" in answer.get_data(as_text=True), headers


@pytest.mark.parametrize("whose", ["cross-site", "same-site"])
def test_no_other_site_leaves_for_somebody(whose, client_as, alice):
    client = client_as(alice)
    answer = client.get("/leave", headers={"Sec-Fetch-Site": whose})
    assert (answer.status_code, "Clear-Site-Data" in answer.headers) == (303, False)
    assert client.get("/settings").status_code == 200


# Words that cost time


def test_nobody_has_words_laid_out_that_they_may_not_write(client_as, send, guest, alice):
    board = factories.make_board("Open", audience="guests")
    topic = factories.make_topic(alice, board)
    form = {"body": "*" * 20_000, "preview": "1"}
    for address in (f"/topics/{topic.id}/replies", f"/boards/{board.id}/topics"):
        answer = send(client_as(guest), address, form)
        assert answer.status_code == 401, address
        assert "preview__label" not in answer.get_data(as_text=True)


def test_a_preview_has_a_pace(client_as, send, alice, topic):
    client = client_as(alice)
    answers = [
        send(client, f"/topics/{topic.id}/replies", {"body": "Softly.", "preview": "1"}).status_code
        for _ in range(31)
    ]
    assert answers == [200] * 30 + [429]


# Guessing


def test_an_address_typed_in_another_width_is_counted_as_the_same(app, guest):
    for typed in (
        "kettle@example.org",
        "KETTLE@example.org",
        " kettle@example.org ",
        "\uff4bettle@example.org",
    ):
        for _ in range(5 if typed.isascii() else 1):
            try:
                accounts.check_log_in(guest, name=typed, password="not theirs at all", address=typed)
            except Invalid:
                last = "wrong"
            except RateLimited:
                last = "too often"
    assert last == "too often"


# A cookie that was planted


@pytest.mark.parametrize("way", ["sign-in", "sign-up", "way-back-in"])
def test_nobody_knows_the_log_in_of_whoever_came_in_with_a_planted_cookie(way, app, client_as, guest, alice):
    theirs, hers = client_as(guest), client_as(guest)
    token, planted = token_of(theirs), theirs.get_cookie("hearth").value
    hers.set_cookie("hearth", planted)
    form = {"name": alice.name, "password": factories.PASSWORD, "csrf_token": token} | {
        "sign-in": {},
        "sign-up": {"name": "Slate Wagon", "adult": "1"},
        "way-back-in": {"code": accounts.renew_recovery(alice)[0], "password": "another quiet passphrase"},
    }[way]

    assert hers.post(f"/{way}", data=form).status_code in (200, 303)
    assert hers.get("/settings").status_code == 200
    assert hers.get_cookie("hearth").value != planted
    assert theirs.get("/settings").status_code == 401
    assert hers.post("/theme", data={"theme": "dark", "csrf_token": token}).status_code == 400
