"""A community of the size that somebody wants to look at."""

import json

import pytest

from forum import crowd
from forum.db import db
from forum.models import Post, Topic, User


def test_a_larger_community_is_whole_and_within_everybodys_limits(command, app, monkeypatch):
    monkeypatch.setitem(crowd.SIZES, "medium", crowd.Size(members=55, topics=60, replies=110))
    assert command("seed").exit_code == 0
    small = [db.session.query(kind).count() for kind in (User, Topic, Post)]
    assert command("seed", "--size", "medium").exit_code == 0
    assert [db.session.query(kind).count() for kind in (User, Topic, Post)] == small


@pytest.mark.slow
def test_a_crowd_writes_with_the_same_actions_as_everybody(command, app, monkeypatch):
    monkeypatch.setitem(crowd.SIZES, "medium", crowd.Size(members=55, topics=60, replies=110))
    assert command("seed", "--size", "medium").exit_code == 0
    assert db.session.query(User).filter(User.is_demo).count() == 14 + 55
    assert db.session.query(Topic).filter(Topic.author_id > 14).count() == 60
    assert command("check").exit_code == 0


@pytest.mark.once
@pytest.mark.parametrize("size", crowd.SIZES)
def test_nobody_in_a_crowd_would_write_more_than_a_member_may(size):
    chosen = crowd.SIZES[size]
    assert chosen.topics / chosen.members <= 6 / 2
    assert chosen.replies / chosen.members < 20


def test_lists_can_be_read_by_programs(command, app, alice, board):
    command("token", "create", alice.name, "--scope", "reports")
    assert json.loads(command("board", "list", "--json").stdout)[0]["name"] == board.name
    assert json.loads(command("token", "list", alice.name, "--json").stdout)[0]["scopes"] == ["reports"]
    assert json.loads(command("jobs", "list", "--json").stdout) == {"waiting": 0, "dead": []}
    assert json.loads(command("demo-logins", "--json").stdout) == []


def test_texts_of_an_older_renderer_are_rendered_again(command, post):
    post.renderer, post.html = 0, "old"
    db.session.commit()
    assert "1 texts were rendered again" in command("rebuild-html").stdout
    db.session.refresh(post)
    assert post.html == "<p>I read all of it.</p>\n"
