"""What pages say about cases, reports and decisions: the same words for the same thing everywhere."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, url_for

from forum.config import Settings
from forum.identity import current_actor
from forum.models import (
    CaseKind,
    Channel,
    Decision,
    Reason,
    Report,
    Sanction,
    SanctionKind,
    Scope,
    User,
    Verb,
)
from forum.queries.cases import QueueLine
from forum.web.filters import clock, minute, span, zone_of

REASONS: dict[Reason, tuple[str, str]] = {
    Reason.DANGER: (
        "It could harm someone",
        "Methods or amounts, pressure, a threat, or someone drawn into danger.",
    ),
    Reason.PRIVATE: (
        "It points at a real person",
        "A name, a workplace, a number, a place that could be found.",
    ),
    Reason.UNKIND: (
        "It is unkind, or won’t stop",
        "Cruelty, labels put on people, going on after being asked for distance.",
    ),
    Reason.CONTACT: ("It asks to go on somewhere else", "A private chat, a call, or meeting outside."),
    Reason.MEDICAL: (
        "It diagnoses, or gives medical advice",
        "What someone has, what they should take or stop taking.",
    ),
    Reason.SELLING: (
        "It sells or recruits",
        "An offer, fundraising, a group, a study, a treatment elsewhere.",
    ),
    Reason.MINOR: ("Someone may be under 18", "We look at this first, and quietly."),
    Reason.RULE: ("It breaks another of our agreements", "You can say which one below, or leave that to us."),
}
"""What a report can be about, in the order of the form."""

WORRY = "A worry about how somebody is"

LABELS: dict[str, str] = {
    "crisis": "Speaks of ending their life",
    "ideation": "Speaks of not wanting to live",
    "self_harm": "Speaks of hurting themself",
    "abuse_disclosure": "Tells of being hurt by someone",
    "third_party_risk": "Somebody else may be in danger",
    "urges_harm": "May tell somebody to hurt themself",
    "harassment": "Reads as unkind",
    "personal_data": "Could lead someone to a person",
    "off_platform_contact": "Asks to go on somewhere else",
    "medical_advice": "Reads as medical advice",
    "spam": "Reads as selling",
    "new_member": "First words of a new member, on a board that asks to read them",
}

VERBS: dict[Verb, tuple[str, str]] = {
    Verb.NOTHING: ("Nothing needed", "It stays as it is. Its author is not told that anybody asked."),
    Verb.RELEASE: ("Show it", "Nothing stands in its way. Its author is told."),
    Verb.HIDE: ("Hide it", "Readers see that something was hidden. Its author and moderators still see it."),
    Verb.NOTE: ("Add a content note", "Readers are told first what the topic mentions."),
    Verb.LOCK: ("Close the topic", "No more replies. What is written stays."),
    Verb.MOVE: ("Move the topic", "To the board where it belongs."),
    Verb.WARN: ("Write to its author", "A note that stays with the author’s history. Nothing else changes."),
    Verb.MUTE: ("Pause writing", "They read everything there, and write and answer nothing, until a day."),
    Verb.SUSPEND: ("Pause everywhere", "They read boards. No writing and no rooms, until a day."),
    Verb.BAN: (
        "Close the door",
        "That place is not there for them any more; everywhere, the account is closed.",
    ),
    Verb.OVERTURN: ("We got this wrong", "What was changed is put back, and its author is told."),
}

DAYS = ((1, "1 day"), (3, "3 days"), (7, "7 days"), (14, "14 days"), (30, "30 days"))

CODES: dict[str, tuple[str, str]] = {
    "decided_nothing": ("Left as it was", ""),
    "decided_release": ("Shown after reading", " chip--sage"),
    "decided_hide": ("Words hidden", ""),
    "decided_note": ("Content note added", ""),
    "decided_lock": ("Topic closed", ""),
    "decided_move": ("Topic moved", ""),
    "decided_warn": ("Author written to", ""),
    "decided_mute": ("Writing paused", ""),
    "decided_suspend": ("Paused everywhere", ""),
    "decided_ban": ("Door closed", " chip--clay"),
    "decided_overturn": ("Second look: decision undone", " chip--role"),
    "second_look_asked": ("Second look asked for", " chip--role"),
    "case_noted": ("Note between moderators", ""),
    "post_hidden": ("Post hidden", ""),
    "post_shown": ("Post shown again", " chip--sage"),
    "post_released": ("Waiting post shown", " chip--sage"),
    "revision_hidden": ("Earlier wording hidden", ""),
    "revision_shown": ("Earlier wording shown again", " chip--sage"),
    "topic_split": ("Replies moved to a topic of their own", ""),
    "topic_merged": ("Topic joined to another", ""),
    "planned_dropped": ("Planned topic taken back", ""),
    "message_hidden": ("Message hidden", ""),
    "message_shown": ("Message shown again", " chip--sage"),
    "message_released": ("Waiting message shown", " chip--sage"),
    "strategy_hidden": ("Card hidden", ""),
    "strategy_shown": ("Card shown again", " chip--sage"),
    "strategy_released": ("Waiting card shown", " chip--sage"),
    "topic_locked": ("Topic closed", ""),
    "topic_unlocked": ("Topic opened", " chip--sage"),
    "topic_pinned": ("Topic kept at the top", ""),
    "topic_unpinned": ("Topic no longer at the top", ""),
    "topic_moved": ("Topic moved", ""),
    "topic_noted": ("Content note changed", ""),
    "member_removed": ("Asked to step out of a room", ""),
    "member_silenced": ("Asked to read along", ""),
    "topic_mended": ("A topic was counted anew", ""),
    "board_mended": ("A board’s last words were looked up anew", ""),
    "room_mended": ("A room’s log was counted anew", ""),
    "alias_revealed": ("Asked who wrote under an alias", " chip--lit"),
    "member_reset": ("Given a new recovery sheet, and every device signed out", ""),
    "profile_hidden": ("Profile hidden", ""),
    "profile_shown": ("Profile shown again", " chip--sage"),
    "profile_released": ("Waiting profile shown", " chip--sage"),
    "joining_changed": ("Another door for new people", ""),
    "invitation_made": ("Invitation made", ""),
    "invitation_ended": ("Invitation ended", ""),
    "application_approved": ("Somebody let in", " chip--sage"),
    "application_declined": ("Somebody not let in", ""),
    "agreement_published": ("New version of the agreement", " chip--role"),
    "job_retried": ("Something left undone is tried again", ""),
    "section_made": ("Section put up", ""),
    "section_changed": ("Section changed", ""),
    "section_moved": ("Section moved in the list", ""),
    "section_archived": ("Section put away", ""),
    "section_brought_back": ("Section brought back", ""),
    "board_made": ("Board opened", ""),
    "board_changed": ("Board changed", ""),
    "board_settings_changed": ("How a board is kept changed", ""),
    "board_moved": ("Board moved in the list", ""),
    "board_archived": ("Board put away", ""),
    "board_brought_back": ("Board brought back", ""),
    "room_made": ("Room set up", ""),
    "room_changed": ("Room changed", ""),
    "room_moved": ("Room moved in the list", ""),
    "room_archived": ("Room put away", ""),
    "room_brought_back": ("Room brought back", ""),
    "group_made": ("Group made", ""),
    "group_renamed": ("Group renamed", ""),
    "group_ended": ("Group ended", ""),
    "group_joined": ("Taken into a group", ""),
    "group_left": ("Taken out of a group", ""),
    "role_admin": ("Made an admin", " chip--role"),
    "role_lead": ("Made a lead", " chip--role"),
    "role_member": ("A member again", " chip--role"),
    "appointed_moderator": ("Asked to moderate", " chip--role"),
    "appointed_facilitator": ("Asked to facilitate", " chip--role"),
    "dismissed_moderator": ("Moderates there no longer", " chip--role"),
    "dismissed_facilitator": ("Facilitates there no longer", " chip--role"),
    "line_checked": ("Helpline checked", " chip--sage"),
    "line_hidden": ("Helpline taken off the help page", ""),
    "line_shown": ("Helpline shown again", ""),
    "line_added": ("Helpline added", ""),
    "line_removed": ("Helpline taken away", ""),
    "hours_changed": ("Staffed hours changed", ""),
}


def settings() -> Settings:
    return current_app.extensions["hearth"]


# The queue


def line_told(line: QueueLine) -> dict[str, Any]:
    """One line of the queue, as the page and its script show it."""
    case = line.case
    return {
        "id": case.id,
        "url": url_for("moderation.case", case_id=case.id),
        "tier": str(case.tier),
        "wait": f"{_length(datetime.now(UTC) - case.opened_at)}, aim {span(settings().due_in(case.tier))}",
        "is_over": case.is_over,
        "why": why(line),
        "where": where(line),
        "claimed": f". With {line.claimed_by} until {_clock(case.claimed_until)}"
        if line.claimed_by and case.claimed_until
        else "",
    }


def why(line: QueueLine) -> str:
    """Why it is here, in a line, without a word of what was written."""
    if line.case.kind == CaseKind.APPEAL:
        return "A second look is asked for"
    found = [LABELS.get(label, label) for label in line.labels]
    told = [f"{_reason(reason)}, from {_people(count)}" for reason, count in line.reasons.items()]
    said = "; ".join([*found, *told]) or "Somebody told us, and took it back"
    return f"Held: {said}" if line.is_held else said


def where(line: QueueLine) -> str:
    """What it is and where it stands."""
    channel = line.case.channel
    if channel == Channel.PROFILE:
        return "A member"
    if channel == Channel.LIBRARY:
        return "Card in the library"
    if channel == Channel.ROOM:
        return f"Message in {line.place}"
    return f"{'Topic' if line.is_topic else 'Reply'} in {line.place}"


def _reason(reason: Reason) -> str:
    return "“I’m worried about this person”" if reason == Reason.WORRY else REASONS[reason][0]


def reason_words(reason: Reason) -> str:
    """What a report says it is about."""
    return WORRY if reason == Reason.WORRY else REASONS[Reason(reason)][0]


def _people(count: int) -> str:
    return "one person" if count == 1 else f"{count} people"


def _length(passed: timedelta) -> str:
    minutes = max(0, int(passed.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d}" if hours < 24 else f"{hours // 24} d"


def _clock(at: datetime) -> str:
    return minute(at, _zone())


def _zone() -> ZoneInfo:
    return zone_of(current_actor(), settings().timezone)


# Statements


def changed(decision: Decision) -> str:
    """What a decision changed, for the person it is about."""
    said = _CHANGED[Verb(decision.verb)]
    if decision.sanction is not None:
        said = said.format(where=place(decision.sanction))
    return (
        f"{said} Your words below are hidden from readers."
        if decision.has_hidden and decision.sanction
        else said
    )


def headline(decision: Decision) -> str:
    """The heading of a statement of reasons."""
    if decision.case.kind == CaseKind.APPEAL and decision.verb == Verb.NOTHING:
        return "We looked again, and it stays"
    return _HEADLINES[Verb(decision.verb)]


def held_for(decision: Decision) -> str:
    """How long it holds."""
    if decision.overturned_at is not None:
        return "It was undone after a second look."
    sanction = decision.sanction
    if sanction is None or sanction.kind == SanctionKind.WARNING:
        return "There is no pause and no end to wait for."
    if sanction.until is None:
        return "There is no end date. You can ask for a second look."
    return f"Until {clock(sanction.until, _zone(), decision.at)}. It opens again by itself."


def place(sanction: Sanction) -> str:
    """Where a sanction holds."""
    return {Scope.SITE: "everywhere here", Scope.BOARD: "on that board", Scope.ROOM: "in that room"}[
        sanction.scope
    ]


def sanction_words(sanction: Sanction) -> str:
    """What holds for a member, in a line for moderators and for the member."""
    until = (
        "with no end date"
        if sanction.until is None
        else f"until {clock(sanction.until, _zone(), sanction.starts_at)}"
    )
    kind = {
        SanctionKind.NOTE: "A note",
        SanctionKind.WARNING: "Was written to",
        SanctionKind.MUTE: "Writing paused",
        SanctionKind.SUSPENSION: "Paused",
        SanctionKind.BAN: "Door closed",
    }[sanction.kind]
    return (
        kind
        if sanction.kind in (SanctionKind.NOTE, SanctionKind.WARNING)
        else f"{kind} {place(sanction)}, {until}"
    )


def decider(user: User | None) -> str:
    """Who decided, by name and role."""
    if user is None:
        return "A moderator who has left since"
    return f"{user.name}, {'admin' if user.is_admin else 'lead' if user.is_lead else 'moderator'}"


def noticed(decision: Decision) -> str:
    """How it was noticed; never that somebody reported it, and never who."""
    return "Automatically. A person decided." if decision.is_automatic else "By people. A person decided."


_HEADLINES: dict[Verb, str] = {
    Verb.NOTHING: "It stays as it is",
    Verb.RELEASE: "Your words are shown now",
    Verb.HIDE: "Some words of yours are hidden",
    Verb.NOTE: "Your topic has a content note now",
    Verb.LOCK: "Your topic is closed to new replies",
    Verb.MOVE: "Your topic stands on another board now",
    Verb.WARN: "A word from a moderator",
    Verb.MUTE: "A pause on writing",
    Verb.SUSPEND: "A pause, everywhere here",
    Verb.BAN: "A door is closed for you",
    Verb.OVERTURN: "We looked again and got this wrong",
}

_CHANGED: dict[Verb, str] = {
    Verb.NOTHING: "Nothing more. What was decided the first time stays.",
    Verb.RELEASE: "What you wrote was waiting for a moderator. It is shown now.",
    Verb.HIDE: "Readers see that something was hidden here. You still see your own words.",
    Verb.NOTE: "Readers are told first what your topic mentions. Everything you wrote is still there.",
    Verb.LOCK: "Nobody can add replies. Everything that is written is still there.",
    Verb.MOVE: "The topic moved, with everything in it. Old links still lead to it.",
    Verb.WARN: "Nothing is taken from you. A moderator wrote to you.",
    Verb.MUTE: "You can read as before {where}; writing and answering are paused.",
    Verb.SUSPEND: "You can read boards and get help. Writing and rooms are paused {where}.",
    Verb.BAN: "You can’t go in {where} any more. Help, these reasons and a second look stay open to you.",
    Verb.OVERTURN: "What we changed is put back as it was.",
}


# Reports


def outcome(report: Report, decision: Decision | None) -> tuple[str, str, str]:
    """What became of a report: the chip's colour, its word, and a sentence. Never what the other person was told."""
    if report.is_withdrawn:
        return "chip--line", "Taken back", "You took this back, and nothing of it is kept."
    if decision is None:
        return "chip--role", "Waiting", "It is waiting for a moderator."
    if report.reason == Reason.WORRY:
        return (
            "chip--sage",
            "Looked at",
            "A moderator has read it and looked at how they are. That is all we can say.",
        )
    if decision.overturned_at is not None:
        return "chip--role", "Looked at again", "We looked at this a second time and decided otherwise."
    if decision.can_be_undone:
        return "chip--sage", "Changed", "We agreed with you, and something was changed."
    return "", "Left as it was", "We read it and left it as it was. We can see why it stayed with you."
