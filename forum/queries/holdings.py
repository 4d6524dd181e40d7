"""What is held about a member, part by part, as they are given it.

Each part is one question to the database, in the words of whoever reads the answer. What is about them and not given
is named in `NOT_GIVEN` with the reason; a test walks every table that leads to a member, so that a new one is either.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import aliased

from forum.db import db
from forum.models import (
    AccountCopy,
    Application,
    Appointment,
    Arrival,
    Board,
    BoardMark,
    Bookmark,
    Boundary,
    Case,
    CaseKind,
    CodeApp,
    Consent,
    ContentChoice,
    Decision,
    Draft,
    Feed,
    Gesture,
    Group,
    GroupMember,
    Invitation,
    LoginSession,
    MailLink,
    Membership,
    Mention,
    Message,
    Notification,
    Outcome,
    Passkey,
    Persona,
    Plan,
    Planned,
    Post,
    Profile,
    Reach,
    ReadMark,
    RecoveryCode,
    Report,
    Request,
    Revision,
    Room,
    Sanction,
    Strategy,
    StrategyAsk,
    TakenName,
    Thought,
    Token,
    Toolkit,
    Topic,
    User,
    Verb,
    Watch,
)
from forum.policy.boards import visible_topics
from forum.policy.strategies import visible_strategies

Rows = Select[*tuple[Any, ...]]


class Part(NamedTuple):
    """One part of what is held: what a person calls it, and how it is looked up. Columns are named as they are read."""

    name: str
    title: str
    rows: Callable[[User], Rows]
    tables: tuple[str, ...]


NOT_GIVEN = {
    "cases": "that somebody was told about, or worried, is theirs; what was decided is given",
    "case_notes": "what moderators tell each other",
    "moderation_log": "numbers and codes; what they were about is given with decisions",
    "line_notes": "which helplines an admin looked at, for the house",
    "agreements": "which version an admin published, for the house",
    "room_events": "in which order lines were said; the lines are given",
}
"""What leads to a member and is not given to them, by table."""


def held_about(user: User) -> Iterator[tuple[Part, list[dict[str, Any]]]]:
    """Everything, part by part; parts that hold nothing are there and empty."""
    for part in PARTS:
        yield part, [dict(row) for row in db.session.execute(part.rows(user)).mappings()]


def _part(name: str, title: str, *tables: Any) -> Callable[[Callable[[User], Rows]], None]:
    def kept(rows: Callable[[User], Rows]) -> None:
        PARTS.append(Part(name, title, rows, tuple(table.__tablename__ for table in tables)))

    return kept


PARTS: list[Part] = []


# The account


@_part("account", "Your account", User, Persona)
def _account(user: User) -> Rows:
    return (
        select(
            Persona.name, Persona.figure, Persona.tone, Persona.openness,
            User.email, User.email_confirmed_at, User.country, User.timezone.label("time_zone"),
            User.created_at.label("here_since"), User.role, User.entry.label("let_in"),
            User.shows_presence.label("named_in_rooms_before_writing"), User.second_step_at.label("second_step_since"),
            User.notices_seen_at,
        )
        .join(User, User.id == Persona.user_id)
        .where(Persona.user_id == user.id, Persona.is_main)
    )  # fmt: skip


@_part("aliases", "Names that you went by in one topic", Persona)
def _aliases(user: User) -> Rows:
    told = Persona.name, Persona.figure, Persona.tone
    return select(*told).where(Persona.user_id == user.id, ~Persona.is_main).order_by(Persona.id)


@_part("names", "Names that are yours", TakenName)
def _names(user: User) -> Rows:
    yours = select(Persona.id).where(Persona.user_id == user.id)
    return select(TakenName.key.label("name_without_spaces_and_accents")).where(
        TakenName.persona_id.in_(yours)
    )


@_part("agreements", "What you agreed to", Consent)
def _consents(user: User) -> Rows:
    return _own(user, Consent, Consent.kind, Consent.version, Consent.given_at, Consent.withdrawn_at)


@_part("coming_in", "How you came in", Application, Arrival, Invitation)
def _coming_in(user: User) -> Rows:
    return (
        select(
            Application.question, Application.words.label("your_answer"), Application.at.label("asked_at"),
            Application.decided_at.label("answered_at"), Application.letter.label("what_you_were_told"),
            Arrival.invitation_id.is_not(None).label("by_an_invitation"),
        )
        .select_from(User)
        .outerjoin(Application, Application.user_id == User.id)
        .outerjoin(Arrival, Arrival.user_id == User.id)
        .where(User.id == user.id, Application.id.is_not(None) | Arrival.user_id.is_not(None))
    )  # fmt: skip


@_part("profile", "What you say about yourself", Profile)
def _profile(user: User) -> Rows:
    words = Profile.source.label("words")
    return select(Profile.pronouns, words, *_dates(Profile)).where(Profile.author_id == user.id)


@_part("groups", "Groups and duties", GroupMember, Appointment)
def _groups(user: User) -> Rows:
    groups = (
        select(Group.name, literal("group").label("what"))
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(GroupMember.user_id == user.id)
    )
    where = func.coalesce(Board.name, Room.name, "everywhere")
    duties = (
        select(where.label("name"), Appointment.role.label("what"))
        .outerjoin(Board, Board.id == Appointment.board_id)
        .outerjoin(Room, Room.id == Appointment.room_id)
        .where(Appointment.user_id == user.id)
    )
    both = groups.union_all(duties).subquery()
    return select(both.c.name, both.c.what)


@_part("ways_in", "Where you are signed in", LoginSession)
def _log_ins(user: User) -> Rows:
    told = (
        LoginSession.device,
        LoginSession.created_at.label("since"),
        LoginSession.used_at.label("last_used_at"),
    )
    return _own(user, LoginSession, *told, LoginSession.proved_at)


@_part("keys", "Keys for programs", Token)
def _keys(user: User) -> Rows:
    return _own(user, Token, Token.name, Token.scopes, Token.created_at, Token.expires_at, Token.used_at)


@_part("second_steps", "Passkeys", Passkey)
def _passkeys(user: User) -> Rows:
    return _own(user, Passkey, Passkey.name, Passkey.created_at, Passkey.used_at)


@_part("code_app", "An app that makes codes", CodeApp)
def _app(user: User) -> Rows:
    return _own(user, CodeApp, CodeApp.created_at, CodeApp.confirmed_at)


@_part("recovery", "Your recovery sheet", RecoveryCode)
def _sheet(user: User) -> Rows:
    is_used = RecoveryCode.used_at.is_not(None)
    return (
        select(func.count().label("lines"), is_used.label("used"))
        .where(RecoveryCode.user_id == user.id)
        .group_by(is_used)
    )


@_part("mailed_links", "Links that were mailed to you", MailLink)
def _links(user: User) -> Rows:
    return _own(user, MailLink, MailLink.purpose, MailLink.email, MailLink.expires_at, MailLink.used_at)


@_part("copies", "Copies like this one", AccountCopy)
def _copies(user: User) -> Rows:
    return _own(user, AccountCopy, AccountCopy.asked_at, AccountCopy.made_at)


@_part("requests", "What your programs and pages did once", Request)
def _requests(user: User) -> Rows:
    return select(Request.at).where(Request.actor_id == user.id).order_by(Request.at)


# Boards


@_part("topics", "Topics that you began", Topic)
def _topics(user: User) -> Rows:
    what = Topic.id, Topic.title, Topic.gist, Topic.intent, Topic.created_at
    states = Topic.held_at, Topic.hidden_at, Topic.deleted_at.label("taken_back_at")
    return select(*what, *states).where(Topic.author_id == user.id).order_by(Topic.id)


@_part("posts", "What you wrote on boards", Post)
def _posts(user: User) -> Rows:
    """With the title of its topic as far as they see that now: it may be somebody else's."""
    title = case((visible_topics(user), Topic.title), else_=None).label("topic")
    return (
        select(Post.id, title, Post.number, Post.source.label("words"), *_dates(Post))
        .join(Topic, Topic.id == Post.topic_id)
        .where(Post.author_id == user.id)
        .order_by(Post.id)
    )


@_part("wordings", "How posts of yours read before you changed them", Revision)
def _wordings(user: User) -> Rows:
    told = (
        Revision.post_id.label("post"),
        Revision.source.label("words"),
        Revision.written_at,
        Revision.edited_at,
    )
    return (
        select(*told)
        .join(Post, Post.id == Revision.post_id)
        .where(Post.author_id == user.id)
        .order_by(Revision.id)
    )


@_part("drafts", "What you have begun to write", Draft)
def _drafts(user: User) -> Rows:
    told = Draft.title, Draft.gist, Draft.intent, Draft.kinds, Draft.body.label("words"), Draft.updated_at
    return _own(user, Draft, *told)


@_part("planned", "Topics that you wrote for a later time", Planned)
def _planned(user: User) -> Rows:
    told = Planned.title, Planned.gist, Planned.intent, Planned.kinds, Planned.source.label("words")
    return select(*told, Planned.publish_at).where(Planned.author_id == user.id).order_by(Planned.id)


@_part("gestures", "Posts that you answered without words", Gesture)
def _gestures(user: User) -> Rows:
    return _own(user, Gesture, Gesture.post_id.label("post"), Gesture.kind)


@_part("mentions", "Posts in which others named you", Mention)
def _mentions(user: User) -> Rows:
    yours = select(Persona.id).where(Persona.user_id == user.id)
    return (
        select(Mention.post_id.label("post")).where(Mention.persona_id.in_(yours)).order_by(Mention.post_id)
    )


@_part("read", "How far you read", ReadMark)
def _read(user: User) -> Rows:
    return _own(user, ReadMark, ReadMark.topic_id.label("topic"), ReadMark.number.label("up_to"))


@_part("read_boards", "Boards that you marked as read", BoardMark)
def _read_boards(user: User) -> Rows:
    return _own(user, BoardMark, BoardMark.board_id.label("board"), BoardMark.read_at)


@_part("notices", "Your notices", Notification)
def _notices(user: User) -> Rows:
    return _own(
        user, Notification, Notification.kind, Notification.count, Notification.at, Notification.seen_at
    )


@_part("what_you_see", "How you meet content notes", ContentChoice)
def _choices(user: User) -> Rows:
    return _own(user, ContentChoice, ContentChoice.kind, ContentChoice.choice)


@_part("what_reaches_you", "How much reaches you", Reach)
def _reach(user: User) -> Rows:
    told = Reach.level, Reach.quiet_from, Reach.quiet_until, Reach.gives_kind_words, Reach.kind_words_a_day
    return _own(user, Reach, *told)


@_part("watched", "Topics and boards that you set apart", Watch)
def _watched(user: User) -> Rows:
    return _own(user, Watch, Watch.topic_id.label("topic"), Watch.board_id.label("board"), Watch.level)


@_part("bookmarks", "What you keep, with your notes", Bookmark)
def _bookmarks(user: User) -> Rows:
    told = Bookmark.topic_id.label("topic"), Bookmark.post_id.label("post"), Bookmark.note, Bookmark.at
    return _own(user, Bookmark, *told)


@_part("feed", "Your feed", Feed)
def _feed(user: User) -> Rows:
    return _own(user, Feed, Feed.created_at)


@_part("thoughts", "Topics in which you were asked about advice", Thought)
def _thoughts(user: User) -> Rows:
    return _own(user, Thought, Thought.topic_id.label("topic"))


# Rooms


@_part("messages", "What you said in rooms", Message)
def _messages(user: User) -> Rows:
    return (
        select(Room.name.label("room"), Message.source.label("words"), *_dates(Message))
        .join(Room, Room.id == Message.room_id)
        .where(Message.author_id == user.id)
        .order_by(Message.id)
    )


@_part("stays", "When you were in rooms", Membership)
def _stays(user: User) -> Rows:
    return (
        select(
            Room.name.label("room"), Membership.joined_at, Membership.left_at, Membership.ended_by,
            Membership.silent_until, Membership.sent_at.label("last_wrote_at"),
            Membership.told.label("what_a_facilitator_wrote_to_you"),
        )
        .join(Room, Room.id == Membership.room_id)
        .where(Membership.user_id == user.id)
        .order_by(Membership.id)
    )  # fmt: skip


# What helps


@_part("cards", "Cards that you shared", Strategy)
def _cards(user: User) -> Rows:
    told = (
        Strategy.name, Strategy.fits, Strategy.minutes, Strategy.place, Strategy.source.label("steps"),
        Strategy.changes, Strategy.cautions, Strategy.evidence, Strategy.cites, Strategy.cites_url,
    )  # fmt: skip
    return select(*told, *_dates(Strategy)).where(Strategy.author_id == user.id).order_by(Strategy.id)


@_part("card_asks", "Whose words you asked to make a card of", StrategyAsk)
def _asks(user: User) -> Rows:
    told = (
        StrategyAsk.post_id.label("post"),
        StrategyAsk.asked_at,
        StrategyAsk.answer,
        StrategyAsk.answered_at,
    )
    return select(*told).where(StrategyAsk.asker_id == user.id).order_by(StrategyAsk.id)


@_part("toolkit", "Your toolkit", Toolkit)
def _toolkit(user: User) -> Rows:
    return (
        select(_card_name(user), Toolkit.kept_at)
        .join(Strategy, Strategy.id == Toolkit.strategy_id)
        .where(Toolkit.user_id == user.id)
        .order_by(Toolkit.kept_at)
    )


@_part("how_it_was", "How cards were for you", Outcome)
def _outcomes(user: User) -> Rows:
    return (
        select(_card_name(user), Outcome.day, Outcome.how, Outcome.situation, Outcome.before, Outcome.after)
        .join(Strategy, Strategy.id == Outcome.strategy_id)
        .where(Outcome.user_id == user.id)
        .order_by(Outcome.day)
    )


@_part("plan", "Your steadying plan", Plan)
def _plan(user: User) -> Rows:
    return _own(user, Plan, Plan.parts, Plan.changed_at)


# Others, and moderators


@_part("distance", "Whom you keep away", Boundary)
def _boundaries(user: User) -> Rows:
    return (
        select(Persona.name, Boundary.kind, Boundary.at)
        .join(Persona, Persona.id == Boundary.persona_id)
        .where(Boundary.user_id == user.id)
        .order_by(Boundary.at)
    )


@_part("reports", "What you told moderators", Report)
def _reports(user: User) -> Rows:
    told = Report.reference, Report.reason, Report.words, Report.at, Report.withdrawn_at
    return select(*told).where(Report.reporter_id == user.id).order_by(Report.id)


@_part("decisions", "What was decided about you", Decision)
def _decisions(user: User) -> Rows:
    """Whatever they were told: nobody learns from it that others worried about words that stay as they were."""
    appeal = aliased(Case)
    asked = select(appeal.words).where(appeal.appeals_id == Decision.id).limit(1).scalar_subquery()
    is_told = (Decision.verb != Verb.NOTHING) | (Case.kind == CaseKind.APPEAL)
    return (
        select(
            Decision.verb, Decision.rule, Decision.agreement_version, Decision.letter,
            Decision.quoted.label("about_these_words"), asked.label("what_you_wrote_for_a_second_look"),
            Decision.at, Decision.overturned_at,
        )
        .join(Case, Case.id == Decision.case_id)
        .where(Decision.user_id == user.id, is_told)
        .order_by(Decision.id)
    )  # fmt: skip


@_part("sanctions", "What holds or held for you", Sanction)
def _sanctions(user: User) -> Rows:
    told = Sanction.kind, Sanction.scope, Sanction.starts_at, Sanction.until, Sanction.lifted_at
    return _own(user, Sanction, *told)


# Parts


def _own(user: User, table: Any, *columns: Any) -> Rows:
    return select(*columns).where(table.user_id == user.id).order_by(*table.__table__.primary_key)


def _dates(table: Any) -> tuple[Any, ...]:
    taken_back = table.deleted_at.label("taken_back_at")
    return table.created_at.label("written_at"), table.edited_at, table.held_at, table.hidden_at, taken_back


def _card_name(user: User) -> Any:
    return case((visible_strategies(user), Strategy.name), else_=None).label("card")
