"""Who may be told of what, keep what, and offer a kind word. All of it is one's own, and nobody else sees it."""

from forum.models import Actor, Board, Post, Topic
from forum.policy.boards import NOT_YOURS, WAITING, YOURS, can_see_board, can_see_post, can_see_topic
from forum.policy.core import LOG_IN, Verdict, house_verdict, member_verdict, writing_verdict
from forum.policy.tokens import can_end_token, can_make_token

# Watching


def can_watch_topic(actor: Actor, topic: Topic) -> Verdict:
    """Members, where they may read."""
    return can_see_topic(actor, topic) if actor.is_authenticated else LOG_IN


def can_watch_board(actor: Actor, board: Board) -> Verdict:
    """Members, where they may read."""
    return can_see_board(actor, board) if actor.is_authenticated else LOG_IN


def can_change_reach(actor: Actor) -> Verdict:
    """Every member, for themselves."""
    return member_verdict(actor)


def can_offer_names(actor: Actor, board: Board) -> Verdict:
    """Whoever may write here is offered whom they could name: there is no list of members for anybody else."""
    if not (seen := can_see_board(actor, board)):
        return seen
    return writing_verdict(actor, board_id=board.id)


# Keeping


def can_keep_bookmark(actor: Actor, thing: Topic | Post) -> Verdict:
    """Members, of what they may read."""
    if not actor.is_authenticated:
        return LOG_IN
    return can_see_topic(actor, thing) if isinstance(thing, Topic) else can_see_post(actor, thing)


def can_drop_bookmark(actor: Actor, thing: Topic | Post) -> Verdict:
    """Whoever may keep one."""
    return can_keep_bookmark(actor, thing)


def can_see_bookmarks(actor: Actor) -> Verdict:
    """Every member sees their own."""
    return member_verdict(actor)


def can_make_feed(actor: Actor) -> Verdict:
    """Members, by hand, who showed lately who they are: whoever holds the address reads along."""
    return can_make_token(actor)


def can_end_feed(actor: Actor) -> Verdict:
    """Members, at once: ending it only ever closes something."""
    return can_end_token(actor)


# Kindness


def can_see_waiting(actor: Actor) -> Verdict:
    """Every member; whether anything is offered to them is their own choice."""
    return member_verdict(actor)


def can_ask_once(actor: Actor, topic: Topic) -> Verdict:
    """Whoever writes here."""
    return can_watch_topic(actor, topic)


def can_mark_landed(actor: Actor, post: Post) -> Verdict:
    """Whoever began the topic says which replies reached them; of their own words that says nothing."""
    if not actor.is_authenticated:
        return LOG_IN
    if not (seen := can_see_post(actor, post)):
        return seen
    if post.topic.author_id != actor.id:
        return NOT_YOURS
    if not post.is_public or not post.topic.is_public:
        return WAITING
    return YOURS if post.author_id == actor.id else True


def can_unmark_landed(actor: Actor, post: Post) -> Verdict:
    """Whoever may say it may take it back."""
    return can_mark_landed(actor, post)


def can_see_first_replies(actor: Actor) -> Verdict:
    """Those who look after the house."""
    return house_verdict(actor) if actor.is_authenticated else LOG_IN
