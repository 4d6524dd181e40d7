"""Every payload is inert, whichever way it comes in and wherever it comes out."""

import itertools

import pytest

from forum.text import render
from forum.text.veils import for_reader
from tests.hostile.checking import wrong_in_json, wrong_in_page, wrong_in_words
from tests.hostile.corpus import CLASSES, ELSEWHERE, PAYLOADS, RAN
from tests.hostile.doors import INPUTS, Stage, put, take

pytestmark = pytest.mark.once
BATCH = 10
"""Payloads that are looked for on pages together."""


@pytest.fixture
def stage(app, client_as):
    stage = Stage(app, client_as)
    yield stage
    stage.close()


def test_there_is_enough_of_it():
    assert len(set(PAYLOADS.values())) >= 300
    assert all(list(made()) for made in CLASSES)


@pytest.mark.parametrize("name", PAYLOADS)
def test_rendered_words_hold_nothing_but_what_our_renderer_makes(name):
    for source in (PAYLOADS[name], f"> - {PAYLOADS[name]}", f":::mentions loss x\n{PAYLOADS[name]}\n:::"):
        html = render(source)
        assert not wrong_in_words(html)
        assert not wrong_in_words(for_reader(html, {"loss": "show"}))
        assert not wrong_in_words(for_reader(html, {"loss": "hide"}))


def test_every_way_in_and_every_way_out(stage):
    """Each way in takes its turn of the payloads, so that every class goes through every door in a few rounds."""
    turns = itertools.cycle(list(PAYLOADS)[::5])
    for door in INPUTS:
        for name in itertools.islice(turns, 2):
            put(stage, door, PAYLOADS[name])
    take(stage)
    assert not stage.wrong
    assert stage.checked > 200


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, len(PAYLOADS), BATCH))
def test_every_payload_through_every_way_in(stage, start):
    for words in list(PAYLOADS.values())[start : start + BATCH]:
        for door in INPUTS:
            put(stage, door, words)
    take(stage)
    assert not stage.wrong


LIVE = [
    f"<script>{RAN}</script>",
    f"<img src=x onerror={RAN}>",
    f"<p onclick={RAN}>x</p>",
    f"<a href='javascript:{RAN}'>x</a>",
    f"<a href=' java\nscript:{RAN}'>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<p style='color:red'>x</p>",
    "<style>p{}</style>",
    "<iframe></iframe>",
    f"<svg><use href='{ELSEWHERE}#x'/></svg>",
    f"<form action='{ELSEWHERE}'></form>",
    f"<script src='{ELSEWHERE}/x.js'></script>",
    f"<link rel=stylesheet href='{ELSEWHERE}/x.css'>",
    "<meta http-equiv=refresh content='0;url=x'>",
    "<base href='/x'>",
    "<math></math>",
]


@pytest.mark.parametrize("live", LIVE)
def test_looking_notices_what_is_planted(live):
    own = "http://localhost"
    assert wrong_in_page(f"<!doctype html><title>x</title><main>{live}</main>", own)
    assert wrong_in_page(f"<!doctype html><div class=prose>{live}</div>", own)
    assert wrong_in_words(live)
    assert wrong_in_json({"messages": [{"html": live}]}, own)


@pytest.mark.parametrize(
    "drawn", ["<b id=x>x</b>", "<p class=btn>x</p>", "<button>x</button>", "<a name=x>x</a>"]
)
def test_looking_notices_what_only_pages_may_have(drawn):
    assert wrong_in_words(drawn)
    assert not wrong_in_page(f"<!doctype html><title>x</title><main>{drawn}</main>", "http://localhost")
