"""The rules of the first day. Each has a name that moderators read, a label, a tier and a pattern.

Recall is wanted of "a person should look": a false alarm costs a moderator a minute. Patterns avoid nested
repetition, so that a long text costs time in proportion to its length.
"""

import re
from dataclasses import dataclass

VERSION = "rules-1"


@dataclass(frozen=True)
class Rule:
    """A pattern that, where it matches, says what a text may mean."""

    name: str
    label: str
    tier: str
    pattern: re.Pattern[str]


def _rule(name: str, label: str, tier: str, *alternatives: str) -> Rule:
    return Rule(
        name, label, tier, re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?!\w)", re.IGNORECASE)
    )


_I = r"(?:i|i['’]?m|im|i am|i['’]?ve|i['’]?ll)"
_WANT = r"(?:want|wants|wanted|going|plan|planning|need|about|ready|decided|gonna|wanna)"

RULES: tuple[Rule, ...] = (
    _rule(
        "wish to end one's life",
        "crisis",
        "crisis",
        rf"{_I} {_WANT}(?: to)? (?:kill myself|end (?:my life|it all|it tonight)|die tonight)",
        r"(?:kill|killing) myself",
        r"(?:end|ending|take|taking) my (?:own )?life",
        r"(?:tonight|today) (?:i|i['’]ll|i will) (?:end it|do it|be gone)",
        r"(?:goodbye|bye) (?:everyone|all of you|forever)",
        r"(?:unalive|kms)(?: myself)?",
    ),
    _rule(
        "wish to be dead",
        "ideation",
        "red",
        r"(?:want|wanted|wish(?:ed)?|ready|rather)(?: i (?:was|were)| to be| to)? (?:die|dead)",
        r"(?:don['’]?t|do not|dont) (?:want|wanna)(?: to)? (?:live|be here|be alive|wake up|exist)(?: any ?more)?",
        r"no (?:reason|point) (?:to|in) (?:live|living|going on|go on)",
        r"better off (?:dead|without me)",
        r"suicidal",
        r"(?:can['’]?t|cannot) (?:go on|do this any ?more)",
    ),
    _rule(
        "hurting oneself",
        "self_harm",
        "red",
        r"(?:cut|cutting|hurt|hurting|burn|burning|harm|harming|starve|starving|punish|punishing) myself",
        r"self[- ]?(?:harm|harming|harmed|injury|injuring)",
    ),
    _rule(
        "told to hurt themself",
        "urges_harm",
        "red",
        r"(?:kill|hurt|cut|hang|harm) (?:yourself|urself|ur self)",
        r"(?:kys)",
        r"you (?:should|could|can|ought to)(?: just)? (?:die|end it|kill yourself)",
        r"(?:go|just) (?:and )?die",
        r"(?:world|everyone|we)(?: would be|['’]d be| is)? better off without you",
    ),
    _rule("e-mail address", "personal_data", "amber", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    _rule("phone number", "personal_data", "amber", r"\+?\(?\d{2,5}\)?(?:[ .\-/]?\(?\d{2,5}\)?){2,5}"),
    _rule(
        "postal address",
        "personal_data",
        "amber",
        r"\d{1,4}[a-z]? (?:[A-Z][\w'’]{1,20} ){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|close|drive|dr|way|court|terrace)",
        r"[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[ABD-HJLNP-UW-Z]{2}",
    ),
)
