"""Who is there: a small office whose members come and go, signed in, and a clock that does not let them wait."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model, QuerySet

from accounts import clock
from accounts.models import User
from matching.cadence import at_hour
from matching.models import CheckInPlan, Offer, ReviewDecision
from matching.states import OfferState
from recovery_match.bench.pages.visits import signed_in
from tests import factories
from tests.matching import story

NEWCOMERS, SPONSORS, PAIRS, COORDINATORS = 24, 24, 10, 3
AT_ONCE = 4
RUNS_OUT = 0.2

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an open session."""

    role: str
    user: User
    cookies: dict[str, str]


def person(role: str) -> Person:
    """Somebody new."""
    made = {"newcomer": factories.newcomer, "sponsor": _sponsor, "coordinator": factories.coordinator}
    user = made.get(role, _operator)()
    return Person(
        role, user, {settings.SESSION_COOKIE_NAME: signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value}
    )


def _sponsor() -> User:
    return factories.sponsor(side={"seats": 3})


def _operator() -> User:
    user = factories.profile(first_name="Omar", looking=False).user
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return user


def cast() -> list[Person]:
    """Everybody at the beginning; some are paired already."""
    here = [person("coordinator") for _ in range(COORDINATORS)] + [person("operator")]
    newcomers = [person("newcomer") for _ in range(NEWCOMERS)]
    sponsors = [person("sponsor") for _ in range(SPONSORS)]
    for one, other in zip(newcomers[:PAIRS], sponsors, strict=False):
        story.paired(one.user, other.user, here[0].user)
    return here + newcomers + sponsors


def let_time_pass(dice: Random) -> None:
    """Some questions fall due, some decisions can no longer be taken back, some offers run out in a moment.

    One row at a time, each in a transaction of its own, so that nobody is kept from anything by it.
    """
    now = clock.now()
    for plan in _some(CheckInPlan.objects.exclude(next_at=None).select_related("member__profile")):
        zone = plan.member.profile.zone
        hour = now.astimezone(ZoneInfo(zone)).hour
        due = at_hour(clock.today(zone), hour, zone)
        CheckInPlan.objects.filter(pk=plan.pk).update(hour=hour, hour_chosen=True, next_at=due)
    for decision in _some(ReviewDecision.objects.filter(due_at__gt=now)):
        ReviewDecision.objects.filter(pk=decision.pk).update(due_at=now)
    if dice.random() < RUNS_OUT:
        for offer in _some(Offer.objects.filter(state=OfferState.SENT, expires_at__gt=now + timedelta(minutes=1)))[:1]:
            Offer.objects.filter(pk=offer.pk, state=OfferState.SENT).update(expires_at=now + timedelta(seconds=1))


def _some(rows: "QuerySet[Row]") -> "list[Row]":
    return list(rows.order_by("?")[:AT_ONCE])
