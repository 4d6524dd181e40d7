"""What a page, a fragment of words and a JSON answer may be made of. Strict, and told by a parser, never by a pattern.

html5lib reads as browsers do. It is the one inside bleach, so that nothing has to be installed for it; the other
cleaner, and Chromium in tests/browser/test_hostile.py, do not share its mistakes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

from bleach._vendor import html5lib
from bleach._vendor.html5lib.constants import namespaces

from forum.text.notes import NOTE_KINDS

SPRITE = Path("templates/sprite.html").read_text()
"""The same in every page, and a third of what there is to read."""

WORDS = ("prose", "say__words")
"""The classes of the elements that hold what people wrote as HTML."""

RENDERED: dict[str, set[str]] = {
    **{
        tag: set()
        for tag in (
            [
                "p",
                "br",
                "strong",
                "em",
                "s",
                "code",
                "pre",
                "blockquote",
                "ul",
                "ol",
                "li",
                "hr",
                "h3",
                "h4",
                "h5",
                "h6",
                "summary",
                "b",
            ]
        )
    },
    "a": {"href", "title", "rel"},
    "ol": {"start"},
    "details": {"class", "data-kind", "open"},
    "div": {"class"},
    "span": {"class"},
    "p": {"class"},
}
"""What our renderer and the pages make of words, and nothing else."""

CLASSES = {
    "veil", "veil__gist", "veil__act veil__act--open", "veil__act veil__act--close", "veil__body", "helped",
    "helped__label", "veil-gone soft", "faint",
}  # fmt: skip

NEVER = {
    "style", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "img", "picture", "source", "video",
    "audio", "track", "math", "portal", "fencedframe", "marquee", "image", "foreignobject", "animate", "set", "noscript",
    "plaintext", "xmp", "noembed", "dialog", "slot", "canvas", "param",
}  # fmt: skip
"""What no page of ours has, wherever it stands."""

ATOM = "http://www.w3.org/2005/Atom"
FEED = {"feed", "id", "title", "updated", "author", "name", "link", "entry", "category"}
"""What a feed is made of."""

LEADS = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "srcset",
    "ping",
    "background",
    "cite",
    "manifest",
}


def wrong_in_page(page: str, own: str) -> list[str]:
    """Whatever stands in a page that is not ours; `own` is the address of the server."""
    wrong = []
    document = html5lib.parse(page.replace(SPRITE, "", 1), treebuilder="etree", namespaceHTMLElements=True)
    for element in document.iter():
        if isinstance(element.tag, str):
            wrong += _wrong_element(element, own)
            if _is_words(element):
                wrong += [f"in words: {one}" for child in element for one in _wrong_words(child)]
    return wrong


def wrong_in_words(html: str) -> list[str]:
    """Whatever stands in a fragment of rendered words that our renderer does not make."""
    fragment = html5lib.parseFragment(html, container="div", treebuilder="etree", namespaceHTMLElements=True)
    return [one for child in fragment for one in _wrong_words(child)]


def wrong_in_json(told: Any, own: str, at: str = "") -> list[str]:
    """Whatever in a JSON answer or a socket frame a page of ours would put in as HTML or as an address, and should not."""
    if isinstance(told, dict):
        return [
            one
            for name, value in told.items()
            for one in (_wrong_field(name, value, own) or wrong_in_json(value, own, f"{at}.{name}"))
        ]
    if isinstance(told, list | tuple):
        return [one for value in told for one in wrong_in_json(value, own, at)]
    return []


def wrong_in_feed(document: bytes, own: str) -> list[str]:
    """Whatever in a feed is no element of ours, or an address of somebody else's; what is no XML is an error."""
    told = [
        (one.tag.removeprefix(f"{{{ATOM}}}"), one.get("href", own)) for one in fromstring(document).iter()
    ]
    return [f"<{tag}> to {href!r}" for tag, href in told if tag not in FEED or not _is_own(href, own)]


def _wrong_field(name: str, value: Any, own: str) -> list[str]:
    if not isinstance(value, str):
        return []
    if name == "html":
        return wrong_in_words(value)
    return [] if name not in ("url", "href") or _is_own(value, own) else [f"{name} leads to {value!r}"]


def _wrong_element(element: Element, own: str) -> Iterator[str]:
    space, tag = _name(element.tag)
    if tag in NEVER or space not in (namespaces["html"], namespaces["svg"]):
        yield f"<{tag}>"
    if tag == "script" and (
        (element.text or "").strip() or not element.get("src", "").startswith("/static/js/")
    ):
        yield f"a script of {element.get('src')!r}: {element.text!r}"
    if tag == "meta" and element.get("http-equiv"):
        yield "a <meta http-equiv>"
    for key, value in element.attrib.items():
        yield from _wrong_attribute(tag, _name(key)[1], value, own)


def _wrong_attribute(tag: str, name: str, value: str, own: str) -> Iterator[str]:
    if name.startswith("on") or name in ("style", "srcdoc", "nonce", "is", "shadowrootmode"):
        yield f"{name}={value!r} of <{tag}>"
    if name in LEADS and not (_is_own(value, own) or (tag == "a" and name == "href" and _is_link(value))):
        yield f"{name}={value!r} of <{tag}>"


def _wrong_words(element: Element) -> Iterator[str]:
    for one in element.iter():
        space, tag = _name(one.tag) if isinstance(one.tag, str) else ("", "a comment")
        if space != namespaces["html"] or tag not in RENDERED:
            yield f"<{tag}>"
            continue
        for name, value in one.attrib.items():
            if name not in RENDERED[tag] or not _is_rendered(name, value):
                yield f"{name}={value!r} of <{tag}>"


def _is_rendered(name: str, value: str) -> bool:
    return {
        "class": lambda: value in CLASSES,
        "data-kind": lambda: value in NOTE_KINDS,
        "href": lambda: _is_link(value),
        "open": lambda: value == "",
        "rel": lambda: value == "nofollow ugc noopener noreferrer",
        "start": lambda: value.isdecimal(),
        "title": lambda: True,
    }[name]()


def _is_link(address: str) -> bool:
    """An address that a person may follow: on the web, a mail, a call, or within this server."""
    if any(ord(character) < 33 for character in address):
        return False
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return False
    return scheme in ("http", "https", "mailto", "tel", "sms", "")


def _is_own(address: str, own: str) -> bool:
    if any(ord(character) < 33 or character == "\\" for character in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not (parts.scheme or parts.netloc) or f"{parts.scheme}://{parts.netloc}" == own


def _is_words(element: Element) -> bool:
    return any(name in WORDS for name in element.get("class", "").split())


def _name(tag: str) -> tuple[str, str]:
    space, _, name = tag.rpartition("}")
    return space[1:], name.lower()
