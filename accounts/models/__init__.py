from accounts.models.audit import AuditEntry
from accounts.models.audit_chain import AuditHeads, AuditLink, AuditWaiting
from accounts.models.consent import Consent, ConsentKind
from accounts.models.erasure import Erasure
from accounts.models.intergroup import Area, Coordinator, Fellowship, Intergroup, Scope
from accounts.models.invitation import Invitation
from accounts.models.meeting import Attendance, Meeting
from accounts.models.meeting_feed import MeetingFeed
from accounts.models.member_key import MemberKey
from accounts.models.people import (
    Approach,
    Comfort,
    Contact,
    Experience,
    Gender,
    Language,
    Mode,
    Need,
    Profile,
    User,
)
from accounts.models.policy import Policy, TextPlace
from accounts.models.policy_change import PolicyChange
from accounts.models.safety import Bar, BarKind, FormerBar, Report, ReportKind
from accounts.models.sealed import Sealed, SealedTextField
from accounts.models.sponsor import OPEN_END, PauseReason, Sponsor
from accounts.models.week import Week, WeekField

__all__ = [
    "OPEN_END",
    "Approach",
    "Area",
    "Attendance",
    "AuditEntry",
    "AuditHeads",
    "AuditLink",
    "AuditWaiting",
    "Bar",
    "BarKind",
    "Comfort",
    "Consent",
    "ConsentKind",
    "Contact",
    "Coordinator",
    "Erasure",
    "Experience",
    "Fellowship",
    "FormerBar",
    "Gender",
    "Intergroup",
    "Invitation",
    "Language",
    "Meeting",
    "MeetingFeed",
    "MemberKey",
    "Mode",
    "Need",
    "PauseReason",
    "Policy",
    "PolicyChange",
    "Profile",
    "Report",
    "ReportKind",
    "Scope",
    "Sealed",
    "SealedTextField",
    "Sponsor",
    "TextPlace",
    "User",
    "Week",
    "WeekField",
]
