"""Names written with an @, as in @Quiet Juniper."""

import re

_NAMED = re.compile(r'(?<!\w)@(?:"([^"\n]{3,40})"|(\w[\w’\'-]{1,19}(?: \w[\w’\'-]{1,19})?))')
LIMIT = 10


def written(name: str) -> str:
    """How a text names somebody, so that it is read as this name and no other."""
    return f"@{name}" if name in names(f"@{name}") else f'@"{name}"'


def names(source: str) -> list[str]:
    """The names that a text mentions, each once, at most ten; two words are tried as one name and as the first alone."""
    found: dict[str, None] = {}
    for quoted, plain in _NAMED.findall(source):
        found[quoted or plain] = None
        if plain and " " in plain:
            found[plain.split(" ")[0]] = None
    return list(found)[: 2 * LIMIT]
