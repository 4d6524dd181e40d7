"""A member's own watched boards and topics as an Atom feed, behind a private address.

It is read by programs on devices that others may see: it holds titles, bylines and links, and no words of anybody.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from flask import Blueprint, Response, current_app, url_for

from forum.models import NOTE_KINDS, Topic
from forum.queries.accounts import digest_of
from forum.queries.watching import feed_member, feed_of
from forum.web.filters import iso
from forum.web.marks import public

bp = Blueprint("feeds", __name__)

ATOM = "http://www.w3.org/2005/Atom"
NOBODY_YET = "2026-01-01T00:00:00Z"
"""When a feed without entries changed last: Atom wants a time, and a made-up one that moves would look like news."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@bp.get("/feeds/<token>")
@public("whoever holds the private address reads what its member may see at this moment")
def show(token: str) -> Response:
    topics = feed_of(feed_member(digest_of(token)))
    return Response(_document(topics), content_type="application/atom+xml; charset=utf-8")


def outside(page: str, **values: object) -> str:
    """The whole address of a page, by the name that the operator gave the house: whatever a request calls it may not be."""
    return str(current_app.extensions["hearth"].base_url + url_for(page, **values))  # type: ignore[arg-type]


def _document(topics: Sequence[Topic]) -> bytes:
    name = current_app.extensions["hearth"].site_name
    feed = ElementTree.Element("feed", xmlns=ATOM)
    _add(feed, "id", outside("boards.index"))
    _add(feed, "title", name)
    _add(feed, "updated", iso(topics[0].last_post_at) if topics else NOBODY_YET)
    _add(_add(feed, "author"), "name", name)
    _add(feed, "link", href=outside("boards.index"))
    for topic in topics:
        _entry(feed, topic)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(feed: ElementTree.Element, topic: Topic) -> None:
    address = outside("topics.show", topic_id=topic.id)
    entry = _add(feed, "entry")
    _add(entry, "id", address)
    _add(entry, "title", topic.title)
    _add(entry, "updated", iso(topic.last_post_at))
    _add(_add(entry, "author"), "name", topic.byline.name)
    _add(entry, "link", href=address)
    for kind in topic.note_kinds:
        _add(entry, "category", term=kind, label=f"Mentions: {NOTE_KINDS[kind]}")


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    """What somebody wrote is text here, never markup; characters that XML cannot hold are left out."""
    child = ElementTree.SubElement(parent, tag, attributes)
    child.text = _NOT_XML.sub("", text) or None
    return child
