from matching.models.checkin import Answer, Cadence, CheckIn, CheckInPlan
from matching.models.digest import Digest
from matching.models.notice_preference import NoticeKind, UnwantedNotice
from matching.models.offer import ConsentRole, Offer, OfferConsent, Origin, RejectReason
from matching.models.outbox import Heartbeat, OutboxMessage
from matching.models.pairing import TRIAL_DAYS, EndReason, Pairing
from matching.models.request import RequestKind, SponsorRequest, Suggestion
from matching.models.rosterchange import RosterChange
from matching.models.round import Round, RoundKind, RoundPart
from matching.models.round_result import PairOutcome, RoundLeft, RoundPair, RoundSponsor
from matching.models.silence import ChangeAnswer, ChangeAsk
from matching.models.step_service import ServiceEntry, ServiceKind

__all__ = [
    "TRIAL_DAYS",
    "Answer",
    "Cadence",
    "ChangeAnswer",
    "ChangeAsk",
    "CheckIn",
    "CheckInPlan",
    "ConsentRole",
    "Digest",
    "EndReason",
    "Heartbeat",
    "NoticeKind",
    "Offer",
    "OfferConsent",
    "Origin",
    "OutboxMessage",
    "PairOutcome",
    "Pairing",
    "RejectReason",
    "RequestKind",
    "RosterChange",
    "Round",
    "RoundKind",
    "RoundLeft",
    "RoundPair",
    "RoundPart",
    "RoundSponsor",
    "ServiceEntry",
    "ServiceKind",
    "SponsorRequest",
    "Suggestion",
    "UnwantedNotice",
]
