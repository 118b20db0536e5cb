"""When a member may be written to, by all the quiet hours they have asked for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Profile
from matching.cadence import QUIET, NeverAwake, Quiet, waking
from matching.models import CheckInPlan
from matching.states import LIVE_PAIRING


def quiet_hours(member_id: UUID) -> list[Quiet]:
    """The quiet hours of each of a member's live pairings; the usual ones for somebody without any."""
    plans = CheckInPlan.objects.filter(member=member_id, pairing__state__in=LIVE_PAIRING).order_by("pk")
    return [plan.quiet for plan in plans] or [QUIET]


def first_waking(moment: datetime, zone: str, quiets: Iterable[Quiet]) -> tuple[datetime, timedelta]:
    """:func:`waking`, for somebody whose quiet hours leave no time at all: then those of their first pairing count."""
    rests = list(quiets)
    try:
        return waking(moment, zone, rests)
    except NeverAwake:
        return waking(moment, zone, rests[:1])


def letter_time(member_id: UUID, moment: datetime) -> tuple[datetime, timedelta]:
    """When a letter to a member may come that could go at this moment, in UTC, and how late it may still be."""
    zone = Profile.objects.values_list("zone", flat=True).get(pk=member_id)
    return first_waking(moment, zone, quiet_hours(member_id))
