"""Who comes when: drawn once from a seed, and then the same under every policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from matching.engine import Person
from matching.simulate import people
from matching.simulate.assumptions import Assumptions
from matching.simulate.chance import Chance
from matching.simulate.numbers import CONFIRM_WITHIN, UNMATCHED

WEEK = timedelta(weeks=1)
EARLIEST_CONFIRMED = timedelta(days=25)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A newcomer who asks at this moment."""

    at: datetime
    person: Person


@dataclass(frozen=True, slots=True)
class Joining:
    """A sponsor who is on the list from `at` until `leaves_at`.

    Attributes:
        seats_free_at: For each seat that is taken when they join, when it becomes free.
        confirms_at: When they confirm after the first time, in order, for as long as they are on the list.
    """

    at: datetime
    leaves_at: datetime
    person: Person
    seats_free_at: tuple[datetime, ...]
    confirms_at: tuple[datetime, ...]


@dataclass(frozen=True)
class World:
    """A seeded year: its people, and the chances of everything they will be asked.

    Attributes:
        weeks: Weeks in which newcomers arrive; the play goes on until the last request has ended.
        newcomers, sponsors: In the order in which they come.
    """

    seed: int
    weeks: int
    assumed: Assumptions
    newcomers: tuple[Arrival, ...]
    sponsors: tuple[Joining, ...]

    @classmethod
    def of(cls, seed: int, weeks: int = 52, assumed: Assumptions | None = None) -> "World":
        """Draw a world.

        Raises:
            ValueError: Less than a week.
        """
        if weeks < 1:
            raise ValueError("a year has one week at least")
        maker = _Maker(Chance(seed), weeks, assumed or Assumptions())
        return cls(seed, weeks, maker.assumed, tuple(maker.newcomers()), tuple(maker.sponsors()))

    @property
    def chance(self) -> Chance:
        return Chance(self.seed)

    @property
    def ends_at(self) -> datetime:
        """The end of the last week in which newcomers arrive."""
        return people.START + self.weeks * WEEK


def awake(moment: datetime, assumed: Assumptions, dice: Random) -> datetime:
    """The same moment, or when it falls in the night, one in the first hour of the morning after."""
    begins, ends = assumed.awake
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    morning = midnight + timedelta(hours=begins)
    if moment >= midnight + timedelta(hours=ends):
        morning += timedelta(days=1)
    elif moment >= morning:
        return moment
    return morning + timedelta(hours=dice.random())


@dataclass(frozen=True)
class _Maker:
    chance: Chance
    weeks: int
    assumed: Assumptions

    def newcomers(self) -> Iterator[Arrival]:
        dice = self.chance.dice("arrivals")
        moments = sorted(
            awake(moment, self.assumed, dice) for moment in self._comes(dice, self.assumed.arrivals_a_week)
        )
        for number, at in enumerate(moments, start=1):
            yield Arrival(at, people.newcomer(self.chance, number, at))

    def sponsors(self) -> Iterator[Joining]:
        for number in range(1, self.assumed.sponsors + 1):
            yield self._joining(number, people.START, in_use=self.assumed.seats_in_use)
        dice = self.chance.dice("joining")
        later = list(self._comes(dice, self.assumed.sponsors_a_week)) if self.assumed.sponsors_a_week else []
        for number, at in enumerate(later, start=self.assumed.sponsors + 1):
            yield self._joining(number, at, in_use=0)

    def _comes(self, dice: Random, a_week: float) -> Iterator[datetime]:
        """A Poisson process over the weeks."""
        week = dice.expovariate(a_week)
        while week < self.weeks:
            yield people.START + week * WEEK
            week += dice.expovariate(a_week)

    def _joining(self, number: int, at: datetime, *, in_use: float) -> Joining:
        assumed, dice = self.assumed, self.chance.dice("joins", number)
        seats = dice.choices(*zip(*assumed.seats, strict=True))[0]
        taken = sum(dice.random() < in_use for _ in range(seats))
        leaves_at = at + WEEK * dice.expovariate(1 / assumed.sponsor_weeks)
        return Joining(
            at,
            leaves_at,
            people.sponsor(self.chance, number, at, seats),
            # What is left of a pairing that began at some moment before.
            tuple(at + timedelta(days=assumed.pairing_days.draw(dice) * dice.random()) for _ in range(taken)),
            tuple(self._confirms(dice, at, leaves_at)),
        )

    def _confirms(self, dice: Random, at: datetime, until: datetime) -> Iterator[datetime]:
        while at < min(until, people.START + self.weeks * WEEK + UNMATCHED):
            if dice.random() < self.assumed.forgets:
                at += CONFIRM_WITHIN + timedelta(days=self.assumed.late_days.draw(dice))
            else:
                at += EARLIEST_CONFIRMED + (CONFIRM_WITHIN - EARLIEST_CONFIRMED) * dice.random()
            yield at
