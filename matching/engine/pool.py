"""Everybody who may sponsor, laid out to be asked many times."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cached_property
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching.engine import merging
from matching.engine.columns import Codes, People, Rows, microseconds
from matching.engine.compiled import compiled
from matching.engine.facts import Facts
from matching.engine.laying import learn, look_up
from matching.engine.people import DEFAULT_MINIMUM_DAYS, Component, Person
from matching.engine.places import place_of
from matching.engine.rules import DAY, may_take_somebody
from matching.engine.scene import Apart, Ask, Scene, Terms, firsts
from matching.engine.scoring import POINT, fixed
from matching.engine.sight import Glance, Sight

CLOSED = -1
"""Instead of points, for a sponsor who may take nobody."""

Points = npt.NDArray[np.int32]


@dataclass(eq=False)
class _Seen:
    """The last glance at some people, and what was true then; shared by all pools of just these people."""

    last: tuple[Sight, Facts] | None = None

    def under(self, facts: Facts) -> Sight | None:
        """The last glance, if it was on the same day under the same policy."""
        if self.last is None:
            return None
        sight, known = self.last
        same_day = microseconds(known.now) // DAY == microseconds(facts.now) // DAY
        return sight if same_day and known.policy == facts.policy else None


@dataclass(frozen=True, eq=False)
class Pool:
    """Everybody who may sponsor. Build it with `Pool.of`; it never changes, `changed` and `under` give another.

    Attributes:
        people: The sponsors, in the order of their kinds.
        codes: What the numbers and bits in `people` mean; shared by all pools that came of one another.
        facts: What is true around them.
        rows: Every row, in the order in which the persons were given.
    """

    people: People
    codes: Codes
    facts: Facts
    rows: Rows
    seen: _Seen = field(default_factory=_Seen, repr=False)

    @classmethod
    def of(cls, persons: Sequence[Person], facts: Facts) -> "Pool":
        """Lay out the people who may sponsor. Who may not, is excluded by the rules.

        Raises:
            UnknownZoneError: A person's zone does not exist.
            ValueError: `facts.monday` is not a Monday.
        """
        codes = Codes()
        people, order = merging.in_kinds(learn(persons, codes, facts.monday), codes)
        given = np.empty(len(order), dtype=np.intp)
        given[order] = np.arange(len(order))
        return cls(people, codes, facts, given)

    def changed(self, persons: Sequence[Person], gone: Collection[UUID] = ()) -> "Pool":
        """The pool in which these persons replace those of the same id or join, and those gone are not.

        Raises:
            UnknownZoneError: A person's zone does not exist.
            ValueError: Somebody is given twice.
        """
        require_once(one.id for one in persons)
        stale = merging.find(self.people.rows, {*(one.id for one in persons), *gone})
        fresh = learn(persons, self.codes, self.facts.monday)
        people, moves = merging.merged(self.people, stale, fresh, self.codes)
        seen = _Seen()
        if self.seen.last is not None:
            sight, facts = self.seen.last
            scene = _alone(people, _of_day(people, self.codes, facts))
            seen = _Seen((sight.after(moves, scene, self.codes), facts))
        return replace(self, people=people, rows=np.arange(len(people.rows)), seen=seen)

    def under(self, facts: Facts) -> "Pool":
        """The same people at another moment, under another policy, or with others barred.

        Raises:
            ValueError: Another week is to be compared: the people must be laid out anew.
        """
        if facts.monday != self.facts.monday:
            raise ValueError("the people are laid out for the week of another Monday")
        return replace(self, facts=facts)

    @cached_property
    def terms(self) -> Terms:
        """The facts in numbers."""
        return _terms(self.people, self.codes, self.facts)

    @cached_property
    def points(self) -> Points:
        """(people,) what each sponsor brings to every pair, or CLOSED; counted when somebody first asks."""
        points = np.empty(len(self.people.rows), dtype=np.int32)
        _count_points(_alone(self.people, self.terms), points)
        return points

    @cached_property
    def glance(self) -> Glance:
        """Everybody at first glance; noted when somebody first asks on a day, and kept as people change."""
        sight = self.seen.under(self.facts)
        if sight is None:
            sight = Sight.of(_alone(self.people, _of_day(self.people, self.codes, self.facts)), self.codes)
            self.seen.last = sight, self.facts
        return sight.glance

    def __len__(self) -> int:
        return len(self.people.rows)

    @property
    def bytes_each(self) -> float:
        """Memory for each person; nought where there is nobody."""
        arrays = [self.people.rows, self.people.tags, self.people.visits, self.people.wide, self.points]
        arrays += [self.glance.marks, self.glance.ceilings, self.glance.attended]
        return sum(array.nbytes for array in arrays) / max(len(self), 1)

    def ask(self, newcomer: Person, without: Collection[UUID] = ()) -> Ask:
        """Set a newcomer beside these sponsors; those of `without` are kept from them like the barred.

        Raises:
            UnknownZoneError: The newcomer's zone does not exist.
        """
        return Ask(newcomer, self.scene([newcomer], without))

    def scene(self, newcomers: Sequence[Person], without: Collection[UUID] = ()) -> Scene:
        """Set newcomers beside these sponsors, in the order given.

        Raises:
            UnknownZoneError: A newcomer's zone does not exist.
        """
        spots: dict[object, int] = {}
        place = [spots.setdefault(place_of(each), len(spots)) for each in newcomers]
        at = {row: number for number, row in enumerate(place)}
        dearest = {
            said: [self.codes.tags.bit(tag) for tag in dict.fromkeys(said)]
            for said in dict.fromkeys(each.experiences for each in newcomers)
        }
        ranked = [dearest[each.experiences] for each in newcomers]
        one = look_up(newcomers, self.codes, self.facts.monday)
        return Scene(
            one=one,
            many=self.people,
            place=np.array(place, dtype=np.intp),
            metres=self.codes.places.metres_from([place_of(newcomers[at[row]]) for row in range(len(spots))]),
            ranked_first=firsts([len(some) for some in ranked]),
            ranked=np.array([bit for some in ranked for bit in some], dtype=np.intp),
            barred=self._barred(newcomers, frozenset(without)),
            lineage=self._lineage(newcomers, one),
            terms=self.terms,
        )

    def _barred(self, newcomers: Sequence[Person], without: frozenset[UUID]) -> Apart:
        if not self.facts.barred:
            return Apart.of([without] * len(newcomers))
        return Apart.of([self.facts.barred_from(one.id) | without for one in newcomers])

    def _lineage(self, newcomers: Sequence[Person], laid: People) -> Apart:
        if not self.facts.chain:
            return Apart(np.arange(len(newcomers) + 1), laid.rows["id_high"].copy(), laid.rows["id_low"].copy())
        return Apart.of([self.facts.lineage(one.id) for one in newcomers])

    def rows_without(self, ids: Collection[UUID]) -> Rows:
        """Every row, save those of these people."""
        return self.rows[~merging.find(self.people.rows, ids)[self.rows]] if ids else self.rows


def require_once(ids: Iterable[UUID]) -> None:
    """Refuse a list that names somebody twice.

    Raises:
        ValueError: It does.
    """
    numbers = [one.int for one in ids]
    if len(set(numbers)) < len(numbers):
        raise ValueError("somebody is there twice on one side")


def _terms(people: People, codes: Codes, facts: Facts) -> Terms:
    policy = facts.policy
    fellowship = people.kinds["fellowship"]
    asked = np.full(len(fellowship), DEFAULT_MINIMUM_DAYS, dtype=np.int64)
    for key, days in policy.minimum_days.items():
        asked[fellowship == key] = days
    return Terms(
        points=np.array([policy.weight(component) * POINT for component in Component], dtype=np.int64),
        now=microseconds(facts.now),
        today=np.array([facts.today(zone).toordinal() for zone in codes.zones.things], dtype=np.int32),
        minimum_days=asked,
        steps_needed=policy.steps_needed,
        confirm_within_days=policy.confirm_within_days,
    )


def _of_day(people: People, codes: Codes, facts: Facts) -> Terms:
    """Terms under which a sponsor does at least as well as at any moment of this day of UTC.

    Time takes away by the moment: confirming grows old. It gives by the day: recovery grows, a pause ends. In no zone
    is the day ever two later than at the beginning of a day of UTC, but where a zone once left out a day.
    """
    begin = facts.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    terms = _terms(people, codes, replace(facts, now=begin))
    return terms._replace(today=terms.today + 2)


def _alone(people: People, terms: Terms) -> Scene:
    """A scene without newcomers, for what looks at sponsors alone."""
    nobody = Apart.of([])
    nothing = np.zeros(0, dtype=np.intp)
    return Scene(
        one=people,
        many=people,
        place=nothing,
        metres=np.zeros((0, 0), dtype=np.int32),
        ranked_first=nothing,
        ranked=nothing,
        barred=nobody,
        lineage=nobody,
        terms=terms,
    )


@compiled
def _count_points(scene: Scene, points: Points) -> None:
    for j in range(len(points)):
        points[j] = fixed(scene, j) if may_take_somebody(scene, j) else CLOSED
