"""All the open questions of one member, with the person each is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from matching.models import Answer, CheckIn
from matching.states import LIVE_PAIRING, CheckInState

CORRECTED_FOR = timedelta(hours=12)
"""So long after an answer it stays on the page, to be corrected."""


@dataclass(frozen=True)
class Question:
    """One question: whom it is about, since when it is asked, and what was answered, if anything."""

    checkin: CheckIn
    name: str
    asked_at: datetime
    answer: str


def asked_of(member: User) -> QuerySet[CheckIn]:
    """All that a member was asked about their live pairings."""
    return CheckIn.objects.of(member).filter(pairing__state__in=LIVE_PAIRING)


def listed(member: User, now: datetime) -> Sequence[Question]:
    """The questions that wait, oldest first, and then those answered in the last hours; one query."""
    newer = CheckIn.objects.filter(
        pairing=OuterRef("pairing"), member=OuterRef("member"), local_date__gt=OuterRef("local_date")
    )
    waits = Q(state=CheckInState.OPEN)
    answered = Q(state=CheckInState.ANSWERED, answered_at__gt=now - CORRECTED_FOR)
    found = asked_of(member).exclude(Exists(newer)).filter(waits | answered)
    rows = found.select_related("pairing__sponsee__profile", "pairing__sponsor__profile").order_by("due_at", "pk")
    return sorted((_question(row, member.pk) for row in rows), key=lambda one: bool(one.answer))


def _question(checkin: CheckIn, member_id: UUID) -> Question:
    pairing = checkin.pairing
    other = pairing.sponsee if pairing.sponsor_id == member_id else pairing.sponsor
    said = str(Answer(checkin.answer).label) if checkin.answer else ""
    return Question(checkin, other.profile.display_name, checkin.due_at, said)
