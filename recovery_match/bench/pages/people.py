"""An office full of made-up people at every stage, in a database that is nobody else's.

Rows are made in batches, with the database's guards on: a state that could not be is not measured.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from accounts import clock
from accounts.models import Fellowship, Intergroup, Profile, Sponsor, User
from matching.models import (
    Answer,
    CheckIn,
    CheckInPlan,
    ConsentRole,
    Offer,
    OfferConsent,
    Pairing,
    SponsorRequest,
)
from matching.states import CheckInState, OfferState, PairingState, RequestState
from recovery_match.bench.pages.options import Options
from recovery_match.demo.seed import seed_office

BATCH = 2_000
DAY = timedelta(days=1)
OLDEST_PAIR = 300
QUIET_EVERY = 25
ANSWERS = 8


def fill(slug: str, options: Options) -> User:
    """Make the demo's office of this name as large as told, with nothing offered yet; return its coordinator."""
    coordinator = seed_office(slug, members=options.members)
    office = Intergroup.objects.get(slug=slug)
    looking = list(_newcomers(office)[: options.requests + options.pairs])
    sponsors = list(Sponsor.objects.filter(user__profile__intergroup=office, approved_at__isnull=False))
    seats = [one.pk for one in sponsors for _ in range(one.seats)]
    Random("seats").shuffle(seats)
    _pair(office, looking[: options.pairs], seats[: options.pairs], coordinator)
    now, dice, asking = clock.now(), Random("requests"), looking[options.pairs :]
    _create([_request(office, member, now - DAY * dice.uniform(0.2, 40), RequestState.OPEN) for member in asking])
    count_anew()
    return coordinator


def count_anew() -> None:
    """Let the database know what has come, as it finds out by itself in an office that has been there for a minute."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _newcomers(office: Intergroup) -> QuerySet[Profile, UUID]:
    return Profile.objects.filter(intergroup=office, looking=True).order_by("pk").values_list("pk", flat=True)


def _pair(office: Intergroup, sponsees: Sequence[UUID], seats: Sequence[UUID], coordinator: User) -> None:
    """Pairs of different ages; some have not been in touch for long."""
    now, dice = clock.now(), Random("pairs")
    began = [now - DAY * dice.uniform(1, OLDEST_PAIR) for _ in sponsees]
    requests = [
        _request(office, member, at - 2 * DAY, RequestState.MATCHED, ended_at=at)
        for member, at in zip(sponsees, began, strict=True)
    ]
    offers = [
        _offer(request, sponsor, at - DAY, OfferState.PAIRED, answered_at=at - DAY / 2, ended_at=at)
        for request, sponsor, at in zip(requests, seats, began, strict=True)
    ]
    consents = [
        OfferConsent(offer=offer, role=role, actor=actor, at=at)
        for offer, at in zip(offers, began, strict=True)
        for role, actor in (
            (ConsentRole.NEWCOMER, offer.request.member_id),
            (ConsentRole.SPONSOR, offer.sponsor_id),
            (ConsentRole.COORDINATOR, coordinator.pk),
        )
    ]
    pairs = [_pairing(offer, at, now, number) for number, (offer, at) in enumerate(zip(offers, began, strict=True))]
    plans = [
        CheckInPlan(pairing=pair, member_id=member, next_at=now + DAY)
        for pair in pairs
        for member in (pair.sponsor_id, pair.sponsee_id)
    ]
    for rows in (requests, offers, consents, pairs, plans, list(_answers(pairs, now, dice))):
        _create(rows)
    _take_seats(offers)


def _pairing(offer: Offer, began: datetime, now: datetime, number: int) -> Pairing:
    quiet = number % QUIET_EVERY == 0 and began < now - 9 * DAY
    contact = began + (now - began) / 2 if not quiet else began
    return Pairing(
        offer=offer,
        sponsor_id=offer.sponsor_id,
        sponsee_id=offer.request.member_id,
        fellowship_id=offer.request.fellowship_id,
        intergroup_id=offer.request.intergroup_id,
        state=PairingState.CONFIRMED if began < now - 90 * DAY else PairingState.ACTIVE,
        began_at=began,
        trial_ends_on=(began + 90 * DAY).date(),
        contact_at=contact,
        count_from=began,
        quiet_at=began + 8 * DAY if quiet else None,
    )


def _answers(pairs: Sequence[Pairing], now: datetime, dice: Random) -> Iterator[CheckIn]:
    for pair in pairs:
        days = (now - pair.began_at).days
        for day in sorted(dice.sample(range(days), k=min(days, ANSWERS))):
            due = pair.began_at + day * DAY
            yield CheckIn(
                pairing=pair,
                member_id=dice.choice((pair.sponsor_id, pair.sponsee_id)),
                local_date=due.date(),
                due_at=due,
                state=CheckInState.ANSWERED,
                answer=dice.choice((Answer.TALKED, Answer.TALKED, Answer.NOT_YET)),
                answered_at=due + DAY / 12,
            )


def offer_some(slug: str) -> None:
    """Of the open requests, one third stay without an offer, one third wait for a sponsor, one third for a review."""
    now = clock.now()
    requests = list(SponsorRequest.objects.filter(intergroup__slug=slug, state=RequestState.OPEN))
    free = Sponsor.objects.filter(user__profile__intergroup__slug=slug, seats_taken__lt=F("seats"), approved_at__lt=now)
    sponsors = [pk for (pk,) in free.values_list("pk")]
    offers = []
    for number, (request, sponsor) in enumerate(zip(requests, sponsors, strict=False)):
        if stage := number % 3:
            held = {"answered_at": now - DAY / 6} if stage == 1 else {}
            state = OfferState.IN_REVIEW if held else OfferState.SENT
            offers.append(_offer(request, sponsor, now - DAY / 4, state, **held))
    offered = [one.request_id for one in offers]
    SponsorRequest.objects.filter(pk__in=offered).update(state=RequestState.OFFERED)
    SponsorRequest.objects.filter(intergroup__slug=slug, state=RequestState.OPEN).update(needs_coordinator=True)
    _create(offers)
    _take_seats([offer for offer in offers if offer.state == OfferState.IN_REVIEW])


def _request(office: Intergroup, member: UUID, asked: datetime, state: RequestState, **more: Any) -> SponsorRequest:
    return SponsorRequest(
        member_id=member,
        intergroup=office,
        fellowship=_fellowship(office),
        asked_at=asked,
        decide_by=asked + 60 * DAY,
        state=state,
        **more,
    )


@cache
def _fellowship(office: Intergroup) -> Fellowship:
    return office.fellowships.get()


def _offer(request: SponsorRequest, sponsor: UUID, made: datetime, state: OfferState, **more: Any) -> Offer:
    return Offer(
        request=request, sponsor_id=sponsor, made_at=made, expires_at=made + DAY, state=state, score=70_000, **more
    )


def _take_seats(offers: Sequence[Offer]) -> None:
    for offer in offers:
        Sponsor.objects.filter(pk=offer.sponsor_id).update(seats_taken=F("seats_taken") + 1)


def _create(rows: Sequence[Any]) -> None:
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)
