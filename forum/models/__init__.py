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
from forum.models.joining import (
    QUESTION,
    Application,
    Arrival,
    Invitation,
    InvitationGroup,
    SignUp,
    SiteSettings,
)
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
from forum.text.notes import NOTE_KINDS

__all__ = [
    "FIGURES", "NOTE_KINDS", "QUESTION", "TONES", "Actor", "Agreement", "Application", "Appointment", "Arrival",
    "Audience", "Board", "BoardGroup", "BoardMark", "Case", "CaseKind", "CaseNote", "Channel", "Choice", "Consent",
    "ContentChoice", "Decision", "Duty", "Entry", "EventType", "Gesture", "GestureKind", "Group", "GroupMember",
    "Guest", "Intent", "Invitation", "InvitationGroup", "Job", "LogEntry", "LogHead", "LogWords", "LoginSession",
    "MailLink", "Membership", "Mention", "Message", "Notification", "Persona", "Post", "Profile", "Purpose",
    "ReadMark", "ReadsFrom", "Reason", "RecoveryCode", "Report", "Request", "Role", "Room", "RoomEvent", "RoomGroup",
    "Sanction", "SanctionKind", "Scope", "Section", "SignUp", "SiteSettings", "Starters", "System", "TakenName",
    "Tier", "Token", "TokenScope", "Topic", "TopicNote", "User", "Verb", "Worded", "folded",
]  # fmt: skip
