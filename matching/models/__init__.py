from matching.models.bridge import LOOK_AFTER_BRIDGES, MOST_MEETINGS, Bridge, BridgeVolunteer
from matching.models.bridge_invitation import BridgeInvitation
from matching.models.calendar_feed import CalendarFeed
from matching.models.checkin import Answer, Cadence, CheckIn, CheckInPlan
from matching.models.digest import Digest
from matching.models.handover import Handover
from matching.models.invitee import Invitee
from matching.models.milestone import ANEW, MilestonePlan
from matching.models.notice_preference import NoticeKind, UnwantedNotice
from matching.models.offer import ConsentRole, Offer, OfferConsent, Origin, RejectReason
from matching.models.office_list import ColumnHabit, ListStage, OfficeList
from matching.models.outbox import MAIL, Heartbeat, OutboxMessage
from matching.models.pairing import STEPS, TRIAL_DAYS, EndReason, Pairing
from matching.models.push_address import PushAddress
from matching.models.recruiting import RECRUITING_KEPT_FOR, Recruiting, RecruitingLine
from matching.models.request import RequestKind, Shown, SponsorRequest, Suggestion
from matching.models.review_decision import ReviewDecision, Verdict
from matching.models.review_question import ReviewQuestion
from matching.models.rosterchange import RosterChange
from matching.models.round import Round, RoundKind, RoundPart
from matching.models.round_result import PairOutcome, RoundLeft, RoundPair, RoundSponsor
from matching.models.silence import ChangeAnswer, ChangeAsk
from matching.models.step_service import ServiceEntry, ServiceKind
from matching.models.tally import LATENESS, Tally, TallyKind
from matching.models.unwanted_letter import UnwantedLetter

__all__ = [
    "ANEW",
    "LATENESS",
    "LOOK_AFTER_BRIDGES",
    "MAIL",
    "MOST_MEETINGS",
    "RECRUITING_KEPT_FOR",
    "STEPS",
    "TRIAL_DAYS",
    "Answer",
    "Bridge",
    "BridgeInvitation",
    "BridgeVolunteer",
    "Cadence",
    "CalendarFeed",
    "ChangeAnswer",
    "ChangeAsk",
    "CheckIn",
    "CheckInPlan",
    "ColumnHabit",
    "ConsentRole",
    "Digest",
    "EndReason",
    "Handover",
    "Heartbeat",
    "Invitee",
    "ListStage",
    "MilestonePlan",
    "NoticeKind",
    "Offer",
    "OfferConsent",
    "OfficeList",
    "Origin",
    "OutboxMessage",
    "PairOutcome",
    "Pairing",
    "PushAddress",
    "Recruiting",
    "RecruitingLine",
    "RejectReason",
    "RequestKind",
    "ReviewDecision",
    "ReviewQuestion",
    "RosterChange",
    "Round",
    "RoundKind",
    "RoundLeft",
    "RoundPair",
    "RoundPart",
    "RoundSponsor",
    "ServiceEntry",
    "ServiceKind",
    "Shown",
    "SponsorRequest",
    "Suggestion",
    "Tally",
    "TallyKind",
    "UnwantedLetter",
    "UnwantedNotice",
    "Verdict",
]
