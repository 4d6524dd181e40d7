"""Who may see, write and look after what stands on boards.

`visible_boards` is the same question as `can_see_board`, asked of every board at once; `visible_topics` and
`visible_posts` stand beside `can_see_topic` and `can_see_post` in the same way.
"""

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from forum.db import now
from forum.models import (
    Actor,
    Appointment,
    Audience,
    Board,
    BoardGroup,
    Duty,
    Entry,
    GroupMember,
    Notification,
    Post,
    Role,
    Sanction,
    SanctionKind,
    Scope,
    Starters,
    Topic,
    User,
)
from forum.policy.core import (
    LOG_IN,
    STAFF,
    Denied,
    Granted,
    Rule,
    Verdict,
    house_verdict,
    is_banned,
    sanctions_of,
    staff_denial,
    writing_verdict,
)

UNSEEN = Denied("not_found", "There is nothing here that you can see.")
LOCKED = Denied(
    "forbidden", "A moderator has closed this topic to new replies. What is written stays readable."
)
RESTING = Denied(
    "forbidden",
    "Nobody wrote here for a while, so this topic takes no more replies. A moderator can open it again, and you can "
    "begin a new one.",
)
WAITING = Denied("forbidden", "This topic is waiting for a moderator. Replies open when it is shown.")
WITNESS = Denied("forbidden", "No replies are asked for here. “With you” or “I read this” is enough.")
STARTED_BY_MODERATORS = Denied(
    "forbidden", "On this board moderators start the topics. Your replies are welcome."
)
NOT_YOURS = Denied("forbidden", "These are somebody else’s words.")
YOURS = Denied("forbidden", "These are your own words.")
TAKEN_BACK = Denied("forbidden", "These words were taken back by their author.")
HIDDEN = Denied(
    "forbidden", "A moderator has hidden these words. You can ask for a second look from your notices."
)
WAITS_FIRST = Denied("forbidden", "This topic is not shown to readers now. What waits in it comes first.")
WIDER = Denied(
    "forbidden",
    "More people would see these words there than they were written for. They stay where they are.",
)

# Seeing


def can_see_board(actor: Actor, board: Board) -> Verdict:
    """Guests, and whoever waits to be let in, see what is open to them; members more; groups their own; whoever
    moderates a board sees it; a ban ends all, and what is put away is there for nobody."""
    if board.is_archived:
        return UNSEEN.by(Rule.PUT_AWAY)
    if is_banned(actor, board_id=board.id):
        return UNSEEN.by(Rule.BAN)
    if board.audience == Audience.GUESTS:
        return Granted(Rule.OPEN)
    if actor.moderates_board(board.id):
        return Granted(Rule.MODERATES)
    if not actor.is_member:
        return UNSEEN.by(Rule.MEMBERS)
    if board.audience == Audience.MEMBERS:
        return Granted(Rule.MEMBERS)
    theirs = {group.id for group in actor.groups}
    return Granted(Rule.GROUP) if any(group.id in theirs for group in board.groups) else UNSEEN.by(Rule.GROUP)


def visible_boards(actor: Actor) -> ColumnElement[bool]:
    """`can_see_board` as a condition on boards."""
    if is_banned(actor):
        return false()
    return and_(_audience(actor), Board.archived_at.is_(None), Board.id.not_in(_banned_from(actor)))


def visible_board_ids(actor: Actor) -> Select[int]:
    """The boards that `can_see_board` is true of, for `Topic.board_id.in_(…)`."""
    return select(Board.id).where(visible_boards(actor))


def who_sees_board(board: Board) -> ColumnElement[bool]:
    """`can_see_board` as a condition on members, for whoever is told of something on it."""
    banned = select(Sanction.user_id).where(
        Sanction.kind == SanctionKind.BAN,
        Sanction.lifted_at.is_(None),
        or_(Sanction.until.is_(None), Sanction.until > now()),
        or_(Sanction.scope == Scope.SITE, Sanction.board_id == board.id),
    )
    if board.audience == Audience.GUESTS:
        return User.id.not_in(banned)
    if board.audience == Audience.MEMBERS:
        return User.id.not_in(banned) & (User.entry == Entry.IN)
    shared = select(GroupMember.user_id).join(BoardGroup, BoardGroup.group_id == GroupMember.group_id)
    everywhere = Appointment.board_id.is_(None) & Appointment.room_id.is_(None)
    keepers = select(Appointment.user_id).where(
        Appointment.role == Duty.MODERATOR, or_(everywhere, Appointment.board_id == board.id)
    )
    is_in = User.entry == Entry.IN
    return (
        User.id.not_in(banned)
        & is_in
        & or_(
            User.id.in_(shared.where(BoardGroup.board_id == board.id)),
            User.id.in_(keepers),
            User.role.in_([Role.LEAD, Role.ADMIN]),
        )
    )


def can_see_topic(actor: Actor, topic: Topic) -> Verdict:
    """What is held, hidden or taken back is there for its author and for whoever moderates the board; of a topic that
    was joined to another one, nothing is left to see."""
    if topic.merged_into_id is not None:
        return UNSEEN.by(Rule.JOINED)
    seen = can_see_board(actor, topic.board)
    return seen and _seen_with_place(actor, topic, seen, topic, is_author=_is_theirs(actor, topic))


def visible_topics(actor: Actor) -> ColumnElement[bool]:
    """`can_see_topic` as a condition on topics."""
    public = Topic.held_at.is_(None) & Topic.hidden_at.is_(None) & Topic.deleted_at.is_(None)
    seen = public | _theirs(actor, Topic) | _kept(actor)
    return Topic.board_id.in_(visible_board_ids(actor)) & Topic.merged_into_id.is_(None) & seen


def can_see_post(actor: Actor, post: Post) -> Verdict:
    """The words of a post. A post taken back is a line without words, for its author too; staff may still read it."""
    seen = can_see_topic(actor, post.topic)
    is_author = _is_theirs(actor, post) and not post.is_deleted
    return seen and _seen_with_place(actor, post, seen, post.topic, is_author=is_author)


def visible_posts(actor: Actor) -> ColumnElement[bool]:
    """`can_see_post` as a condition on posts joined to their topics."""
    public = Post.held_at.is_(None) & Post.hidden_at.is_(None) & Post.deleted_at.is_(None)
    own = _theirs(actor, Post) & Post.deleted_at.is_(None)
    return visible_topics(actor) & (public | own | _kept(actor))


def _seen_with_place(
    actor: Actor, thing: Topic | Post, place: Verdict, topic: Topic, *, is_author: bool
) -> Verdict:
    """What is public is seen by whoever sees its place; the rest by its author and its moderators."""
    if thing.is_public:
        return place
    if _keeps(actor, topic):
        return Granted(Rule.MODERATES)
    return Granted(Rule.AUTHOR) if is_author else UNSEEN.by(Rule.NOT_PUBLIC)


def _audience(actor: Actor) -> ColumnElement[bool]:
    if actor.moderates_board(None):
        return true()
    kept = [
        one.board_id for one in actor.appointments if one.board_id and actor.moderates_board(one.board_id)
    ]
    audiences = [Audience.GUESTS, Audience.MEMBERS] if actor.is_member else [Audience.GUESTS]
    groups = select(GroupMember.group_id).where(GroupMember.user_id == actor.id)
    shared = select(BoardGroup.board_id).where(BoardGroup.group_id.in_(groups))
    return or_(
        Board.audience.in_(audiences),
        Board.id.in_(kept) if kept else false(),
        (Board.audience == Audience.GROUPS) & Board.id.in_(shared) if actor.is_member else false(),
    )


def _banned_from(actor: Actor) -> list[int]:
    bans = sanctions_of(actor, SanctionKind.BAN)
    return [one.board_id for one in bans if one.scope == Scope.BOARD and one.board_id is not None]


def _theirs(actor: Actor, kind: type[Topic] | type[Post]) -> ColumnElement[bool]:
    return kind.author_id == actor.id if actor.id is not None else false()


def _kept(actor: Actor) -> ColumnElement[bool]:
    """On a board that they moderate."""
    if actor.moderates_board(None):
        return true()
    kept = [
        one.board_id for one in actor.appointments if one.board_id and actor.moderates_board(one.board_id)
    ]
    return Topic.board_id.in_(kept) if kept else false()


def _is_theirs(actor: Actor, thing: Topic | Post) -> bool:
    return actor.id is not None and thing.author_id == actor.id


def _keeps(actor: Actor, topic: Topic) -> bool:
    return actor.moderates_board(topic.board_id)


# Writing


def can_start_topic(actor: Actor, board: Board) -> Verdict:
    """Members, where the board lets members start; moderators of the board everywhere on it."""
    if not (seen := can_see_board(actor, board)):
        return seen
    if not (writes := writing_verdict(actor, board_id=board.id)):
        return writes
    if board.starters == Starters.MODERATORS and not actor.moderates_board(board.id):
        return STARTED_BY_MODERATORS
    return True


def can_reply_to_topic(actor: Actor, topic: Topic) -> Verdict:
    """Where words are asked for and the topic is open; moderators may answer in a locked one."""
    if not (seen := can_see_topic(actor, topic)):
        return seen
    if not (writes := writing_verdict(actor, board_id=topic.board_id)):
        return writes
    if not topic.is_public:
        return WAITING
    if topic.is_closed and not _keeps(actor, topic):
        return LOCKED if topic.is_locked else RESTING
    return True if topic.takes_words else WITNESS


def can_edit_post(actor: Actor, post: Post) -> Verdict:
    """Authors change their own words, also while these wait for a moderator."""
    if not (seen := _own_words(actor, post)):
        return seen
    if not (writes := writing_verdict(actor, board_id=post.topic.board_id)):
        return writes
    if post.is_hidden:
        return HIDDEN
    return LOCKED if post.topic.is_locked and not _keeps(actor, post.topic) else True


def can_delete_post(actor: Actor, post: Post) -> Verdict:
    """Taking one’s own words back never needs a reason, and no mute or suspension stands in its way."""
    return _own_words(actor, post)


def can_gesture(actor: Actor, post: Post) -> Verdict:
    """Anybody who may write here answers without words too, on what others wrote; locks and witness leave that open."""
    if not (seen := can_see_post(actor, post)):
        return seen
    if not (writes := writing_verdict(actor, board_id=post.topic.board_id)):
        return writes
    if not post.is_public or not post.topic.is_public:
        return WAITING
    return YOURS if _is_theirs(actor, post) else True


def can_give_gesture(actor: Actor, post: Post) -> Verdict:
    return can_gesture(actor, post)


def can_take_gesture_back(actor: Actor, post: Post) -> Verdict:
    return can_gesture(actor, post)


def can_note_topic(actor: Actor, topic: Topic) -> Verdict:
    """The author, and moderators, may say what a topic mentions."""
    if not (seen := can_see_topic(actor, topic)):
        return seen
    if _keeps(actor, topic):
        return True
    return writing_verdict(actor, board_id=topic.board_id) if _is_theirs(actor, topic) else NOT_YOURS


def _own_words(actor: Actor, post: Post) -> Verdict:
    if not (seen := can_see_topic(actor, post.topic)):
        return seen
    if not _is_theirs(actor, post):
        return NOT_YOURS if can_see_post(actor, post) else UNSEEN
    return TAKEN_BACK if post.is_deleted else True


# Looking after


def can_hide_post(actor: Actor, post: Post) -> Verdict:
    """Whoever moderates the board."""
    return _moderates(actor, post.topic)


def can_show_post(actor: Actor, post: Post) -> Verdict:
    """Whoever may hide it may show it again."""
    return _moderates(actor, post.topic)


def can_release_post(actor: Actor, post: Post) -> Verdict:
    """Whoever moderates the board publishes what waits there."""
    return _moderates(actor, post.topic)


def can_lock_topic(actor: Actor, topic: Topic) -> Verdict:
    """Whoever moderates the board closes and opens topics."""
    return _moderates(actor, topic)


def can_unlock_topic(actor: Actor, topic: Topic) -> Verdict:
    """Whoever may lock it."""
    return can_lock_topic(actor, topic)


def can_pin_topic(actor: Actor, topic: Topic) -> Verdict:
    """Whoever moderates the board keeps topics at its top."""
    return _moderates(actor, topic)


def can_unpin_topic(actor: Actor, topic: Topic) -> Verdict:
    """Whoever may pin it."""
    return can_pin_topic(actor, topic)


def can_move_topic(actor: Actor, topic: Topic, board: Board | None = None) -> Verdict:
    """Whoever moderates both boards; without a second one, whether they could move it anywhere."""
    if not (moderates := _moderates(actor, topic)):
        return moderates
    if board is None:
        return True
    return can_see_board(actor, board) if actor.moderates_board(board.id) else STAFF


def can_split_topic(actor: Actor, topic: Topic) -> Verdict:
    """Whoever moderates the board, of a topic that readers see."""
    if not (moderates := _moderates(actor, topic)):
        return moderates
    return True if topic.is_public else WAITS_FIRST


def can_merge_topic(actor: Actor, topic: Topic, into: Topic | None = None) -> Verdict:
    """Whoever moderates both boards, where both topics are shown and nobody new comes to see the words; without a
    second topic, whether they could join it to any."""
    if not (splits := can_split_topic(actor, topic)) or into is None:
        return splits
    if not (seen := can_split_topic(actor, into)):
        return seen
    return stays_among_readers(topic.board, into.board)


def stays_among_readers(board: Board, other: Board) -> Verdict:
    """Whether everybody who sees the other board sees this one too: what was written for few is not shown to many."""
    if board.audience == Audience.GUESTS or board.id == other.id:
        return True
    if board.audience == Audience.MEMBERS:
        return True if other.audience != Audience.GUESTS else WIDER
    mine, theirs = {group.id for group in board.groups}, {group.id for group in other.groups}
    return True if other.audience == Audience.GROUPS and theirs <= mine else WIDER


def can_change_board_settings(actor: Actor, board: Board) -> Verdict:
    """Whoever moderates the board says how it is kept: its rules, what its topics begin with, when they close."""
    if not (seen := can_see_board(actor, board)):
        return seen
    return True if actor.moderates_board(board.id) else staff_denial(actor, STAFF)


def can_erase_taken_back(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)


def can_rebuild_html(actor: Actor) -> Verdict:
    """The people who look after the whole community, and its command line."""
    return house_verdict(actor)


def _moderates(actor: Actor, topic: Topic) -> Verdict:
    if not (seen := can_see_topic(actor, topic)):
        return seen
    return True if _keeps(actor, topic) else staff_denial(actor, STAFF)


# One's own


def can_mark_read(actor: Actor, topic: Topic) -> Verdict:
    """A member keeps their own place, in a topic that they see."""
    return can_see_topic(actor, topic) if actor.is_authenticated else LOG_IN


def can_mark_board_read(actor: Actor, board: Board) -> Verdict:
    """A member keeps their own place, on a board that they see."""
    return can_see_board(actor, board) if actor.is_authenticated else LOG_IN


def can_mark_all_read(actor: Actor) -> Verdict:
    """Every member, for themselves."""
    return True if actor.is_authenticated else LOG_IN


def can_see_notifications(actor: Actor) -> Verdict:
    """Every member sees their own, whatever else was decided about them."""
    return True if actor.is_authenticated else LOG_IN


def can_open_notification(actor: Actor, notification: Notification) -> Verdict:
    """Only the member it was written to."""
    if not actor.is_authenticated:
        return LOG_IN
    return True if notification.user_id == actor.id else UNSEEN


def can_mark_notifications_seen(actor: Actor) -> Verdict:
    """Every member, for themselves."""
    return can_see_notifications(actor)
