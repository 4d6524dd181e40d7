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
from forum.models.boundary import Boundary, BoundaryKind
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
from forum.models.factor import CodeApp, Passkey, SpentAsk
from forum.models.house import LineNote, StaffedDay
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
    MailLink,
    Openness,
    Persona,
    Purpose,
    RecoveryCode,
    Role,
    System,
    TakenName,
    Token,
    TokenScope,
    User,
    folded,
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
from forum.models.strategy import (
    MINUTES,
    PLAN_PARTS,
    SITUATIONS,
    TAGS,
    Answer,
    Evidence,
    How,
    Outcome,
    Plan,
    Strategy,
    StrategyAsk,
    StrategyTag,
    Toolkit,
)
from forum.models.writing import Draft, Planned, Revision
from forum.text.notes import NOTE_KINDS

__all__ = [
    "FIGURES", "MINUTES", "NOTE_KINDS", "PLAN_PARTS", "SITUATIONS", "TAGS", "TONES", "Actor", "Answer",
    "Appointment", "Audience", "Board", "BoardGroup", "BoardMark", "Boundary", "BoundaryKind", "Case",
    "CaseKind", "CaseNote", "Channel", "Choice", "CodeApp", "Consent", "ContentChoice", "Decision", "Draft",
    "Duty", "EventType", "Evidence", "Gesture", "GestureKind", "Group", "GroupMember", "Guest", "How",
    "Intent", "Job", "LineNote", "LogEntry", "LogHead", "LogWords", "LoginSession", "MailLink",
    "Membership", "Mention", "Message", "Notification", "Openness", "Outcome", "Passkey", "Persona", "Plan",
    "Planned", "Post", "Purpose", "ReadMark", "ReadsFrom", "Reason", "RecoveryCode", "Report", "Request",
    "Revision", "Role", "Room", "RoomEvent", "RoomGroup", "Sanction", "SanctionKind", "Scope", "Section",
    "SpentAsk", "StaffedDay", "Starters", "Strategy", "StrategyAsk", "StrategyTag", "System", "TakenName",
    "Tier", "Token", "TokenScope", "Toolkit", "Topic", "TopicNote", "User", "Verb", "Worded", "folded",
]  # fmt: skip
