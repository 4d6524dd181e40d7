"""Markdown to safe HTML, and what readers' choices lay over it."""

import threading

import pytest

from forum.text.markdown import gist, render
from forum.text.masking import mask
from forum.text.mentions import names
from forum.text.veils import for_reader

VEIL = ":::mentions family_conflict What was said.\nShe *shouted*.\n:::\nafter"


def test_commonmark_and_strikethrough():
    html = render("a **b** ~~c~~")
    assert html.strip() == "<p>a <strong>b</strong> <s>c</s></p>"


def test_links_found_in_text_promise_nothing_to_where_they_lead():
    assert 'rel="nofollow ugc noopener noreferrer"' in render("see https://example.org")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:msgbox)",
        "![x](https://tracker.example/p.png)",
        '<a href="x" onclick="alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "<details open ontoggle=alert(1)>",
        "[x](https://e.example 'a\" onmouseover=\"alert(1)')",
        "<style>@import 'https://e.example'</style>",
        ":::mentions family_conflict <img src=x onerror=alert(1)>\nx\n:::",
        "<iframe srcdoc='<script>1</script>'>",
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
        "&#106;avascript:alert(1)",
        "<form action=x><input type=submit>",
    ],
)
def test_nothing_that_runs_or_loads_is_left(source):
    html = render(source)
    for piece in ("<script", "<img", "<svg", "<iframe", "<style", "<form", "<input", "<math"):
        assert piece not in html
    tags = [part.split(">")[0] for part in html.split("<")[1:]]
    assert not any(
        " on" in tag.replace('title="', "").lower() and "=" in tag and "href" not in tag for tag in tags
    )
    assert 'href="javascript' not in html.lower()
    assert 'href="data' not in html.lower()


def test_tables_are_left_as_text():
    assert "<table" not in render("|a|b|\n|-|-|\n|1|2|")


def test_headings_start_below_those_of_the_page():
    assert render("# a").startswith("<h3>")


def test_a_passage_is_folded_behind_a_neutral_noun_and_a_gist():
    html = render(VEIL)
    assert '<details class="veil" data-kind="family_conflict">' in html
    assert "<b>Mentions: family conflict</b>What was said." in html
    assert html.rstrip().endswith("<p>after</p>")


def test_an_unknown_kind_of_passage_stays_as_it_was_written():
    assert "details" not in render(":::mentions gossip\nx\n:::")


def test_a_passage_that_is_never_closed_ends_with_the_text():
    assert render(":::helped\nCold water").count("</div>") == 1


def test_passages_do_not_nest():
    assert render(":::mentions loss a\n:::mentions abuse b\nx\n:::\n:::").count("<details") == 1


@pytest.mark.parametrize(
    ("choice", "shown", "opened"), [("show", True, True), ("fold", True, False), ("hide", False, False)]
)
def test_each_reader_meets_a_passage_as_they_chose(choice, shown, opened):
    html = for_reader(render(VEIL), {"family_conflict": choice})
    assert ("shouted" in html) is shown
    assert ("<details open" in html) is opened
    assert "after" in html


def test_a_hidden_passage_says_what_it_mentions():
    assert "hidden because it mentions: family conflict" in for_reader(
        render(VEIL), {"family_conflict": "hide"}
    )


def test_a_gist_leaves_folded_passages_out_and_ends_at_a_word():
    assert gist(render(VEIL)) == "after"
    assert gist(render("word " * 80), 20) == "word word word word …"


def test_masking_covers_only_the_spans():
    assert mask("call 0123 now", [(5, 9)]) == "call [private detail] now"


def test_mentions_are_found_by_one_word_or_two_or_in_quotes():
    assert names('@Wren, @Quiet Juniper and @"Low Meadow"! not a@b.example') == [
        "Wren",
        "Quiet Juniper",
        "Quiet",
        "Low Meadow",
    ][:2] + ["Quiet", "Low Meadow"]


def test_threads_that_render_at_once_never_mix_their_texts():
    mixed = []

    def work(word: str) -> None:
        for _ in range(40):
            if render(f"*{word}* " * 20).count(word) != 20:
                mixed.append(word)

    threads = [threading.Thread(target=work, args=(f"word{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not mixed
