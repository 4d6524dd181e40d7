"""How an answer may begin, for whoever finds the beginning hard: a few words for each thing that is asked for."""

from flask import request

from forum.models import Intent, Topic
from forum.web.numbers import whole

STARTERS: dict[Intent, tuple[str, ...]] = {
    Intent.LISTEN: ("I read this, and …", "The part that stayed with me …", "It makes sense that …"),
    Intent.BEEN: ("I have been somewhere near this …", "For me it was …", "I don’t know this myself, and …"),
    Intent.IDEAS: ("What helped me, a little …", "Something you could try, if you like …", "I don’t have an idea, but …"),
    Intent.REFRAME: ("Another way it could look …", "What I notice from here …", "Could it also be that …"),
    Intent.WITNESS: (),
}  # fmt: skip


def starter_chosen(topic: Topic) -> tuple[str, str] | None:
    """The words that a link to a starter puts into the box, where no script does: an answer to nobody's quotation."""
    chosen, starters = request.args.get("begin", type=whole), STARTERS[Intent(topic.intent)]
    if chosen is None or chosen >= len(starters):
        return None
    return "", starters[chosen].rstrip(" …") + " "
