"""The community agreement, written once: people agree to a version, and every decision cites a rule by number."""

from dataclasses import dataclass

VERSION = 1


@dataclass(frozen=True)
class Rule:
    """One line of the agreement. Its number is how decisions and members refer to it."""

    number: int
    title: str
    text: str


RULES: tuple[Rule, ...] = (
    Rule(
        1,
        "Speak from your own life",
        "Say what was true for you. Advice is welcome when somebody asks for it.",
    ),
    Rule(
        2,
        "Distance is given the first time",
        "When someone asks for space, or stops answering, leave it there. Nobody owes a reason or a reply.",
    ),
    Rule(
        3,
        "Be kind, also when you disagree",
        "Answer the person as well as the point. No insults, no mocking, no contempt for what someone is "
        "or where they come from.",
    ),
    Rule(
        4,
        "No methods and no amounts",
        "You can write that you want to die or hurt yourself, and people will answer. Leave out how, with what and "
        "how much, because someone having a hard night may read it.",
    ),
    Rule(
        5,
        "No diagnosing",
        "We don’t tell each other what they have, what they should take, or what is wrong with someone who isn’t here.",
    ),
    Rule(
        6,
        "Nothing that could find someone",
        "No full names, addresses, numbers, workplaces or pictures of people, your own included.",
    ),
    Rule(
        7,
        "No selling and no recruiting",
        "No offers, no fundraising, no inviting people to a group, a study, a belief or a treatment elsewhere.",
    ),
    Rule(
        8,
        "What is written here stays here",
        "Don’t copy, quote or screenshot other people’s words outside. The limits to our own silence are on the page "
        "about what we keep.",
    ),
    Rule(
        9,
        "Safety comes first, and we are all adults",
        "This is a place for people of 18 and over. If someone may be in danger, tell a moderator: “I’m worried "
        "about them” is in the menu of every post.",
    ),
)


def rule(number: int) -> Rule:
    """The rule with this number; raises LookupError when the agreement has no such line."""
    for one in RULES:
        if one.number == number:
            return one
    raise LookupError(f"the agreement has no rule {number}")
