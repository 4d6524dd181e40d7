"""Fills a server's database with every payload, through the actions, and prints where it can be read.

Run beside the server: `python -m tests.hostile.fill`, with the server's environment.
"""

import json
import sys

from forum import create_app
from forum.actions import reports, rooms, topics
from forum.actions.cases import add_note, claim_case
from forum.actions.decisions import decide_case, request_second_look
from forum.db import db
from forum.errors import ForumError
from forum.limits import limits
from forum.models import Audience
from forum.queries.cases import case_of
from tests import factories
from tests.hostile.corpus import PAYLOADS, bundled

READER, WRITER, LEAD, KEEPER = "Plain Robin", "Slate Wagon", "Linen Otter", "Fern Kite"
LINE, ABOUT = 120, 200


def tried(deed, *args, **more):
    """Do it, however often somebody does it; nothing, if such words are refused."""
    limits.use("")
    try:
        return deed(*args, **more)
    except ForumError:
        db.session.rollback()
        return None


def fill() -> dict[str, object]:
    """Words of every kind, everywhere; the addresses of pages that show them."""
    reader, writer = factories.make_user(READER), factories.make_user(WRITER)
    lead, keeper = factories.make_user(LEAD, role="admin"), factories.make_user(KEEPER)
    board = factories.make_board("A board", audience=Audience.GUESTS)
    topic = factories.make_topic(writer, board)
    for words in bundled():
        tried(topics.reply_to_topic, writer, topic, body=words, mask=True)
    for words in list(PAYLOADS.values())[::12]:
        line = words[:LINE]
        tried(
            topics.start_topic,
            writer,
            board,
            title=line,
            gist=words[:ABOUT],
            body="A plain line.",
            intent="listen",
        )

    room = factories.make_room("A room", capacity=40)
    factories.appoint(keeper, "facilitator", room=room)
    for one in (writer, reader, keeper):
        rooms.join_room(one, room)
    for words in bundled():
        tried(factories.make_message, writer, room, words)

    told = _told(reader, writer, lead, keeper, topic, room)
    quiet = factories.make_topic(writer, board)
    return {
        "quiet": quiet.id,
        "topic": topic.id,
        "posts": topic.last_number,
        "board": board.id,
        "room": room.id,
        **told,
    }


def _told(reader, writer, lead, keeper, topic, room) -> dict[str, object]:
    """Cases with notes and letters, a second look, reports, and a silence whose reason is read."""
    words = "\n".join(list(PAYLOADS.values())[::9])[:1_500]
    shorter = "\n".join(list(PAYLOADS.values())[::40])[:450]
    post = factories.make_post(writer, topic, words)
    report = reports.report(reader, post, reason="rule", words=words)
    case = claim_case(lead, case_of(post))
    tried(add_note, lead, case, words=words)
    decision = decide_case(lead, case, verb="warn", rule=3, letter="We read it." + tame(words))
    look = request_second_look(writer, decision, words=words)
    other = factories.make_post(writer, topic, words)
    reports.worry(reader, other, words=words)
    tried(rooms.silence_member, keeper, room, writer, minutes=60, reason=shorter)
    return {"report": report.id, "case": case.id, "open": case_of(other).id, "look": look.id, "decision": decision.id,
            "post": other.id}  # fmt: skip


def tame(words: str) -> str:
    """Words that may stand in a letter: without addresses that lead to a person."""
    return words.replace("@", " at ")


if __name__ == "__main__":
    app = create_app()
    with app.app_context():
        json.dump(fill(), sys.stdout)
