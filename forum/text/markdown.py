"""Markdown to safe HTML: one versioned renderer, then two cleaners that know nothing of each other.

CommonMark, strikethrough and links found in text; no raw HTML, tables or images. On top of it two blocks:
`:::mentions <kind> <gist>` … `:::` folds a passage, `:::helped` … `:::` marks what helped.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from forum.text.notes import NOTE_KINDS

RENDERER = 2
"""Raised when the same source would now give other HTML; `flask rebuild-html` renders older rows again."""

_TAGS = {
    "p", "br", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li", "hr",
    "h3", "h4", "h5", "h6", "details", "summary", "div", "span", "b",
}  # fmt: skip
_ATTRIBUTES = {
    "a": ["href", "title", "rel"],
    "ol": ["start"],
    "details": ["class", "data-kind"],
    "div": ["class"],
    "span": ["class"],
    "p": ["class"],
}
_PROTOCOLS = {"http", "https", "mailto"}
_REL = "nofollow ugc noopener noreferrer"
_FENCE = re.compile(r":::(?:(mentions) +(\w+)(?: +(\S.{0,119}))?|(helped))")
_GIST = 160

HELPED = '<div class="helped">'
"""What stands in the HTML of words that say what helped, and cannot be typed: nobody's < stays one."""

_MARK = re.compile(r"[\n*_~`\[\]<>&\"\\@#=+-]|://|\w\.\w|\d[.)]")
"""What Markdown may have to look at twice: a new line, a sign, a beginning of a link or of a list."""
_LINK = re.compile(r"://|\w\.\w")
"""Where an address may begin. Of many in one word, each is read to the end of the word for its brackets."""
MOST_MARKS = 2_500
MOST_IN_A_WORD = 40
MOST_PIECES = 1_500
"""So many marks in a source, and tags and entities in what they become, are laid out: it takes time for each of them."""


def render(source: str) -> str:
    """Safe HTML of a Markdown source of at most 20 KB. What is made of more pieces than people write is not laid out."""
    source = source.encode("utf-8", "replace").decode()
    rendered = _laid_out(source)
    if rendered is None:
        return _as_typed(source)
    # A cleaner for each call: a shared one mixes the texts of threads that use it at once.
    return _clean(
        bleach.clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, protocols=_PROTOCOLS, strip=True)
    )


def is_laid_out(source: str) -> bool:
    """Whether Markdown is read in it, or it is of too many pieces and shown as it was typed."""
    return _laid_out(source.encode("utf-8", "replace").decode()) is not None


def _laid_out(source: str) -> str | None:
    """What Markdown makes of it; None when it has too many marks, or becomes too many pieces."""
    if len(_MARK.findall(source)) > MOST_MARKS:
        return None
    if any(len(_LINK.findall(word)) > MOST_IN_A_WORD for word in source.split()):
        return None
    rendered = _MARKDOWN.render(source)
    return None if rendered.count("<") + rendered.count("&") > MOST_PIECES else rendered


def _as_typed(source: str) -> str:
    """The words in one piece, exactly as they were typed; folded whole if a passage in them asks to be.

    All of it is escaped, so there is nothing that bleach, which is slow, could take away.
    """
    words = f"<pre>{escape(source, quote=False)}</pre>"
    passages = (opening for line in source.splitlines() if (opening := _opening(line)) and opening[1])
    first = next(passages, None)
    return _clean(f"{_veil(first[2], first[3] or '')}{words}{_VEIL_END}" if first else words)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"*": set()} | {tag: set(names) - {"rel"} for tag, names in _ATTRIBUTES.items()},
        url_schemes=_PROTOCOLS,
        link_rel=_REL,
    )


def gist(html: str, limit: int = _GIST) -> str:
    """The first words of rendered HTML as plain text, without folded passages, cut at a word."""
    open_part = re.sub(r"<details.*?</details>", " ", html, flags=re.DOTALL)
    words = " ".join(_unescaped(re.sub(r"<[^>]*>", " ", open_part)).split())
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(",.;: ") + " …"


def _unescaped(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _made() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": 20})
    markdown.enable(["strikethrough", "linkify"]).disable("image")
    markdown.block.ruler.before("fence", "passage", _passage, {"alt": ["paragraph", "blockquote", "list"]})
    markdown.add_render_rule("heading_open", _lower_heading)
    markdown.add_render_rule("heading_close", _lower_heading)
    markdown.add_render_rule("veil_open", _veil_open)
    markdown.add_render_rule("veil_close", lambda *_: _VEIL_END)
    markdown.add_render_rule(
        "helped_open", lambda *_: f'{HELPED}\n<p class="helped__label">What helped, a little</p>\n'
    )
    markdown.add_render_rule("helped_close", lambda *_: "</div>\n")
    return markdown


def _passage(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block from `:::mentions …` or `:::helped` to the next `:::`, or to the end of the text. Blocks do not nest."""
    opening = _opening(_line(state, start))
    if not opening or state.level:
        return False
    if silent:
        return True
    close = next((line for line in range(start + 1, end) if _line(state, line).strip() == ":::"), end)
    name = "helped" if opening[4] else "veil"
    state.push(f"{name}_open", "div", 1).meta = {"kind": opening[2], "gist": opening[3] or ""}
    before, state.lineMax = state.lineMax, close
    state.level += 1
    state.md.block.tokenize(state, start + 1, close)
    state.level -= 1
    state.lineMax = before
    state.push(f"{name}_close", "div", -1)
    state.line = min(close + 1, end)
    return True


def _opening(line: str) -> re.Match[str] | None:
    """Whether this line begins a passage, and of which kind."""
    opening = _FENCE.fullmatch(line.strip())
    return opening if opening and (opening[2] is None or opening[2] in NOTE_KINDS) else None


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _veil_open(_renderer: RendererHTML, tokens: Sequence[Token], at: int, *_: Any) -> str:
    return _veil(tokens[at].meta["kind"], tokens[at].meta["gist"])


def _veil(kind: str, words: str) -> str:
    return (
        f'<details class="veil" data-kind="{kind}"><summary><span class="veil__gist">'
        f"<b>Mentions: {NOTE_KINDS[kind]}</b>{escape(words)}</span>"
        '<span class="veil__act veil__act--open">Show</span><span class="veil__act veil__act--close">Fold away</span>'
        '</summary><div class="veil__body">\n'
    )


def _lower_heading(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """The page has its own h1 and h2; what people write starts below them."""
    level = min(int(tokens[at].tag[1]) + 2, 6)
    return f"<h{level}>" if tokens[at].nesting == 1 else f"</h{level}>\n"


_VEIL_END = "</div></details>\n"
_MARKDOWN = _made()
