"""A larger community, invented by the hundred, to see how the house stands with many in it.

It is written with the same actions as everything, and within everybody's limits, so that counters, numbers and notices
are the real ones. What is written is plain and repeats itself; the believable talk is in `forum/seeds.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice, product
from random import Random

from forum.actions import accounts, topics
from forum.db import action, db
from forum.models import Board, Intent, System, Topic, User
from forum.queries.boards import board_numbers

AT_ONCE = 50
"""How many deeds one transaction holds: few enough to be quick, many enough not to wait for the disk each time."""

Deed = Callable[[], int]


@dataclass(frozen=True)
class Size:
    """How many of everything."""

    members: int
    topics: int
    replies: int

    @property
    def deeds(self) -> int:
        return self.members + self.topics + self.replies


SIZES = {"medium": Size(200, 400, 3_000), "large": Size(1_500, 3_000, 24_000)}
"""Nobody in them writes more than a member may in an hour."""

FIRST = ("Quiet", "Amber", "North", "Slow", "Early", "Pale", "Round", "Warm", "Low", "Far", "Small", "Clear")
SECOND = (
    "Harbour",
    "Orchard",
    "Kettle",
    "Meadow",
    "Lantern",
    "Sparrow",
    "Birch",
    "Window",
    "Pebble",
    "Ferry",
)
OPENINGS = (
    "I keep coming back to this.", "It was a long week.", "Something small happened today.",
    "I do not know where to begin.", "This morning it was easier.", "I have been reading along for a while.",
)  # fmt: skip
MIDDLES = (
    "The kettle was on and I noticed my shoulders.", "I said no, once, and nothing fell down.",
    "My sister called and I let it ring.", "I walked to the water and back.",
    "Nobody had asked me that before.", "I wrote it on paper first.",
)  # fmt: skip
CLOSINGS = (
    "That is all for today.", "Has anybody else been there?", "I wanted it written down somewhere.",
    "I will try again on Thursday.", "It counts, I think.",
)  # fmt: skip


def grow(size: Size, *, password: str, told: Callable[[int], object]) -> None:
    """Let so many people come to the boards that are there, and talk; `told` hears how many deeds are done."""
    chance = Random(size.deeds)
    boards = [number for number, _section, _name in board_numbers()]
    people = _in_batches((_comes(name, password) for name in islice(_names(), size.members)), told)
    chance.shuffle(people)
    writers = cycle(people)
    opened = _in_batches(
        (_opens(next(writers), chance.choice(boards), chance) for _ in range(size.topics)), told
    )
    _in_batches((_answers(next(writers), chance.choice(opened), chance) for _ in range(size.replies)), told)


def _in_batches(deeds: Iterator[Deed], told: Callable[[int], object]) -> list[int]:
    """Do them, so many in one transaction; the ids of what was made."""
    made: list[int] = []
    while some := list(islice(deeds, AT_ONCE)):
        made += _together(some)
        db.session.expunge_all()
        told(len(some))
    return made


@action
def _together(deeds: list[Deed]) -> list[int]:
    return [deed() for deed in deeds]


def _names() -> Iterator[str]:
    number = 2
    while True:
        yield from (f"{first} {second} {number}" for first, second in product(FIRST, SECOND))
        number += 1


def _comes(name: str, password: str) -> Deed:
    def come() -> int:
        user, _codes = accounts.sign_up(
            System(),
            name=name,
            password=password,
            is_adult=True,
            keeps_health=True,
            agrees=True,
            is_demo=True,
        )
        return user.id

    return come


def _opens(user_id: int, board_id: int, chance: Random) -> Deed:
    intent = chance.choice([one for one in Intent if one != Intent.WITNESS])

    def open_topic() -> int:
        author, board = db.session.get_one(User, user_id), db.session.get_one(Board, board_id)
        title, body = chance.choice(MIDDLES), _words(chance)
        return topics.start_topic(author, board, title=title, body=body, intent=intent).topic_id

    return open_topic


def _answers(user_id: int, topic_id: int, chance: Random) -> Deed:
    def answer() -> int:
        author, topic = db.session.get_one(User, user_id), db.session.get_one(Topic, topic_id)
        return topics.reply_to_topic(author, topic, body=_words(chance)).id

    return answer


def _words(chance: Random) -> str:
    middles = "\n\n".join(chance.sample(MIDDLES, k=chance.randint(1, 3)))
    return f"{chance.choice(OPENINGS)}\n\n{middles}\n\n{chance.choice(CLOSINGS)}"
