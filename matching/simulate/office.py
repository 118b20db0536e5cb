"""One office in the middle of a year: who is on its list, who waits, and what the engine is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from matching import engine
from matching.simulate import people
from matching.simulate.assumptions import Assumptions
from matching.simulate.chance import Chance
from matching.simulate.desk import Desk
from matching.simulate.policies import Policy
from matching.simulate.queue import Queue
from matching.simulate.records import Count, Pairing, Request, Sponsor
from matching.simulate.world import World, awake

_RULES = engine.Policy()
_MONDAY = people.START.date()
"""Any Monday: the one zone of these people has no clock changes, so that all weeks are alike."""


@dataclass
class Office:
    """The state of a year.

    Attributes:
        now: The simulated moment.
        sponsors: Everybody who is or was on the list, by id.
        requests, pairings: In the order in which they began.
        chain: Sponsee -> sponsors, of the pairings that live.
        counts: The list at the end of each week.
    """

    world: World
    policy: Policy
    now: datetime = people.START
    queue: Queue = field(default_factory=Queue)
    sponsors: dict[UUID, Sponsor] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    pairings: list[Pairing] = field(default_factory=list)
    chain: dict[UUID, set[UUID]] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = Desk(self.assumed)

    @property
    def assumed(self) -> Assumptions:
        return self.world.assumed

    @property
    def chance(self) -> Chance:
        return self.world.chance

    def in_hours(self, hours: float, *named: object) -> datetime:
        """The moment so many hours from now, or the morning after when that is at night."""
        return awake(self.now + timedelta(hours=hours), self.assumed, self.chance.dice("morning", *named))

    def facts(self, barred: Iterable[tuple[UUID, UUID]] = ()) -> engine.Facts:
        """What is true around everybody at this moment."""
        return engine.Facts(now=self.now, monday=_MONDAY, policy=_RULES, barred=frozenset(barred), chain=self.chain)

    def pool(self, *, without: Iterable[UUID] = (), barred: Iterable[tuple[UUID, UUID]] = ()) -> engine.Pool:
        """Everybody on the list at this moment, save those named.

        Who has no seat free is left out as well: the rules would exclude them, and a smaller pool is asked sooner.
        """
        left_out = set(without)
        listed = (one for one in self.sponsors.values() if one.person.active and not one.is_full)
        return engine.Pool.of([one.person for one in listed if one.id not in left_out], self.facts(barred))

    def fits(self, request: Request, sponsor: Sponsor, *, seat_held: bool = False) -> bool:
        """Whether every hard rule holds between the two at this moment.

        ``seat_held``: the sponsor said yes to this request already. The seat must not count against it, nor must a
        pause begun since.
        """
        person = sponsor.person
        if seat_held:
            person = replace(person, seats_taken=person.seats_taken - 1, paused_until=None)
        return engine.recheck(request.newcomer, person, self.facts()).eligible
