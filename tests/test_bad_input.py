"""Bad input at any door of the pages: a clear 4xx, never a 500, and nothing half-saved."""

import pytest
from flask import url_for

from tests.conftest import token_of
from tests.counting import rows

pytestmark = pytest.mark.once
"""What a door refuses it refuses before any engine is asked."""

WHO = [
    "mo",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("guest", "alice", "sam", "fay", "ada")),
]
"""Who moderates meets every form; the others, who may do less, meet them in `make test-all`."""
FIELDS = (
    "body", "title", "gist", "intent", "kinds", "key", "quotes_id", "number", "page", "board", "board_id", "cid",
    "reply_to", "reason", "words", "letter", "verb", "rule", "days", "scope", "note", "minutes", "seconds", "name",
    "own_name", "password", "email", "code", "old", "new", "kind", "theme", "next", "country", "mask", "on",
    "edited_at", "version", "token", "draft", "into", "publish_at", "rules", "template", "closes_after_days",
    "settings_version", "fits", "place", "steps", "changes", "cautions", "evidence",
    "cites", "cites_url", "tags",
    "post", "card", "how", "situation", "before", "after", "answer", "helps", "signs",
    "member", "role", "line", "way", "section", "about", "icon", "audience",
    "groups", "starters", "capacity", "keeps_hours", "reads_from", "channel", "cost", "hours", "url", "source",
    "since_0", "until_0", "proof", "passkey", "passkey_name", "again_at",
    "mode", "question", "purpose", "uses", "lines", "changed", "publish", "pronouns", "figure", "tone", "timezone",
    "as_alias", "alias_reason", "level", "quiet_from", "quiet_until", "kind_words_a_day", "gives_kind_words", "sure", "listed",
)  # fmt: skip
VALUES = {
    "nothing": "",
    "nul and lone surrogates": "a\x00b\udcff",
    "a huge number": "9" * 40,
    "a negative number": "-1",
    "markup": "<script>alert(1)</script>'\";--",
    "too long": "é" * 1_200,  # the whole form is over the limit of a form
    "a long line": "é" * 360,  # the form is not; most of its fields are
    "another's address": "//evil.example/",
    "right to left and without width": "\u202e\u200b\u2066",
}


FIRST = ("nothing", "nul and lone surrogates", "a huge number", "markup", "a long line")
"""Of these values each form takes all in `make test`, and the others in `make test-all`."""


def posts(site, world):
    for rule in site.url_map.iter_rules():
        if "POST" in rule.methods and not rule.rule.startswith("/api/"):
            values = {name: world.get(name, 1) for name in rule.arguments}
            with site.test_request_context():
                yield url_for(rule.endpoint, **values), site.view_functions[rule.endpoint]


WRITTEN = {
    "posts", "revisions", "topics", "messages", "reports", "decisions", "sanctions", "users", "strategies", "plans", "boards",
    "rooms", "groups", "invitations", "agreements", "profiles",
}  # fmt: skip
"""The tables where a form that says nothing leaves everything as it was."""


@pytest.mark.parametrize(
    "what", [one if one in FIRST else pytest.param(one, marks=pytest.mark.slow) for one in VALUES]
)
@pytest.mark.parametrize("who", WHO)
def test_no_form_breaks_a_page(who, what, request, site, world, client_as):
    client = client_as(request.getfixturevalue(who))
    form = dict.fromkeys(FIELDS, VALUES[what].encode("utf-8", "surrogatepass"))
    before, token = rows(), token_of(client)
    for url, view in posts(site, world):
        if "/sign-out" in url:
            continue
        answer = client.post(url, data={**form, "csrf_token": token})
        assert answer.status_code < 500, (url, answer.status_code)
        assert not answer.headers.get("Location", "").startswith("//"), url
        if who == "guest" and "sign" not in url and "way-back" not in url and hasattr(view, "asks"):
            assert answer.status_code in (401, 403, 404, 410, 413, 422), (url, answer.status_code)
    if what in ("nothing", "too long", "right to left and without width"):
        after = rows()
        assert {name for name in WRITTEN if after[name] != before[name]} == set()


def test_whatever_somebody_wrote_comes_back_from_an_address_that_is_gone(client_as, alice):
    typed = (
        "body title gist letter words reason name note about fits place steps changes cautions cites rules template question "
        "answer purpose lines changed signs helps places people services safer reasons"
    )
    client, written = client_as(alice), {name: f"kept as {name}" for name in typed.split()}
    answer = client.post("/topics/999999/replies", data=written | {"csrf_token": token_of(client)})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert [name for name, words in written.items() if words not in page] == []


def test_a_stale_token_gives_the_words_back_to_be_sent_again(client_as, alice, topic, world):
    client = client_as(alice)
    answer = client.post(f"/topics/{topic.id}/replies", data={"body": "kept words", "csrf_token": "stale"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "kept words" in page
    assert "Send it again" in page
    assert 'name="body"' in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    again = client.post(f"/topics/{topic.id}/replies", data={"body": "kept words", "csrf_token": token})
    assert again.status_code == 303


@pytest.mark.parametrize(
    "path", ["/topics/99999999999999999999", "/topics/0", "/topics/-1", "/posts/x", "/boards/1e9"]
)
def test_an_address_that_names_nothing_is_not_found(app, path):
    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["page=x", "page=-1", "page=99999999999999999999", "before=%00", "before=x"]
)
def test_a_query_that_means_nothing_is_no_error(client_as, alice, topic, query):
    client = client_as(alice)
    for path in (f"/topics/{topic.id}", f"/boards/{topic.board_id}", "/notices", "/boards"):
        assert client.get(f"{path}?{query}").status_code in (200, 404, 422)


def test_more_than_fits_is_refused_before_it_is_read(client_as, alice, topic):
    client = client_as(alice)
    answer = client.post(
        f"/topics/{topic.id}/replies", data={"csrf_token": token_of(client), "body": "a" * 300_000}
    )
    assert answer.status_code in (413, 422)


def test_a_form_with_a_key_that_cannot_be_stored_says_so(client_as, alice, topic):
    client = client_as(alice)
    form = {"csrf_token": token_of(client), "body": "kept words", "key": "a\x00b"}
    answer = client.post(f"/topics/{topic.id}/replies", data=form)
    assert answer.status_code == 422
    assert "kept words" in answer.get_data(as_text=True)
