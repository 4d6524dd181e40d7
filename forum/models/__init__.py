"""Tables, and the facts that one row can state about itself. One module a noun."""

from forum.models.agreement import Agreement
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
from forum.models.joining import (
    QUESTION,
    Application,
    Arrival,
    Invitation,
    InvitationGroup,
    SignUp,
    SiteSettings,
)
from forum.models.leaving import AccountCopy
from forum.models.member import (
    FIGURES,
    TONES,
    Actor,
    Appointment,
    Consent,
    ContentChoice,
    Duty,
    Entry,
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
from forum.models.profile import Profile
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
from forum.models.watch import (
    AT_ONCE,
    KIND_WORDS_A_DAY,
    Bookmark,
    Feed,
    Level,
    Reach,
    Thought,
    Watch,
    keep_time_in,
    zone_of,
)
from forum.models.writing import Draft, Planned, Revision
from forum.text.notes import NOTE_KINDS

__all__ = [
    "AT_ONCE", "FIGURES", "KIND_WORDS_A_DAY", "MINUTES", "NOTE_KINDS", "PLAN_PARTS", "QUESTION", "SITUATIONS",
    "TAGS", "TONES", "AccountCopy", "Actor", "Agreement", "Answer", "Application", "Appointment", "Arrival",
    "Audience", "Board", "BoardGroup", "BoardMark", "Bookmark", "Boundary", "BoundaryKind", "Case",
    "CaseKind", "CaseNote", "Channel", "Choice", "CodeApp", "Consent", "ContentChoice", "Decision", "Draft",
    "Duty", "Entry", "EventType", "Evidence", "Feed", "Gesture", "GestureKind", "Group", "GroupMember",
    "Guest", "How", "Intent", "Invitation", "InvitationGroup", "Job", "Level", "LineNote", "LogEntry",
    "LogHead", "LogWords", "LoginSession", "MailLink", "Membership", "Mention", "Message", "Notification",
    "Openness", "Outcome", "Passkey", "Persona", "Plan", "Planned", "Post", "Profile", "Purpose", "Reach",
    "ReadMark", "ReadsFrom", "Reason", "RecoveryCode", "Report", "Request", "Revision", "Role", "Room",
    "RoomEvent", "RoomGroup", "Sanction", "SanctionKind", "Scope", "Section", "SignUp", "SiteSettings",
    "SpentAsk", "StaffedDay", "Starters", "Strategy", "StrategyAsk", "StrategyTag", "System", "TakenName",
    "Thought", "Tier", "Token", "TokenScope", "Toolkit", "Topic", "TopicNote", "User", "Verb", "Watch",
    "Worded", "folded", "keep_time_in", "zone_of",
]  # fmt: skip
