"""What every way starts from and ends with."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.engine import Person
from recovery_match.bench import crowd as made_up
from recovery_match.bench.columns import Columns, Keys, Long, Rows
from recovery_match.bench.pairs import Offers, Pairs, bonuses, service
from recovery_match.bench.tables import Areas

MOST_SCORE = 1_000_000
"""No pair scores as much."""


@dataclass(frozen=True)
class Choice:
    """Pairs chosen, alike in length: rows of newcomers and of sponsors, and the scores."""

    newcomers: Rows
    sponsors: Rows
    scores: Long


@dataclass(frozen=True)
class Crowd:
    """Both sides of a round."""

    newcomers: list[Person]
    sponsors: list[Person]

    @classmethod
    def drawn(cls, newcomers: int, sponsors: int, *, seed: int) -> "Crowd":
        """Draw a made-up crowd. The collector rests meanwhile: it would look at everybody again and again."""
        gc.disable()
        try:
            return cls(*made_up.crowd(newcomers, sponsors, seed=seed))
        finally:
            gc.enable()

    @cached_property
    def areas(self) -> Areas:
        """Where they live."""
        return Areas(self.newcomers, self.sponsors)


Solve = Callable[[], Choice]
Ready = Callable[[Crowd], Solve]
"""Makes sponsors ready, and gives what is timed."""


@dataclass(frozen=True)
class Market:
    """Newcomers beside sponsors, of all fellowships or of one.

    Attributes:
        newcomers, sponsors: Their rows in the crowd, by place in this market.
        pairs: Gives the scores, by place.
        extra: For each newcomer what serving them is worth beside the score.
        free: Free seats of each sponsor.
    """

    newcomers: Rows
    sponsors: Rows
    pairs: Pairs
    extra: Long
    free: Rows

    def choice(self, newcomers: Keys, sponsors: Keys, worth: Long) -> Choice:
        """Name pairs given by place and worth as they are in the crowd."""
        return Choice(self.newcomers[newcomers], self.sponsors[sponsors], worth - self.extra[newcomers])


class Fair:
    """All sponsors made ready, in one market or in one for each fellowship."""

    def __init__(self, crowd: Crowd, *, split: bool) -> None:
        self._crowd, self._split = crowd, split
        columns = Columns.of(crowd.sponsors)
        groups = columns.by_fellowship() if split else {0: np.arange(len(columns))}
        self._stalls = {key: (rows, Offers.of(columns.some(rows), crowd.areas)) for key, rows in groups.items()}

    def markets(self) -> Iterator[Market]:
        """Let the newcomers in: from here on it is timed."""
        newcomers = self._crowd.newcomers
        columns = Columns.of(newcomers)
        extra = bonuses(newcomers).astype(np.int64) + service(len(newcomers))
        groups = columns.by_fellowship() if self._split else {0: np.arange(len(columns))}
        for key, rows in groups.items():
            if key in self._stalls:
                at, offers = self._stalls[key]
                pairs = Pairs([newcomers[row] for row in rows], offers, columns.some(rows))
                yield Market(rows, at, pairs, extra[rows], offers.columns.free.astype(np.intp))


def joined(choices: Iterator[Choice]) -> Choice:
    """Put the choices of several markets together."""
    many = list(choices)
    parts = (
        np.concatenate([getattr(one, name) for one in many] or [np.empty(0, dtype=np.int64)])
        for name in ("newcomers", "sponsors", "scores")
    )
    return Choice(*parts)
