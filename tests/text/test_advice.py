"""What reads as advice in the first lines of an answer."""

import pytest

from forum.triage.advice import opens_with_advice

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "text",
    [
        "You should call her back.",
        "Have you tried writing it down?",
        "have you ever considered a therapist",
        "Why don’t you just tell him?",
        "Why don't you leave",
        "If I were you I would move out.",
        "I’d suggest a walk.",
        "My advice: sleep first.",
        "I hear you. You need to set a boundary.",
        "Just try to breathe.",
        "Try cold water.",
        "Stop answering her calls.",
        "> I put the phone down.\n\nYou could try a timer.",
        "You'd better rest.",
    ],
)
def test_advice_is_noticed(text):
    assert opens_with_advice(text)


@pytest.mark.parametrize(
    "text",
    [
        "I read all of it. I know that it happened now.",
        "That sounds so heavy. I am here.",
        "You should be proud of that.",
        "You should know that you are not alone.",
        "You don’t have to answer.",
        "She told you “you should be grateful” and I am angry for you.",
        "> You should call her back.\n\nThat line would have hurt me too.",
        "What you have written stayed with me.",
        "You must have been so tired.",
        "I tried that too, and I am still here.",
        "With you. " * 40 + "You should rest.",
        "",
    ],
)
def test_company_is_not(text):
    assert not opens_with_advice(text)
