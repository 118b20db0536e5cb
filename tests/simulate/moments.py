"""A busy time under each policy, played once and looked at after every happening."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from matching import engine
from matching.simulate import DEFAULT_POLICIES, Policy, begin, steps
from matching.simulate.office import Office
from matching.simulate.queue import Happening
from matching.simulate.records import Pairing, Request
from matching.states import LIVE_PAIRING, OfferState, RequestState
from tests.simulate.small import busy

POLICIES = (*DEFAULT_POLICIES, Policy(name="All at once", offer_hours=48, at_once=3, review=False))


@dataclass(frozen=True)
class Standing:
    """One request at one moment.

    Attributes:
        held: States of the offers that a sponsor or a coordinator has; due: deadlines of all live ones.
    """

    asked_at: datetime
    state: RequestState
    is_live: bool
    decide_by: datetime
    held: tuple[OfferState, ...]
    due: tuple[datetime, ...]

    @classmethod
    def of(cls, request: Request) -> "Standing":
        held = tuple(offer.path.now for offer in request.held_offers())
        due = tuple(offer.due_at for offer in request.live_offers())
        return cls(request.asked_at, request.path.now, request.is_live, request.decide_by, held, due)


@dataclass(frozen=True)
class Moment:
    """The office at one moment: `people` counts who is really with each sponsor, `broken` rules of new pairings."""

    now: datetime
    what: Happening
    seats: dict[UUID, tuple[int, int]]
    people: Counter[UUID]
    requests: tuple[Standing, ...]
    broken: tuple[engine.Rule | None, ...]


@cache
def play(policy: Policy) -> tuple[Office, tuple[Moment, ...]]:
    """The office at the end, and every moment on the way."""
    world = busy()
    office, seen, paired = begin(world, policy), [], 0
    earlier = Counter({one.person.id: len(one.seats_free_at) for one in world.sponsors})
    for entry in steps(office):
        if entry.what is Happening.EARLIER_PARTED:
            earlier[entry.about.id] -= 1  # type: ignore[attr-defined]
        fresh, paired = office.pairings[paired:], len(office.pairings)
        seen.append(
            Moment(
                entry.at,
                entry.what,
                {one.id: (one.person.seats_taken, one.person.seats) for one in office.sponsors.values()},
                earlier + _people(office),
                tuple(map(Standing.of, office.requests)),
                tuple(_broken(office, one) for one in fresh),
            )
        )
    return office, tuple(seen)


def _people(office: Office) -> Counter[UUID]:
    """Everybody whom a sponsor has or has said yes to, since the beginning."""
    offers = (offer for request in office.requests for offer in request.held_offers())
    waiting = Counter(offer.sponsor.id for offer in offers if offer.path.now is OfferState.IN_REVIEW)
    return waiting + Counter(one.sponsor.id for one in office.pairings if one.path.now in LIVE_PAIRING)


def _broken(office: Office, pairing: Pairing) -> engine.Rule | None:
    """The rule that stands between two who were just paired, seen as before the seat was taken.

    A pause begun between the yes and the review keeps away new offers and no more.
    """
    sponsor = pairing.sponsor.person
    pause = None if office.policy.review else sponsor.paused_until
    before = replace(sponsor, seats_taken=sponsor.seats_taken - 1, paused_until=pause)
    return engine.recheck(pairing.request.newcomer, before, replace(office.facts(), chain={})).broken
