"""Whom to look for: the kinds of sponsors that would let the most people be served, beside all seats there are.

How many people sponsors can serve at most is a rank in a transversal matroid, so what a further sponsor adds only
shrinks as others come (it is submodular). Taking the best kind each time therefore serves at least 1 - 1/e, 63 %, of
the people whom the best choice of as many sponsors of these kinds would add (Nemhauser, Wolsey and Fisher,
Mathematical Programming 14, 1978). `most` tells more for the case at hand: no choice of n sponsors adds more than what
was added so far and n times the best next step. Where both are alike, the choice is proved to be the best.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from matching.engine.edges import Field
from matching.engine.optimum import Cancelled, wanted
from matching.engine.outcome import Round
from matching.engine.people import Person
from matching.engine.pool import Pool
from matching.engine.scarce import Newcomers, Scarce, possible
from matching.engine.sought import SEATS, Sought, kinds_for, person


@dataclass(frozen=True, slots=True)
class Recruit:
    """One sponsor who is sought.

    Attributes:
        sought: Of which kind.
        serves: Who is served with this one as well, and was not before: by the recruit, or by somebody whose seat
            becomes free when another goes to the recruit.
        fits: How many of all who wait such a sponsor could take.
    """

    sought: Sought
    serves: tuple[UUID, ...]
    fits: int


class Recruiting:
    """A search that goes on one sponsor at a time, so that it can be kept and taken up again.

    Equal gains go to the kind that asks for less, then to the one that fits more people, so that the answer does not
    depend on the order of the people.
    """

    def __init__(self, newcomers: Sequence[Person], pool: Pool, found: Round, zone: str) -> None:
        """Begin.

        Args:
            newcomers: Everybody who waits.
            pool: Everybody who may sponsor.
            found: A round of these that serves the most people.
            zone: IANA name of the zone whose hours the kinds mean.

        Raises:
            UnknownZoneError: A zone does not exist.
        """
        self._newcomers, self._facts, self._zone = newcomers, pool.facts, zone
        self._scarce = Scarce(newcomers, pool, found)
        self._kinds = _alike_once(self._scarce.newcomers, pool, zone)
        self._heap = [
            (-min(SEATS, some.bit_count()), kind.demands, -some.bit_count(), number)
            for number, (kind, some) in enumerate(self._kinds)
        ]
        heapq.heapify(self._heap)

    def following(self, still_wanted: Callable[[], bool] = wanted) -> Recruit | None:
        """Add the sponsor who serves the most people more; None when nobody of these kinds would serve anybody more.

        What a kind would add was at least as much the last time it was asked, so only the first of the heap are asked
        again (Minoux, 1978).

        Raises:
            Cancelled: It is no longer wanted.
        """
        while self._heap:
            if not still_wanted():
                raise Cancelled
            _, demands, fits, number = self._heap[0]
            kind, some = self._kinds[number]
            gain = self._scarce.gain(some, SEATS)
            fresh = (-gain, demands, fits, number)
            if not gain:
                heapq.heappop(self._heap)
            elif fresh == self._heap[0]:
                return self._added(kind, some)
            else:
                heapq.heapreplace(self._heap, fresh)
        return None

    def add(self, kind: Sought) -> Recruit:
        """Add a sponsor of a kind that was found before: the same search is then where it was."""
        return self._added(kind, dict(self._kinds).get(kind, 0))

    def _added(self, kind: Sought, some: Newcomers) -> Recruit:
        served = tuple(self._scarce.newcomers[at].id for at in self._scarce.add(some, SEATS))
        return Recruit(kind, served, self._fits(kind))

    def _fits(self, kind: Sought) -> int:
        pool = Pool.of([person(kind, self._facts, self._zone)], self._facts)
        field = Field.of(self._newcomers, pool)
        return sum(len(field.edges(at).sponsors) for at in range(len(field.newcomers)))


def _alike_once(newcomers: Sequence[Person], pool: Pool, zone: str) -> list[tuple[Sought, Newcomers]]:
    """The kinds and whom they may take; of those who may take the same people only the one that asks for least."""
    people = {person(kind, pool.facts, zone).id: kind for kind in kinds_for(newcomers)}
    offering = Pool.of([person(kind, pool.facts, zone) for kind in people.values()], pool.facts)
    takes, found = possible(newcomers, offering), dict[Newcomers, Sought]()
    for one, kind in people.items():
        if takes.get(one):
            found.setdefault(takes[one], kind)
    return [(kind, some) for some, kind in found.items()]


def most(gains: Sequence[int], number: int) -> int:
    """No choice of so many sponsors of the kinds that were looked at serves more people than this.

    Args:
        gains: What each sponsor found so far adds, in their order; ended by nought when nobody would add anything.
        number: Of how many sponsors.
    """
    added, bounds = 0, list[int]()
    for gain in gains:
        bounds.append(added + number * gain)
        added += gain
    return min(bounds, default=0)


def possible_sponsors(newcomers: Sequence[Person], pool: Pool) -> dict[UUID, int]:
    """Count for each newcomer the sponsors with a free seat who could take them, whoever else needs that seat.

    Raises:
        UnknownZoneError: A newcomer's zone does not exist.
    """
    field = Field.of(newcomers, pool)
    counts = field.count(np.arange(len(field.newcomers)))
    return {one.id: count for one, count in zip(field.newcomers, counts.tolist(), strict=True)}
