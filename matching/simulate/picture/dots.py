"""People as dots: each stands for the same share of all who asked, so that dots can be counted and compared."""

import math
from collections import Counter
from dataclasses import dataclass

from matching.simulate.compare import Result

IN_ALL = 100
"""Dots in a row: each is one in a hundred of those who asked."""

TICKS = (
    (3, "3 h"),
    (6, "6 h"),
    (12, "12 h"),
    (24, "1 day"),
    (48, "2"),
    (96, "4"),
    (192, "8"),
    (384, "16"),
    (768, "32 days"),
)
_FIRST, _LAST = 2.0, 1440.0


@dataclass(frozen=True)
class Axis:
    """Hours on a logarithmic line, from 2 hours to 60 days."""

    left: float
    right: float
    pitch: float

    def x(self, hours: float) -> float:
        share = math.log(max(hours, _FIRST) / _FIRST) / math.log(_LAST / _FIRST)
        return self.left + min(share, 1) * (self.right - self.left)

    def column(self, hours: float) -> int:
        """The stack of dots that these hours belong to."""
        return min(int((self.x(hours) - self.left) / self.pitch), int((self.right - self.left) / self.pitch) - 1)

    def middle(self, column: int) -> float:
        return self.left + (column + 0.5) * self.pitch


@dataclass(frozen=True)
class Dots:
    """How many dots stand where: `contact` by column of the axis."""

    contact: Counter[int]
    elsewhere: int
    unserved: int

    @classmethod
    def of(cls, result: Result, axis: Axis) -> "Dots":
        shares = (result.figures.in_contact, result.figures.elsewhere, result.figures.unserved)
        contact, elsewhere, unserved = _deal(shares)
        times = [result.hours[int((at + 0.5) / contact * len(result.hours))] for at in range(contact)]
        return cls(Counter(axis.column(hours) for hours in times), elsewhere, unserved)

    @property
    def highest(self) -> int:
        return max([*self.contact.values(), 1])


def _deal(shares: tuple[float, ...]) -> list[int]:
    """Whole dots for shares that make one together: what is left over goes to the largest remainders."""
    exact = [share * IN_ALL for share in shares]
    dealt = [int(one) for one in exact]
    rest = sorted(range(len(exact)), key=lambda at: (dealt[at] - exact[at], at))
    for at in rest[: round(sum(exact)) - sum(dealt)]:
        dealt[at] += 1
    return dealt
