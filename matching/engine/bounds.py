"""What is known of the pairs that a solution left out, and where the people of these pairs are."""

from typing import Any, NamedTuple

import numpy as np

from matching.engine.board import NOWHERE, Ints
from matching.engine.columns import Flags
from matching.engine.graph import FAR
from matching.engine.week import Whole


def padded(values: Any, size: int, value: int) -> Any:
    """Fill an array up to a size."""
    return np.concatenate([values, np.full(size - len(values), value, dtype=values.dtype)])


class Bounds(NamedTuple):
    """What is known of the pairs left out: score less the price noted is no more than `most`.

    Attributes:
        most: (newcomers,) the bound; FAR where nothing is known, -FAR where nobody is any more.
        noted: (sponsors,) prices, none above the real ones after a look; FAR where nothing is known.
    """

    most: Whole
    noted: Whole

    def widened(self, newcomers: int, sponsors: int) -> "Bounds":
        """The same with room for more."""
        return Bounds(padded(self.most, newcomers, -FAR), padded(self.noted, sponsors, 0))


class Places(NamedTuple):
    """Where the people of a graph are.

    Attributes:
        at: (newcomers,) row of the scene, and kind: (newcomers,) their kind; NOWHERE of who is not there.
        rows: (sponsors,) row of the pool, or NOWHERE; place: (people of the pool,) the other way round.
        extra: (newcomers,) what serving each adds to their scores.
    """

    at: Ints
    kind: Ints
    rows: Ints
    place: Ints
    extra: Whole

    def widened(self, newcomers: int, sponsors: int) -> "Places":
        """The same with room for more."""
        return Places(
            padded(self.at, newcomers, NOWHERE),
            padded(self.kind, newcomers, NOWHERE),
            padded(self.rows, sponsors, NOWHERE),
            self.place,
            padded(self.extra, newcomers, 0),
        )


class Desk(NamedTuple):
    """How to look, and room for it.

    Attributes:
        few: Pairs that one look finds for one person at most.
        ahead: How far below what would be good enough a look at a newcomer goes.
        play: How far a sponsor's price may fall before they are looked at again.
        newcomers, sponsors, scores, values: (pairs,) take those found; whoever there is no room for is left for later.
        fitting: (kinds of newcomers,) which fit; some, others: (newcomers,), (sponsors,) which are candidates already;
            all False at rest.
    """

    few: int
    ahead: int
    play: int
    newcomers: Ints
    sponsors: Ints
    scores: Whole
    values: Whole
    fitting: Flags
    some: Flags
    others: Flags

    @classmethod
    def of(cls, few: int, ahead: int, play: int, pairs: int) -> "Desk":
        """A desk with room for so many pairs at a time, `few` at least, and for nobody yet."""
        some, others = (np.empty(pairs, dtype=np.int32) for _ in range(2))
        scores, values = (np.empty(pairs, dtype=np.int64) for _ in range(2))
        return cls(few, ahead, play, some, others, scores, values, *(np.zeros(0, dtype=np.bool_) for _ in range(3)))

    def widened(self, kinds: int, newcomers: int, sponsors: int) -> "Desk":
        """The same with room for so many people."""
        if len(self.fitting) >= kinds and len(self.some) >= newcomers and len(self.others) >= sponsors:
            return self
        fitting, some, others = (np.zeros(size, dtype=np.bool_) for size in (2 * kinds, newcomers, sponsors))
        return self._replace(fitting=fitting, some=some, others=others)
