"""What lies ahead of a member, as their calendar shows it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, OuterRef, Subquery

from accounts import clock
from accounts.models import User
from matching.cadence import coming
from matching.models import CheckIn, CheckInPlan
from matching.states import LIVE_PAIRING

AHEAD = timedelta(days=28)


def coming_check_ins(member: User) -> list[datetime]:
    """When a member is asked in the next four weeks if nobody changes anything, in UTC; one query.

    Two questions at the same moment are one: a calendar does not tell how many people somebody knows from here.
    """
    now, zone = clock.now(), member.profile.zone
    asked = CheckIn.objects.filter(pairing=OuterRef("pairing"), member=OuterRef("member")).order_by()
    last_on = asked.values("member").annotate(last_on=Max("local_date")).values("last_on")
    plans = (
        CheckInPlan.objects.filter(member=member, next_at__isnull=False, pairing__state__in=LIVE_PAIRING)
        .select_related("pairing")
        .annotate(last_on=Subquery(last_on))
    )
    found: set[datetime] = set()
    for plan in plans:
        found.update(
            coming(
                until=now + AHEAD,
                cadence=plan.cadence,
                began_on=plan.pairing.began_at.astimezone(ZoneInfo(zone)).date(),
                last_on=plan.last_on,
                hour=plan.hour,
                zone=zone,
                after=now,
                paused_until=plan.paused_until,
                quiet=plan.quiet,
                chosen=plan.hour_chosen,
                unanswered=plan.unanswered,
            )
        )
    return sorted(found)
