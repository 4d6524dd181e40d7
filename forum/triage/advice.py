"""Whether a reply opens with advice. It is no judgement: where somebody asked to be heard, its writer may like to know."""

import re

OPENING = 240
"""So many characters are an opening; advice that comes after somebody was heard is a different thing."""

_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_SAID = re.compile(r"“[^”]*”|\"[^\"]*\"")
_ADVICE = re.compile(
    r"""
    \byou(?:\ really|\ just|\ probably|’d|'d)?\ (?:should(?!\ (?:be\ proud|know|never\ have|n))|ought\ to|need\ to(?!\ apologi)
        |must\ not|must\ (?!be|have|feel)|could\ (?:always\ )?try|might\ want\ to|have\ to(?!\ (?:be|have|feel)))
    |\byou(?:’d|'d|\ had)\ better\b
    |\b(?:have|did)\ you\ (?:ever\ |already\ )?(?:tried|try|considered|consider|thought\ (?:of|about)|think\ of)\b
    |\bwhy\ (?:don[’']?t\ you|not\ (?:just\ )?\w+)
    |\b(?:if|were)\ i\ (?:were|was)\ (?:you|in\ your)\b|\bwere\ i\ you\b
    |\bi(?:\ would|’d|'d)?\ (?:strongly\ |really\ )?(?:suggest|recommend|advise)\b
    |\bmy\ (?:advice|suggestion|tip)\b
    |\bwhat\ you\ (?:need\ to|should)\b|\bthe\ (?:best|only)\ thing\ (?:to\ do|you\ can)\b
    |^\s*(?:just\ |maybe\ |simply\ |please\ )?(?:try|stop|leave|talk\ to|go\ to|see\ a|get\ (?:some\ )?help|block|ignore)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def opens_with_advice(text: str) -> bool:
    """Whether the first lines of somebody's own tell another what to do."""
    own = _SAID.sub(" ", _QUOTED.sub("", text)).strip()
    return bool(_ADVICE.search(" ".join(own[:OPENING].split())))
