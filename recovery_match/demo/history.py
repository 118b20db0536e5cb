"""What the demo's office has done in the year before the story: enough of it that the report has something to tell.

Rows are written at once, with the database's guards on: to play a year through the actions would take minutes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from accounts import clock
from accounts.models import Intergroup, Sponsor, User
from matching.models import (
    CheckInPlan,
    ConsentRole,
    Offer,
    OfferConsent,
    Pairing,
    ServiceEntry,
    ServiceKind,
    SponsorRequest,
)
from matching.models.pairing import TRIAL_DAYS, EndReason
from matching.states import OfferState, PairingState, RequestState

PAIRS, STOPPED = 84, 15
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OLDEST, YOUNGEST = 330, 35
"""Between so many days ago the pairs began."""


class _History:
    """The rows of an office's past year, in the order in which they can be written."""

    def __init__(self, office: Intergroup, coordinator: User) -> None:
        self.office, self.fellowship, self.coordinator = office, office.fellowships.get(), coordinator
        self.now, self.dice = clock.now(), Random(f"history-{office.slug}")
        self.requests: list[SponsorRequest] = []
        self.offers: list[Offer] = []
        self.consents: list[OfferConsent] = []
        self.pairs: list[Pairing] = []
        self.plans: list[CheckInPlan] = []
        self.talks: list[ServiceEntry] = []
        self.taken: Counter[UUID] = Counter()

    def rows(self) -> Iterator[Sequence[Any]]:
        yield from (self.requests, self.offers, self.consents, self.pairs, self.plans, self.talks)

    def pair(self, member: UUID, sponsor: UUID, other: UUID) -> None:
        """Somebody asked, perhaps one sponsor did not answer, another said yes, and the two have talked since."""
        dice = self.dice
        began = self.now - DAY * dice.uniform(YOUNGEST, OLDEST)
        accepted = began - HOUR * dice.uniform(2, 30)
        made = accepted - HOUR * dice.uniform(1, 20)
        first, lapsed = made, dice.random() < 0.25
        if lapsed:
            first = made - DAY
        asked = first - HOUR * dice.choice((0.2, 1, 3, 9, 20, 40, 80, 150))
        request = self._request(member, asked, RequestState.MATCHED, began)
        if lapsed:
            self._offer(request, other, first, OfferState.EXPIRED, ended_at=made)
        offer = self._offer(request, sponsor, made, OfferState.PAIRED, answered_at=accepted, ended_at=began)
        actors = (
            (ConsentRole.NEWCOMER, member),
            (ConsentRole.SPONSOR, sponsor),
            (ConsentRole.COORDINATOR, self.coordinator.pk),
        )
        self.consents += [OfferConsent(offer=offer, role=role, actor=actor, at=began) for role, actor in actors]
        self._together(offer, began)

    def stop(self, member: UUID) -> None:
        """Somebody asked, and went on without anybody."""
        asked = self.now - DAY * self.dice.uniform(YOUNGEST, OLDEST)
        state = self.dice.choice((RequestState.WITHDRAWN, RequestState.CLOSED))
        self._request(member, asked, state, asked + DAY * self.dice.uniform(5, 30))

    def _request(self, member: UUID, asked: datetime, state: RequestState, ended: datetime) -> SponsorRequest:
        made = SponsorRequest(
            member_id=member,
            intergroup=self.office,
            fellowship=self.fellowship,
            asked_at=asked,
            decide_by=asked + 60 * DAY,
            state=state,
            ended_at=ended,
        )
        self.requests.append(made)
        return made

    def _offer(self, request: SponsorRequest, sponsor: UUID, made: datetime, state: OfferState, **more: Any) -> Offer:
        offer = Offer(
            request=request,
            sponsor_id=sponsor,
            made_at=made,
            expires_at=made + DAY,
            state=state,
            score=self.dice.randrange(55_000, 90_000),
            **more,
        )
        self.offers.append(offer)
        return offer

    def _together(self, offer: Offer, began: datetime) -> None:
        dice, zone = self.dice, ZoneInfo(self.office.zone)
        ended = began + DAY * dice.triangular(10, 250, 60) if dice.random() < 0.4 else None
        until = ended if ended and ended < self.now else None
        pair = Pairing(
            offer=offer,
            sponsor_id=offer.sponsor_id,
            sponsee_id=offer.request.member_id,
            fellowship=self.fellowship,
            intergroup=self.office,
            began_at=began,
            trial_ends_on=(began + TRIAL_DAYS * DAY).astimezone(zone).date(),
        )
        last = self._talk(pair, until or self.now)
        pair.contact_at = last
        if until:
            pair.state, pair.ended_at, pair.ended_by = PairingState.ENDED, until, pair.sponsee_id
            pair.end_reason = dice.choice(EndReason.values)
        else:
            pair.state = PairingState.ACTIVE if began > self.now - TRIAL_DAYS * DAY else PairingState.CONFIRMED
            pair.count_from = began
            self.taken[pair.sponsor_id] += 1
            soon = self.now + DAY * dice.uniform(1, 6)
            self.plans += [
                CheckInPlan(pairing=pair, member_id=one, next_at=soon) for one in (pair.sponsor_id, pair.sponsee_id)
            ]
        self.pairs.append(pair)

    def _talk(self, pair: Pairing, until: datetime) -> datetime:
        """Most weeks once or twice; the last time."""
        zone, moment, last = ZoneInfo(self.office.zone), pair.began_at + 2 * HOUR, pair.began_at + HOUR
        days = set()
        while moment < until - HOUR:
            on = moment.astimezone(zone).date()
            if on not in days:
                days.add(on)
                kind = ServiceKind.CONTACT
                self.talks.append(ServiceEntry(member_id=pair.sponsor_id, kind=kind, on=on, contact_of=pair, at=moment))
                last = moment
            moment += DAY * self.dice.choice((1, 2, 3, 3, 4, 5, 9, 15))
        return last


@transaction.atomic
def lay_down(office: Intergroup, coordinator: User, *, spare: Sequence[UUID]) -> int:
    """Write the past year of an office without those in ``spare``; return how many pairs it has seen."""
    people = User.objects.filter(profile__intergroup=office, email__startswith="member-").exclude(pk__in=spare)
    looking = people.filter(profile__looking=True, sponsor=None, requests=None).order_by("-email")
    members = list(looking.values_list("pk", flat=True)[: PAIRS + STOPPED])
    free = Sponsor.objects.filter(user__in=people, approved_at__isnull=False, seats_taken=0).order_by("-seats", "pk")
    # One place of each stays free for the story that goes on.
    places = [pk for pk, seats in free.values_list("pk", "seats") for _ in range(seats - 1)]
    made = _History(office, coordinator)
    made.dice.shuffle(places)
    for member, sponsor, other in zip(members[STOPPED:], places, reversed(places), strict=False):
        if other != sponsor:
            made.pair(member, sponsor, other)
    for member in members[:STOPPED]:
        made.stop(member)
    for rows in made.rows():
        if rows:
            type(rows[0]).objects.bulk_create(rows)
    for sponsor, seats in made.taken.items():
        Sponsor.objects.filter(pk=sponsor).update(seats_taken=F("seats_taken") + seats)
    return len(made.pairs)
