"""Who may see, write and look after cards, and what belongs to one member alone.

`visible_strategies` is the same question as `can_see_strategy`, asked of every card at once. Toolkit, answers and
plan have no such twin: they are looked up by their owner, and nobody else asks.
"""

from sqlalchemy import ColumnElement, false, true

from forum.models import Actor, Outcome, Post, Strategy, StrategyAsk
from forum.policy.boards import can_see_post
from forum.policy.core import (
    BANNED,
    LOG_IN,
    STAFF,
    Denied,
    Granted,
    Rule,
    Verdict,
    entry_verdict,
    first_consent_verdict,
    is_banned,
    member_verdict,
    writing_verdict,
)

UNSEEN = Denied("not_found", "There is nothing here that you can see.")
NOT_YOURS = Denied("forbidden", "These are somebody else’s words.")
YOURS = Denied("forbidden", "These are your own words. You can make a card of them without asking anybody.")
HIDDEN = Denied(
    "forbidden", "A moderator has hidden this card. You can ask for a second look from your notices."
)
NOT_ASKED = Denied("forbidden", "These are somebody else’s words. Their author can be asked first.")
AUTHOR_GONE = Denied("forbidden", "Its author has left, so nobody can say yes to this.")

# Seeing


def can_see_library(actor: Actor) -> Verdict:
    """Members, also while their writing is paused; whoever is banned from the site has left it behind."""
    if not (inside := entry_verdict(actor)):
        return inside
    return BANNED if is_banned(actor) else True


def can_see_strategy(actor: Actor, strategy: Strategy) -> Verdict:
    """Members; what is held or hidden its author and staff; what was taken back only staff."""
    if not can_see_library(actor):
        return UNSEEN.by(Rule.BAN if is_banned(actor) else Rule.MEMBERS)
    if strategy.is_public:
        return Granted(Rule.MEMBERS)
    if actor.moderates_board(None):
        return Granted(Rule.MODERATES)
    is_author = _is_theirs(actor, strategy) and not strategy.is_deleted
    return Granted(Rule.AUTHOR) if is_author else UNSEEN.by(Rule.NOT_PUBLIC)


def visible_strategies(actor: Actor) -> ColumnElement[bool]:
    """`can_see_strategy` as a condition on cards."""
    if not can_see_library(actor):
        return false()
    if actor.moderates_board(None):
        return true()
    own = Strategy.author_id == actor.id if actor.id is not None else false()
    public = Strategy.held_at.is_(None) & Strategy.hidden_at.is_(None)
    return Strategy.deleted_at.is_(None) & (public | own)


def _is_theirs(actor: Actor, strategy: Strategy) -> bool:
    return actor.id is not None and strategy.author_id == actor.id


# Writing


def can_share_strategy(actor: Actor, post: Post | None = None, ask: StrategyAsk | None = None) -> Verdict:
    """Whoever may write. From a post: its author, or whoever asked them and was told yes, while the post is there."""
    if not (writes := writing_verdict(actor)):
        return writes
    if post is None:
        return True
    if not (seen := can_see_post(actor, post)):
        return seen
    if post.author_id == actor.id:
        return True
    granted = ask is not None and ask.post_id == post.id and ask.asker_id == actor.id and ask.is_granted
    return True if granted else NOT_ASKED


def can_edit_strategy(actor: Actor, strategy: Strategy) -> Verdict:
    """Authors change their own cards, also while these wait for a moderator."""
    if not (own := _own_card(actor, strategy)):
        return own
    if not (writes := writing_verdict(actor)):
        return writes
    return HIDDEN if strategy.is_hidden else True


def can_delete_strategy(actor: Actor, strategy: Strategy) -> Verdict:
    """Taking one’s own card back never needs a reason, and no mute or suspension stands in its way."""
    return _own_card(actor, strategy)


def _own_card(actor: Actor, strategy: Strategy) -> Verdict:
    if not (seen := can_see_strategy(actor, strategy)):
        return seen
    return True if _is_theirs(actor, strategy) and not strategy.is_deleted else NOT_YOURS


def can_ask_for_strategy(actor: Actor, post: Post) -> Verdict:
    """Whoever may write asks about what somebody else wrote, while its author is there to answer."""
    if not (seen := can_see_post(actor, post)):
        return seen if actor.is_authenticated else LOG_IN
    if not (writes := writing_verdict(actor)):
        return writes
    if post.author_id is None:
        return AUTHOR_GONE
    return YOURS if post.author_id == actor.id else True


def can_see_strategy_asks(actor: Actor, post: Post) -> Verdict:
    """Only the author of the post."""
    if not actor.is_authenticated:
        return LOG_IN
    return True if post.author_id == actor.id and can_see_post(actor, post) else UNSEEN


def can_answer_strategy_ask(actor: Actor, ask: StrategyAsk) -> Verdict:
    """Only the author of the post, whatever else holds for them: a no must always be possible."""
    return can_see_strategy_asks(actor, ask.post)


# Looking after


def can_hide_strategy(actor: Actor, strategy: Strategy) -> Verdict:
    """Moderators of the whole site look after the library."""
    if not (seen := can_see_strategy(actor, strategy)):
        return seen
    return True if actor.moderates_board(None) else STAFF


def can_show_strategy(actor: Actor, strategy: Strategy) -> Verdict:
    """Whoever may hide it may show it again."""
    return can_hide_strategy(actor, strategy)


def can_release_strategy(actor: Actor, strategy: Strategy) -> Verdict:
    """Whoever looks after the library publishes what waits there."""
    return can_hide_strategy(actor, strategy)


# One's own


def can_keep_strategy(actor: Actor, strategy: Strategy) -> Verdict:
    """Whoever sees it and lets us keep such things. It is private, so no pause on writing stands in its way."""
    return can_see_strategy(actor, strategy) and first_consent_verdict(actor)


def can_put_strategy_back(actor: Actor, strategy: Strategy) -> Verdict:
    """Whoever sees it; putting back what was not kept changes nothing."""
    return can_see_strategy(actor, strategy)


def can_see_toolkit(actor: Actor) -> Verdict:
    """Every member sees their own, and nobody another’s."""
    return can_see_library(actor)


def can_say_how_it_was(actor: Actor, strategy: Strategy) -> Verdict:
    """Whoever may keep it: the answer is theirs, and joins a total only with nine others."""
    return can_keep_strategy(actor, strategy)


def can_forget_outcome(actor: Actor, outcome: Outcome) -> Verdict:
    """Whoever gave the answer takes it out again, at any time."""
    if not actor.is_authenticated:
        return LOG_IN
    return True if outcome.user_id == actor.id else UNSEEN


def can_see_plan(actor: Actor) -> Verdict:
    """Every member sees their own, whatever else was decided about them: a hard hour asks nobody first."""
    return member_verdict(actor)


def can_save_plan(actor: Actor) -> Verdict:
    """Every member who lets us keep what they write about how they are."""
    return first_consent_verdict(actor) if actor.is_authenticated else LOG_IN


def can_erase_plan(actor: Actor) -> Verdict:
    """Every member, their own."""
    return member_verdict(actor)
