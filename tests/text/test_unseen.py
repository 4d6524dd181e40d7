"""What nobody sees: it hides no words, turns no line round, and makes no name look like another."""

import pytest

from forum.errors import Invalid
from forum.text import clean_line, clean_text
from forum.text.names import checked, key_of
from forum.triage import read

HIDES = "\u00ad\u180e\u200b\u202a\u202b\u202c\u202d\u202e\u2060\u2063\u2066\u2067\u2068\u2069\u3164\ufeff\uffa0\ufffa"


@pytest.mark.parametrize("sign", HIDES, ids=ascii)
def test_what_hides_or_turns_letters_round_is_left_out(sign):
    assert clean_line(f"a{sign}b", limit=9, field="title") == "ab"
    assert clean_text(f"a{sign}b").source == "ab"


@pytest.mark.parametrize(
    "sign", ["\u034f", "\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\ufe0e", "\U000e0061"]
)
def test_joiners_and_marks_between_latin_letters_are_left_out(sign):
    assert clean_line(f"ki{sign}ll", limit=9, field="title") == "kill"


@pytest.mark.parametrize(
    "kept",
    ["می‌خواهم", "क्‍ष", "👩‍👧", "❤️", "1️⃣", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"],
)
def test_joiners_that_a_script_or_a_picture_needs_stay(kept):
    assert clean_text(kept).source == kept


def test_words_cannot_hide_from_those_who_look_after_them():
    assert "urges_harm" in read(clean_text("just k\u200bill your\u2060self").source, "board").labels


@pytest.mark.parametrize("blank", ["\u3164", "\u2800", "\u115f\u1160", "\u200b", "\ufe0f", "\U000e0061"])
def test_what_is_drawn_as_nothing_is_no_words(blank):
    for read_it in (clean_text, lambda raw: clean_line(raw, limit=9, field="body")):
        with pytest.raises(Invalid):
            read_it(blank)


@pytest.mark.parametrize(
    "name",
    [
        "Quiet\u200bFern", "Quiet\u202eFern", "Qui\ufe00et Fern", "Quiet\u3164Fern", "\u3164\u3164\u3164", "\uffa0\uffa0\uffa0",
        "Fern\u034f", "\u115f\u1160\u115f", "Fe\U000e0061rn", "Qui\u180bet", "Fern\u17b5", "F\u0301\u0302\u0303\u0304\u0305ern",
        "Fe\u2066rn", "Fe\u00adrn", "Fe\x00rn", "Fe\x85rn", "Fe\u2800rn",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_name_is_all_to_be_seen(name):
    try:
        kept = checked(name)
    except Invalid:
        return
    assert kept == " ".join(kept.split())
    assert key_of(kept) == key_of("Fe rn"), "only a space may have been tidied"


@pytest.mark.parametrize("name", ["လျှော့", "བསྒྲུབས", "Nguyễn Thị", "שָׁלוֹם", "สวัสดี ครับ", "مريم هدى", "क्षमा देवी"])
def test_names_of_every_script_work(name):
    assert checked(name)
