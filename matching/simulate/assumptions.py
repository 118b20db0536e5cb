"""What the simulation takes for granted about people. None of it is measured.

Every default is a guess by whoever wrote it, in the range that seemed ordinary for one office of a middling town. An
office that counts its own should put its own figures in their place; what a comparison shows is what follows from them.
"""

import math
from dataclasses import dataclass, fields
from random import Random

_LONGEST = 100_000.0
"""More hours, days or weeks than anybody waits; keeps the moments within the calendar."""

_NINTH_TENTH = 1.2815515594457831
"""The 90th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long something takes, log-normal: half of the time within `half`, nine times in ten within `most`.

    Raises:
        ValueError: Not 0 < half <= most <= 100,000.
    """

    half: float
    most: float

    def __post_init__(self) -> None:
        if not 0 < self.half <= self.most <= _LONGEST:
            raise ValueError(f"a span needs 0 < half <= most <= {_LONGEST:.0f}")

    def at(self, deviation: float) -> float:
        """The length that lies so many standard deviations from the middle."""
        exponent = deviation * math.log(self.most / self.half) / _NINTH_TENTH
        return self.half * math.exp(min(exponent, math.log(_LONGEST / self.half)))

    def draw(self, dice: Random) -> float:
        return self.at(dice.gauss(0, 1))

    def __str__(self) -> str:
        return f"half within {self.half:g}, nine in ten within {self.most:g}"


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """One office and its people. Chances are shares from 0 to 1, and all of it is assumed, not measured.

    Attributes:
        arrivals_a_week: Newcomers who ask for a sponsor in a week, on average (a Poisson process). Somebody who asks
            again later counts as another newcomer.
        sponsors: Sponsors at the start; sponsors_a_week: how many more join in a week, on average.
        sponsor_weeks: How long a sponsor stays on the list, on average (exponential).
        seats: (seats, weight), for what sponsors set for themselves.
        seats_in_use: Chance that a seat is taken when the year begins.
        awake: Hours of the day, from and until, in which people act; what falls in the night happens in the morning.
        first_choice_hours: From asking until the newcomer chooses among the suggestions.
        return_hours: From a notice until the newcomer answers it: chooses again, or answers a proposal.
        look_again_hours: From finding nobody suggested, or nobody to their liking, until the newcomer looks again.
        never_return: Chance that a newcomer asks and is not seen again.
        willing: Chance that a newcomer would take a certain suggested sponsor at all.
        own_order: Chance that a newcomer ranks by taste and not as suggested.
        finds_elsewhere_days: Until a newcomer would have found a sponsor in a meeting, on average (exponential).
        answer_hours: From an offer until the sponsor answers.
        own_pace: Share of the variation in answer times that lies in the sponsor, not in the day.
        never_answer: Chance that an offer is never answered.
        yes: Chance that an answer is yes.
        pauses: Chance that a sponsor who says no also pauses; pause_days: for how long.
        forgets: Chance that a sponsor does not confirm within the 35 days; late_days: how much later they do.
        desk: When coordinators sit down to it: (weekday, from, until), Monday is 0, hours of the day.
        review_minutes, task_minutes: What one review and one look at a stuck request take.
        approves: Chance that a review ends in a yes.
        task_again_days: Days after which a stuck request is looked at again.
        pairing_days: How long a pairing lasts.

    Raises:
        ValueError: A chance outside 0 to 1, a length or number that is not positive or over 5,000, or no desk hours.
    """

    arrivals_a_week: float = 6.0
    sponsors: int = 80
    sponsors_a_week: float = 0.6
    sponsor_weeks: float = 130.0
    seats: tuple[tuple[int, int], ...] = ((1, 4), (2, 4), (3, 1), (4, 1))
    seats_in_use: float = 0.5
    awake: tuple[int, int] = (7, 22)
    first_choice_hours: Span = Span(1, 24)
    return_hours: Span = Span(6, 36)
    look_again_hours: Span = Span(48, 168)
    never_return: float = 0.04
    willing: float = 0.85
    own_order: float = 0.3
    finds_elsewhere_days: float = 75.0
    answer_hours: Span = Span(9, 48)
    own_pace: float = 0.4
    never_answer: float = 0.08
    yes: float = 0.6
    pauses: float = 0.15
    pause_days: int = 30
    forgets: float = 0.2
    late_days: Span = Span(7, 21)
    desk: tuple[tuple[int, int, int], ...] = ((1, 19, 21), (3, 19, 21), (5, 10, 12))
    review_minutes: int = 10
    task_minutes: int = 25
    approves: float = 0.96
    task_again_days: int = 4
    pairing_days: Span = Span(110, 420)

    def __post_init__(self) -> None:
        for name in _CHANCES:
            _require(0 <= getattr(self, name) <= 1, name)
        for name in _POSITIVE:
            _require(0 < getattr(self, name) <= _MOST, name)
        for name in ("sponsors", "sponsors_a_week"):
            _require(0 <= getattr(self, name) <= _MOST, name)
        _require(0 <= self.awake[0] < self.awake[1] <= 24, "awake")
        _require(bool(self.seats) and all(seats > 0 and weight > 0 for seats, weight in self.seats), "seats")
        _require(bool(self.desk) and all(_is_session(self, *session) for session in self.desk), "desk")

    def plain(self) -> dict[str, object]:
        """The values as JSON takes them."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


_MOST = 5000
_CHANCES = tuple(
    "seats_in_use never_return willing own_order own_pace never_answer yes pauses forgets approves".split()
)
_POSITIVE = tuple(
    "arrivals_a_week sponsor_weeks finds_elsewhere_days pause_days review_minutes task_minutes task_again_days".split()
)


def _is_session(assumed: Assumptions, weekday: int, begins: int, ends: int) -> bool:
    """A session on a day of the week that is long enough for one piece of work."""
    longest = max(assumed.review_minutes, assumed.task_minutes)
    return weekday in range(7) and 0 <= begins < ends <= 24 and (ends - begins) * 60 >= longest


def _plain(value: object) -> object:
    if isinstance(value, Span):
        return {"half": value.half, "most": value.most}
    return list(value) if isinstance(value, tuple) else value


def _require(holds: bool, name: str) -> None:
    if not holds:
        raise ValueError(f"{name} is out of range")
