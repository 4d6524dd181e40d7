"""What crosses doors: forms sent twice, other sites, hosts and addresses that lie, bodies of the wrong kind, and whatever was
revoked."""


import pytest
from flask import url_for
from sqlalchemy import func, select

from forum.actions import rooms
from forum.db import Base, db
from forum.limits import limits
from forum.live.ids import new_cid
from tests.conftest import token_of
from tests.test_policy import GOOD

# Parts


def every(site, method, world):
    """Every route that takes this method: its rule, and an address of something that is there."""
    for rule in site.url_map.iter_rules():
        if method in rule.methods and rule.endpoint != "static":
            with site.test_request_context():
                yield rule, url_for(rule.endpoint, **{name: world.get(name, 1) for name in rule.arguments})


def rows():
    """How many rows each table has."""
    db.session.rollback()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def grown(before):
    """The tables that have more rows than before."""
    return {name for name, count in rows().items() if count > before[name]}


def is_page(rule):
    return not rule.rule.startswith("/api/")


# A form that is sent twice

NOTED = {"moderation_log", "moderation_log_words", "outbox"}
"""What is said of every deed, whether or not it changed anything."""

EACH_IS_NEW = {"joining.invite", "settings.make_key"}
"""A link or a key is shown once: whoever presses twice reads the second, and ends the first in the list."""


@pytest.mark.parametrize("who", ["alice", "ada"])
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
