"""Tables, and the facts that one row can state about itself. One module a noun."""

from forum.models.board import (
    Audience,
    Board,
    BoardGroup,
    BoardMark,
    Choice,
    Gesture,
    GestureKind,
    Intent,
    Mention,
    Notification,
    Post,
    ReadMark,
    Request,
    Section,
    Starters,
    Topic,
    TopicNote,
    Worded,
)
from forum.models.case import (
    Case,
    CaseKind,
    CaseNote,
    Channel,
    Decision,
    LogEntry,
    LogHead,
    LogWords,
    Reason,
    Report,
    Sanction,
    SanctionKind,
    Scope,
    Tier,
    Verb,
)
from forum.models.job import Job
from forum.models.member import (
    FIGURES,
    TONES,
    Actor,
    Appointment,
    Consent,
    ContentChoice,
    Duty,
    Group,
    GroupMember,
    Guest,
    LoginSession,
    Persona,
    RecoveryCode,
    Role,
    System,
    TakenName,
    User,
)
from forum.models.room import (
    EventType,
    Membership,
    Message,
    ReadsFrom,
    Room,
    RoomEvent,
    RoomGroup,
)
from forum.text.notes import NOTE_KINDS

__all__ = [
    "FIGURES", "NOTE_KINDS", "TONES", "Actor", "Appointment", "Audience", "Board", "BoardGroup", "BoardMark",
    "Case", "CaseKind", "CaseNote", "Channel", "Choice", "Consent", "ContentChoice", "Decision", "Duty",
    "EventType", "Gesture", "GestureKind", "Group", "GroupMember", "Guest", "Intent", "Job", "LogEntry", "LogHead",
    "LogWords", "LoginSession", "Membership", "Mention", "Message", "Notification", "Persona", "Post",
    "ReadMark", "ReadsFrom", "Reason", "RecoveryCode", "Report", "Request", "Role", "Room", "RoomEvent",
    "RoomGroup", "Sanction", "SanctionKind", "Scope", "Section", "Starters", "System", "TakenName", "Tier",
    "Topic", "TopicNote", "User", "Verb", "Worded",
]  # fmt: skip
