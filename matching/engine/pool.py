"""One newcomer beside everybody who may sponsor: what the rules and the components look at."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

import numpy as np

from matching.engine.columns import Bits, People, Rows
from matching.engine.people import Person, Policy
from matching.engine.week import Whole, shared_quarters, zone_of


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is true between and around people, beside the people themselves.

    Attributes:
        now: The moment that days, pauses and waiting are counted to; aware.
        monday: First day of the week whose hours are compared.
        policy: What the intergroup decided.
        barred: Pairs of ids that must not meet: blocks and "not again". Either order; both directions are barred.
        chain: Sponsee id -> ids of their sponsors, over all living pairings.

    Raises:
        ValueError: `now` has no zone.
    """

    now: datetime
    monday: date
    policy: Policy = field(default_factory=Policy)
    barred: AbstractSet[tuple[UUID, UUID]] = frozenset()
    chain: Mapping[UUID, AbstractSet[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("moment without zone")

    @cached_property
    def _barred_from(self) -> Mapping[UUID, set[UUID]]:
        others: dict[UUID, set[UUID]] = {}
        for one, other in self.barred:
            others.setdefault(one, set()).add(other)
            others.setdefault(other, set()).add(one)
        return others

    @cached_property
    def _sponsored_by(self) -> Mapping[UUID, set[UUID]]:
        below: dict[UUID, set[UUID]] = {}
        for sponsee, sponsors in self.chain.items():
            for sponsor in sponsors:
                below.setdefault(sponsor, set()).add(sponsee)
        return below

    def today(self, zone: str) -> date:
        """The day it is in a zone.

        Raises:
            UnknownZoneError: No such zone.
        """
        return self.now.astimezone(zone_of(zone)).date()

    def barred_from(self, member: UUID) -> AbstractSet[UUID]:
        """Everybody whom the member must not meet."""
        return self._barred_from.get(member, frozenset())

    def lineage(self, member: UUID) -> AbstractSet[UUID]:
        """The member, the people they sponsor, those whom these sponsor, and so on down; ends on a cycle too."""
        seen, waiting = {member}, [member]
        while waiting:
            fresh = self._sponsored_by.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting.extend(fresh)
        return seen


@dataclass(frozen=True)
class Pool:
    """Everybody who may sponsor, as values and as columns in the same order. Build it with `Pool.of`."""

    members: Sequence[Person]
    sponsors: People
    facts: Facts

    @classmethod
    def of(cls, members: Sequence[Person], facts: Facts) -> "Pool":
        """Lay out the people who may sponsor. Who may not, is excluded by the rules.

        Raises:
            UnknownZoneError: A person's zone does not exist.
            ValueError: `facts.monday` is not a Monday.
        """
        return cls(members, People.of(members, now=facts.now, monday=facts.monday), facts)

    def changed(self, persons: Sequence[Person], gone: Collection[UUID] = ()) -> "Pool":
        """The pool in which these people replace those of the same id or are added, and those gone are removed.

        Whoever holds the old pool keeps it as it was. Ids that are unknown may be gone too.

        Raises:
            UnknownZoneError: A person's zone does not exist.
        """
        left = set(gone)
        people = {one.id: one for one in self.members if one.id not in left} | {one.id: one for one in persons}
        return Pool.of(list(people.values()), self.facts)

    def under(self, facts: Facts) -> "Pool":
        """The same people under other facts.

        Raises:
            ValueError: Another Monday; the weeks are laid out for one.
        """
        if facts.monday != self.facts.monday:
            raise ValueError("the weeks are laid out for another Monday")
        return Pool.of(self.members, facts)

    def ask(self, newcomer: Person) -> "Ask":
        """Set a newcomer beside these sponsors.

        Raises:
            UnknownZoneError: The newcomer's zone does not exist.
        """
        own = People.of([newcomer], now=self.facts.now, monday=self.facts.monday, codes=self.sponsors.codes)
        return Ask(newcomer, own, self)

    @property
    def rows(self) -> Rows:
        """Every row of the pool."""
        return np.arange(len(self.sponsors), dtype=np.intp)


@dataclass(frozen=True)
class Ask:
    """One newcomer's question to a pool.

    Attributes:
        newcomer: The person as values; own: the same as columns with one entry, in the pool's vocabularies.
    """

    newcomer: Person
    own: People
    pool: Pool

    @property
    def sponsors(self) -> People:
        return self.pool.sponsors

    @property
    def facts(self) -> Facts:
        return self.pool.facts

    def quarters(self, rows: Rows) -> Whole:
        """Quarter hours a week that the newcomer shares with each of these sponsors."""
        return shared_quarters(self.own.week[:, 0], self.sponsors.week[:, rows])

    def modes(self, rows: Rows) -> Bits:
        """Ways to meet that both would take, as bits in the order of MODES."""
        common: Bits = self.own.modes[0] & self.sponsors.modes[rows]
        return common

    @cached_property
    def _metres(self) -> Whole:
        return self.sponsors.places.metres_from(self.own.places, int(self.own.place[0]))

    def metres(self, rows: Rows) -> Whole:
        """Metres between area centres, or UNKNOWN."""
        return self._metres[self.sponsors.place[rows]]

    def limits(self, rows: Rows) -> Whole:
        """Farthest metres that both accept for meeting in person, or ANY_METRES."""
        limits: Whole = np.minimum(self.own.max_metres[0], self.sponsors.max_metres[rows])
        return limits

    @cached_property
    def _visits(self) -> Whole:
        return self.sponsors.count_visits(self.newcomer.attends)

    def shared_meetings(self, rows: Rows) -> Whole:
        """How many meetings both attend, home groups included."""
        return self._visits[rows]
