"""What compiled rules and components look at: newcomers, those who may sponsor, and what is true around them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching.engine.columns import People, Rows, halves
from matching.engine.compiled import inlined
from matching.engine.people import Person
from matching.engine.places import Metres
from matching.engine.week import Whole, Words


class Terms(NamedTuple):
    """The policy and the moment, in numbers.

    Attributes:
        points: (components,) the most that each gives, in thousandths of a point.
        now: Microseconds since 1970; today: the day of the calendar in each zone of the sponsors.
        minimum_days: (kinds of sponsors,) days of recovery asked.
    """

    points: Whole
    now: int
    today: npt.NDArray[np.int32]
    minimum_days: Whole
    steps_needed: int
    confirm_within_days: int


class Apart(NamedTuple):
    """For each newcomer some people's ids in two halves: entries first[i] to first[i + 1]."""

    first: Rows
    high: Words
    low: Words

    @classmethod
    def of(cls, people: Sequence[Collection[UUID]]) -> "Apart":
        """List each newcomer's people."""
        return cls(firsts([len(some) for some in people]), *halves(one for some in people for one in some))


def firsts(counts: Sequence[int]) -> Rows:
    """Where the entries of each begin, and at the end where the last one's end."""
    return np.concatenate(([0], np.cumsum(np.array(counts, dtype=np.intp))))


class Scene(NamedTuple):
    """Newcomers and sponsors side by side. Rules and components take a scene, a newcomer's row and a sponsor's row.

    Attributes:
        one, many: The newcomers; those who may sponsor.
        place: (newcomers,) the row of `metres` to read; metres: (rows, places of the sponsors).
        ranked: For each newcomer the bits of the tags they ranked, dearest first: entries ranked_first[i] to
            ranked_first[i + 1].
        barred, lineage: Whom a newcomer must not meet; whom they sponsor, at any depth, and themself.
    """

    one: People
    many: People
    place: Rows
    metres: Metres
    ranked_first: Rows
    ranked: Rows
    barred: Apart
    lineage: Apart
    terms: Terms


def in_order(scene: Scene, order: Rows) -> Scene:
    """The same scene with its newcomers in another order, given by their rows.

    What rows point to, such as meetings and rows of `metres`, stays where it is, in the order there was.
    """
    ranked_first, at = _gathered(scene.ranked_first, order)
    return scene._replace(
        one=scene.one._replace(rows=scene.one.rows[order], tags=scene.one.tags[order]),
        place=scene.place[order],
        ranked_first=ranked_first,
        ranked=scene.ranked[at],
        barred=_apart_in(scene.barred, order),
        lineage=_apart_in(scene.lineage, order),
    )


def _apart_in(apart: Apart, order: Rows) -> Apart:
    first, at = _gathered(apart.first, order)
    return Apart(first, apart.high[at], apart.low[at])


def _gathered(first: Rows, order: Rows) -> tuple[Rows, Rows]:
    """Where the lists of each begin in another order, and which entries these are."""
    counts = np.diff(first)[order]
    begins = np.concatenate(([0], np.cumsum(counts)))
    return begins, np.arange(begins[-1]) + np.repeat(first[order] - begins[:-1], counts)


@dataclass(frozen=True)
class Ask:
    """One newcomer's question to a pool: row 0 of the scene's newcomers."""

    newcomer: Person
    scene: Scene


@inlined
def among(apart: Apart, i: int, row: Any) -> bool:
    """Tell whether the person of a sponsors' row is one of those a newcomer is kept from."""
    for at in range(apart.first[i], apart.first[i + 1]):
        if apart.low[at] == row.id_low and apart.high[at] == row.id_high:
            return True
    return False
