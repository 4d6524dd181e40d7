"""Texts made of more pieces than people write: every word of them is there, and none is laid out."""

import pytest

from forum.text import BODY_LIMIT, HELPED, clean_text, gist, render
from forum.text.veils import for_reader

TOO_MANY_MARKS = "[" * 5_000
TOO_MANY_PIECES = "a.org " * 900


@pytest.mark.parametrize(
    "source", [TOO_MANY_MARKS, TOO_MANY_PIECES, "line\n" * 3_000, "<b>&amp;" * 900, "http://a.org/(" * 99]
)
def test_it_is_shown_as_it_was_typed(source):
    html = render(source)
    assert html.startswith("<pre>")
    assert html.count("<") == 2
    assert gist(html, BODY_LIMIT) == " ".join(source.split())


def test_a_passage_in_it_stays_folded():
    html = render(f"   :::mentions loss What <b> was.\n{TOO_MANY_MARKS}\n:::")
    assert html.startswith('<details class="veil" data-kind="loss">')
    assert "</b>What &lt;b&gt; was.</span>" in html
    assert "[[" not in for_reader(html, {"loss": "hide"})


def test_a_long_letter_with_lists_and_quotations_is_laid_out():
    letter = '- **A thing** that “helped”, - a little, said "she".\n> And an answer to it.\n\n' * 100
    letter += "A plain sentence of some length, and another one.\n" * 200
    assert len(letter.encode()) < BODY_LIMIT
    assert "<strong>" in render(letter)


def test_nobody_types_the_mark_of_what_helped():
    assert HELPED in render(":::helped\nCold water.\n:::")
    assert HELPED not in render(f'{HELPED} class="helped" `{HELPED}`')


def test_a_line_of_spaces_does_not_hold_everybody_up():
    """The pattern of our own blocks once read such a line in steps that grew with its square: minutes at this length."""
    source = ":::mentions loss" + " " * 19_000 + "z" * 200
    assert "z" * 200 in clean_text(source).html


def test_halves_of_letters_are_no_error():
    assert render("a\ud800b\x00") == "<p>a?b\ufffd</p>\n"
