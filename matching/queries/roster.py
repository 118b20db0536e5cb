"""Who of the sponsors is to be asked whether they are still there for somebody new."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import DateField, DateTimeField, DurationField, ExpressionWrapper, F, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from accounts.models import Sponsor

ASK_BEFORE = timedelta(days=5)
"""So long before their last yes ends to count, a sponsor is asked for the first time."""


CONFIRM_SOON = timedelta(days=7)
"""So long before, their own pages show the question."""


def runs_out(sponsor: Sponsor, until: datetime | None, now: datetime) -> bool:
    """Whether an approved sponsor's own pages ask if they are still there: ``until`` is when their last yes ends to
    count, None when there is none."""
    return sponsor.approved_at is not None and (sponsor.asks > 0 or until is None or until <= now + CONFIRM_SOON)


def pausing(now: datetime) -> Q:
    """Sponsors who take nobody new today, by the calendar of their own zone."""
    there = Func(F("user__profile__zone"), Value(now), function="timezone", output_field=DateTimeField())
    return Q(paused_until__gt=Cast(there, DateField()))


def counts_for() -> Combinable:
    """How long a yes counts in the sponsor's intergroup."""
    return days(F("user__profile__intergroup__policy__confirm_days"))


def days(number: Combinable) -> Combinable:
    """So many days as a length of time."""
    return ExpressionWrapper(number * Value(timedelta(days=1), DurationField()), output_field=DurationField())


def to_ask(now: datetime) -> QuerySet[Sponsor]:
    """Those whose yes runs out soon or has, and who were not asked too short a while ago.

    Whoever surely pauses is left out: no calendar is more than a day ahead of the UTC one. The others' own zones are
    not asked here, since one that the database does not know would spoil the query for everybody.
    """
    old = Q(confirmed_at__isnull=True) | Q(confirmed_at__lte=now + ASK_BEFORE - counts_for())
    waits = Q(ask_next_at__isnull=True) | Q(ask_next_at__lte=now)
    there = Sponsor.objects.filter(approved_at__isnull=False, user__is_active=True)
    perhaps = Q(paused_until__isnull=True) | Q(paused_until__lte=now.date() + timedelta(days=1))
    return there.filter(old, waits, perhaps, user__profile__completed_at__isnull=False)


def sponsor_behind(member_id: UUID) -> Sponsor | None:
    """An approved sponsor with an active account, as the link to their question shows them."""
    found = Sponsor.objects.select_related("user__profile__intergroup__policy")
    return found.filter(pk=member_id, user__is_active=True, approved_at__isnull=False).first()


def counts_until(sponsor: Sponsor) -> datetime | None:
    """When the last yes of a sponsor of :func:`sponsor_behind` ends to count; None when there is none."""
    office = sponsor.user.profile.intergroup
    if sponsor.confirmed_at is None or office is None:
        return None
    return sponsor.confirmed_at + timedelta(days=office.policy.confirm_days)
