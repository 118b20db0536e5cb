"""Who is there: a small office whose members come and go, signed in, and a clock that does not let them wait."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model, QuerySet

from accounts import clock
from accounts.models import User
from matching.actions.offers import accept_offer
from matching.actions.requests import choose
from matching.actions.reviews import approve_offer
from matching.cadence import at_hour
from matching.models import CheckInPlan, Offer, Pairing, ReviewDecision, SponsorRequest
from matching.states import OfferState, RequestState
from recovery_match.bench.pages.visits import signed_in
from tests import factories
from tests.matching import story

NEWCOMERS, SPONSORS, PAIRS, COORDINATORS = 24, 16, 10, 3
MANY = 12
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
    user = factories.account(email=f"{uuid4()}@example.org")
    if role == "sponsor":
        factories.sponsor(user=user, side={"seats": 3})
    elif role == "coordinator":
        factories.coordinator(user=user)
    elif role == "newcomer":
        factories.newcomer(user=user)
    else:
        factories.profile(user=user, first_name="Omar", looking=False)
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    name = settings.SESSION_COOKIE_NAME
    return Person(role, user, {name: signed_in(user).cookies[name].value})


def cast() -> list[Person]:
    """Everybody at the beginning; some are paired already."""
    here = [person("coordinator") for _ in range(COORDINATORS)] + [person("operator")]
    newcomers = [person("newcomer") for _ in range(NEWCOMERS)]
    sponsors = [person("sponsor") for _ in range(SPONSORS)]
    for one in newcomers[:PAIRS]:
        _pair(one.user, here[0].user)
    return here + newcomers + sponsors


def _pair(newcomer: User, coordinator: User) -> None:
    request = story.asked(newcomer)
    first = request.suggestions.order_by("place").values_list("sponsor_id", flat=True)[0]
    offer = choose(request, [first], by=newcomer)
    approve_offer(accept_offer(offer, by=offer.sponsor), by=coordinator)


def waiting() -> list[tuple[UUID | None, str]]:
    """What waits for somebody: whom, or nobody where any coordinator may look after it, and the page it is on."""
    offers = Offer.objects.order_by("?")
    found: list[tuple[UUID | None, str]] = [
        (who, f"/offers/{pk}/") for pk, who in offers.filter(state=OfferState.SENT).values_list("pk", "sponsor")[:MANY]
    ]
    found += [
        (None, f"/coordinate/offers/{pk}/")
        for pk in offers.filter(state=OfferState.IN_REVIEW).values_list("pk", flat=True)[:MANY]
    ]
    for pk, *two in Pairing.objects.live().order_by("?").values_list("pk", "sponsor", "sponsee")[:MANY]:
        found += [(who, f"/pairings/{pk}/") for who in two]
    asking = SponsorRequest.objects.live().order_by("?").values_list("pk", "member", "state")[:MANY]
    for pk, who, state in asking:
        found.append((who, "/request/suggestions/" if state == RequestState.OPEN else "/request/"))
        found.append((None, f"/coordinate/requests/{pk}/"))
    return found


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
    held = list(
        Offer.objects.filter(state=OfferState.SENT, expires_at__gt=now + timedelta(minutes=1)).order_by("made_at")
    )
    if len(held) >= AT_ONCE and dice.random() < RUNS_OUT:
        Offer.objects.filter(pk=held[0].pk, state=OfferState.SENT).update(expires_at=now + timedelta(seconds=1))


def _some(rows: "QuerySet[Row]") -> "list[Row]":
    return list(rows.order_by("?")[:AT_ONCE])
