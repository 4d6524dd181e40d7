"""Texts that are made to cost the server time: as many bytes as fit, of one shape each."""

from collections.abc import Callable

from forum.text import BODY_LIMIT, markdown

UNITS: dict[str, str] = {
    "brackets": "[", "pictures": "![", "closing brackets": "]", "links begun": "[a](", "links": "[a](b)",
    "links in links": "[a[b](c)", "titles": '[a](b "c")', "references": "[a][b]", "definitions": "[a]: b\n",
    "long definitions": "[a]: <b> 'c\n", "labels": "[a]:\n", "empty links": "[]()", "addresses": "<http://a>",
    "schemes": "http://", "web addresses": "http://a.b ", "bare hosts": "a.org ", "hosts": "www.a.", "dots": "a.",
    "mail addresses": "a@b.org ", "at signs": "a@", "slashes": "//a", "brackets in addresses": "http://a.b/((", "braces in addresses": "http://a.b/{", "quotes in hosts": "a.org?'",
    "stars": "*", "stars and words": "*a", "stars and spaces": "*a* ", "strong": "**a** ", "strong begun": "**a",
    "stars crossed": "*a_ ", "stars crossed closely": "*a_b*c_", "stars in threes": "***a***", "underlines": "_a_ ",
    "waves": "~~a~~ ", "waves begun": "~~a", "backticks": "`", "backticks in twos": "`` ` ", "code": "`a` ",
    "angles": "<", "tags": "<a>", "ends of tags": "</a>", "comments": "<!--", "instructions": "<?", "attributes": "<a b='",
    "ands": "&", "entities": "&amp;", "numbers": "&#9;", "entities begun": "&a", "escapes": "\\*", "backslashes": "\\",
    "lines": "a\n", "empty lines": "\n", "paragraphs": "a\n\n", "hard breaks": "a  \n", "rules": "***\n", "rules begun": "* * ",
    "headings": "# a\n", "underlined headings": "a\n=\n", "items": "- a\n", "loose items": "- a\n\n", "numbered": "1. a\n",
    "items in items": "- - - - a\n", "quotations": "> a\n", "loose quotations": "> a\n\n", "quotations in each other": ">",
    "quotations and items": "> - 1. > a\n\n", "fences": "```\na\n```\n", "fences begun": "```a\n", "indented": "    a\n\n",
    "tables": "|a|b|\n|-|-|\n", "pipes": "|", "passages": ":::mentions loss a\nb\n:::\n", "passages begun": ":::mentions loss a\n",
    "helped": ":::helped\n:::\n", "quotation marks": '"a" ', "names": '@"Quiet Fern" ', "names begun": '@"a ', "joined names": "@a-’",
    "numbers to call": "01234 ", "digits": "1", "plus": "+1(2)", "post codes": "A1 1A", "streets": "1 Abc Abc ", "hurt": "i want to ",
    "spaces": "a ", "many spaces": " ", "tabs": "\ta", "marks": "a\u0301", "wide": "漢", "unseen": "\u200b\u00ad", "joined": "a\u200d",
    "turned": "\u202e\u2066", "halves": "\ud83d", "nothing": "\x00",
}  # fmt: skip
"""What is said over and over."""

WHOLE: dict[str, Callable[[int], str]] = {
    "one long word": lambda size: "a" * size,
    "one long address": lambda size: "http://a.org/" + "a" * size,
    "one long host": lambda size: "a-" * (size // 2) + ".org",
    "one long label": lambda size: f"[{'a' * size}](b)",
    "one long title": lambda size: f"[a](b '{'a' * size}')",
    "one long fence": lambda size: "`" * (size // 2) + "a" + "`" * (size // 2 - 1),
    "brackets in each other": lambda size: "[" * (size // 2) + "a" + "]" * (size // 2),
    "brackets with addresses in each other": lambda size: "[" * (size // 5) + "a" + "](b)" * (size // 5),
    "stars in each other": lambda size: "*a " * (size // 6) + "b* " * (size // 6),
    "quotations in each other, and lines": lambda size: "\n".join(
        ">" * n + "a" for n in range(int((2 * size) ** 0.5))
    ),
    "items in each other, and lines": lambda size: "\n".join("  " * n + "- a" for n in range(int(size**0.5))),
    "items, then the ends of them": lambda size: "- " * (size // 4) + "a\n" * (size // 4),
    "a fold with a wide gap": lambda size: ":::mentions loss" + " " * (size - 220) + "z" * 200,
    "a fold with a gap in its words": lambda size: ":::mentions loss a" + " " * (size - 20) + "b",
    "a fold that waits for its kind": lambda size: ":::mentions" + " " * size,
    "helped, with a gap": lambda size: ":::helped" + " " * (size - 10) + "a",
    "a gap before an end": lambda size: "a" + " " * (size - 2) + "\n",
    "a reference to much": lambda size: "[a]: " + "b" * (size // 2) + "\n\n" + "[a]" * (size // 6),
    "a name with a long beginning": lambda size: "@" + "a" * size,
    "a number with a long middle": lambda size: "+1" + " 22" * (size // 3),
    "plain words": lambda size: "A plain sentence, and a second one that is longer. " * (size // 51),
}
"""What is of one piece, or begins otherwise than it ends."""


def hostile(name: str, size: int = BODY_LIMIT) -> str:
    """The text of this name, `size` characters of it."""
    if name in WHOLE:
        return WHOLE[name](size)[:size]
    unit = UNITS[name]
    return (unit * (size // len(unit) + 1))[:size]


def densest(name: str, size: int = BODY_LIMIT) -> str:
    """As much of the text of this name as is still laid out, and plain words behind it: the most that it can cost."""
    low, high = 0, size
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if markdown.is_laid_out(hostile(name, middle)) else (low, middle - 1)
    return (hostile(name, low) + "\n\n" + "plain words " * (size // 12))[:size]


NAMES = (*UNITS, *WHOLE)
