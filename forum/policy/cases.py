"""Who may report, see the queue, decide, and ask for a second look.

`visible_cases` is the same question as `can_see_case`, asked of every case at once.
"""

from sqlalchemy import ColumnElement, and_, false, or_, true

from forum.models import (
    Actor,
    Case,
    CaseKind,
    Channel,
    Decision,
    Duty,
    Message,
    Persona,
    Post,
    Report,
    Scope,
    Strategy,
    User,
    Verb,
)
from forum.policy.boards import can_see_post
from forum.policy.core import (
    BANNED,
    LOG_IN,
    SECOND_STEP,
    STAFF,
    Denied,
    Verdict,
    house_verdict,
    is_banned,
    is_suspended,
    member_verdict,
)
from forum.policy.rooms import can_see_room
from forum.policy.strategies import can_see_strategy

UNSEEN = Denied("not_found", "There is nothing here that you can see.")
OWN = Denied("forbidden", "These are your own words. You can change them or take them back.")
OWN_CASE = Denied("forbidden", "This is about your own words, so somebody else decides it.")
OWN_DECISION = Denied("forbidden", "You decided this the first time, so somebody else looks again.")
ASKED = Denied(
    "conflict", "A second look was asked for already. It is under way, or its outcome is in your notices."
)
ELSEWHERE = Denied(
    "forbidden", "This reaches beyond the places that you moderate. A colleague can decide it."
)
KEEPER = Denied("forbidden", "This is about somebody who looks after the community. An admin decides that.")
NOTHING_TAKEN = Denied("forbidden", "Nothing was taken by this, so there is nothing to look at again.")
YOURSELF = Denied(
    "forbidden", "This is you. If tonight is heavy, “Get help now” is at the top of every page."
)

Reportable = Post | Message | Strategy | Persona

ON_PEOPLE = (Verb.WARN, Verb.MUTE, Verb.SUSPEND, Verb.BAN)
"""What is decided about a person rather than about words."""

_VERBS: dict[str, tuple[Verb, ...]] = {
    Channel.BOARD: (Verb.NOTHING, Verb.HIDE, Verb.NOTE, Verb.LOCK, Verb.MOVE, *ON_PEOPLE),
    Channel.ROOM: (Verb.NOTHING, Verb.HIDE, *ON_PEOPLE),
    Channel.LIBRARY: (Verb.NOTHING, Verb.HIDE, *ON_PEOPLE),
    Channel.PROFILE: (Verb.NOTHING, *ON_PEOPLE),
}


def verbs_for(case: Case) -> tuple[Verb, ...]:
    """What can be decided about a case of this kind at all, whoever decides."""
    if case.kind == CaseKind.APPEAL:
        return (Verb.NOTHING, Verb.OVERTURN)
    verbs = _VERBS[case.channel]
    return (Verb.RELEASE, *verbs[1:]) if case.is_held else verbs


def scopes_for(case: Case) -> tuple[Scope, ...]:
    """Where a mute or a ban of this case may hold, the narrowest first. The library is the whole site’s."""
    if case.channel in (Channel.PROFILE, Channel.LIBRARY):
        return (Scope.SITE,)
    return (Scope.ROOM if case.channel == Channel.ROOM else Scope.BOARD, Scope.SITE)


def can_report(actor: Actor, thing: Reportable) -> Verdict:
    """Any member, also one who is muted or suspended, about what somebody else wrote where they may look."""
    if not (told := can_see_reports(actor)):
        return told
    if not _is_seen(actor, thing):
        return UNSEEN
    if author_id_of(thing) == actor.id:
        return YOURSELF if isinstance(thing, Persona) else OWN
    return True


def can_worry(actor: Actor, thing: Reportable) -> Verdict:
    """The same people as may report."""
    return can_report(actor, thing)


def can_see_reports(actor: Actor) -> Verdict:
    """Everybody sees what became of their own; whoever is banned from the site has left that behind."""
    if not actor.is_authenticated:
        return LOG_IN
    return BANNED if is_banned(actor) else True


def can_see_report(actor: Actor, report: Report) -> Verdict:
    """Only the member who sent it. Staff see what it says in its case, never here."""
    if not (told := can_see_reports(actor)):
        return told
    return True if report.reporter_id == actor.id else UNSEEN


def can_withdraw_report(actor: Actor, report: Report) -> Verdict:
    """Whoever sent it, at any time."""
    return can_see_report(actor, report)


def _is_seen(actor: Actor, thing: Reportable) -> bool:
    """As far as one row can tell; where in a room's log somebody may read is for the query that looks it up."""
    if isinstance(thing, Post):
        return bool(can_see_post(actor, thing))
    if isinstance(thing, Message):
        return bool(can_see_room(actor, thing.room))
    if isinstance(thing, Strategy):
        return bool(can_see_strategy(actor, thing))
    return thing.user_id is not None


def can_see_queue(actor: Actor) -> Verdict:
    """Moderators, of anything, while nothing keeps them from writing."""
    if not actor.is_authenticated:
        return LOG_IN
    if not actor.is_staff or is_banned(actor) or is_suspended(actor):
        return STAFF
    return SECOND_STEP if actor.waits_for_second_step else True


def can_see_record(actor: Actor) -> Verdict:
    """Moderators of the whole site: the record speaks of every board and room."""
    if not (staff := can_see_queue(actor)):
        return staff
    return True if actor.moderates_board(None) else STAFF


def can_see_case(actor: Actor, case: Case) -> Verdict:
    """Whoever moderates where it stands. Nobody sees a case about themself, lest they learn who told us."""
    if not (staff := can_see_queue(actor)):
        return staff
    if actor.id is not None and case.author_id == actor.id:
        return UNSEEN
    if case.channel == Channel.BOARD:
        return True if actor.moderates_board(case.board_id) else UNSEEN
    if case.channel == Channel.ROOM:
        return True if actor.moderates_room(case.room_id) else UNSEEN
    return True if actor.moderates_board(None) else UNSEEN


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """`can_see_case` as a condition on cases."""
    if not can_see_queue(actor):
        return false()
    others = or_(Case.author_id.is_(None), Case.author_id != actor.id) if actor.id is not None else true()
    if actor.moderates_board(None):
        return others
    kept = [one for one in actor.appointments if one.role == Duty.MODERATOR]
    boards = [one.board_id for one in kept if one.board_id is not None]
    rooms = [one.room_id for one in kept if one.room_id is not None]
    return and_(
        others,
        or_(
            and_(Case.channel == Channel.BOARD, Case.board_id.in_(boards)),
            and_(Case.channel == Channel.ROOM, Case.room_id.in_(rooms)),
        ),
    )


def can_forget_old_cases(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)


def can_claim_case(actor: Actor, case: Case) -> Verdict:
    """Whoever may decide it."""
    return can_decide_case(actor, case)


def can_hand_back_case(actor: Actor, case: Case) -> Verdict:
    """Whoever sees it; handing back what is not theirs changes nothing."""
    return can_see_case(actor, case)


def can_add_note(actor: Actor, case: Case) -> Verdict:
    """Whoever sees it."""
    return can_see_case(actor, case)


def can_decide_case(actor: Actor, case: Case) -> Verdict:
    """Whoever sees it, except about their own words; and a second look is somebody else's than the first was."""
    if not (seen := can_see_case(actor, case)):
        return OWN_CASE if actor.is_staff and case.author_id == actor.id else seen
    if case.appeals is not None and actor.id is not None and case.appeals.actor_id == actor.id:
        return OWN_DECISION
    return True


def can_sanction(
    actor: Actor, user: User, scope: Scope, *, board_id: int | None = None, room_id: int | None = None
) -> Verdict:
    """A moderator of one place can sanction there; the whole site needs a moderator of everything, leads an admin."""
    if actor.waits_for_second_step:
        return SECOND_STEP
    if user.is_lead and not actor.is_admin:
        return KEEPER
    if scope == Scope.BOARD:
        return True if actor.moderates_board(board_id) else ELSEWHERE
    if scope == Scope.ROOM:
        return True if actor.moderates_room(room_id) else ELSEWHERE
    return True if actor.moderates_board(None) else ELSEWHERE


def can_see_statement(actor: Actor, decision: Decision) -> Verdict:
    """The person it is about, whatever holds for them, once there is something to tell; and staff."""
    if not actor.is_authenticated:
        return LOG_IN
    if decision.user_id == actor.id:
        return True if decision.is_told else UNSEEN
    return True if can_see_case(actor, decision.case) else UNSEEN


def can_see_statements(actor: Actor) -> Verdict:
    """Everybody sees what was decided about them."""
    return member_verdict(actor)


def can_request_second_look(actor: Actor, decision: Decision) -> Verdict:
    """The person it is about, once, also while they are banned."""
    if not actor.is_authenticated:
        return LOG_IN
    if decision.user_id != actor.id or not decision.is_told:
        return UNSEEN
    if decision.appeal is not None:
        return ASKED
    return True if decision.can_be_undone else NOTHING_TAKEN


def can_see_member(actor: Actor, persona: Persona) -> Verdict:
    """Members see each other's profiles; guests see none."""
    if not actor.is_authenticated:
        return LOG_IN
    return UNSEEN if is_banned(actor) or persona.user_id is None else True


def author_id_of(thing: Reportable) -> int | None:
    """The account behind a post, a message or a profile."""
    return thing.user_id if isinstance(thing, Persona) else thing.author_id
