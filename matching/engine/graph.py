"""Candidates as a graph, and a choice among them with its prices, as arrays that compiled searches walk through."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.compiled import compiled
from matching.engine.heap import Line
from matching.engine.week import Whole

NOBODY = -1
FAR = np.iinfo(np.int64).max // 4
EXACT = 1 << 50
"""Worths stay below this, so that sums of a few of them, and of all prices, are exact in 64 bits."""

Ints = npt.NDArray[np.int32]


class Graph(NamedTuple):
    """Pairs to choose from. Those there were at first lie side by side; those added later hang in lists.

    Attributes:
        first: (newcomers + 1,) where each newcomer's first pairs begin; more: (newcomers,) their first later pair, or
            NOBODY.
        first_of, more_of: The same of sponsors, beginning in pairs_of: (first pairs,).
        then, then_of: (pairs,) the next later pair of the same newcomer, of the same sponsor, or NOBODY.
        newcomer, sponsor, worth: (pairs,) places, and what serving the pair adds, more than 0.
        seats: (sponsors,) free seats.
    """

    first: Whole
    more: Ints
    first_of: Whole
    more_of: Ints
    pairs_of: Ints
    then: Ints
    then_of: Ints
    newcomer: Ints
    sponsor: Ints
    worth: Whole
    seats: Whole

    @classmethod
    def of(cls, newcomer: Ints, sponsor: Ints, worth: Whole, seats: Whole, newcomers: int) -> "Graph":
        """Build it of pairs in any order, each at most once; they are kept by newcomer, then sponsor."""
        first, first_of = _firsts(newcomer, newcomers), _firsts(sponsor, len(seats))
        order = np.empty((3, len(worth)), dtype=np.int32)
        order[2] = np.arange(len(worth))
        _deal(sponsor, order[2], first_of.copy(), order[0])
        _deal(newcomer, order[0], first.copy(), order[1])
        newcomer, sponsor, worth = newcomer[order[1]], sponsor[order[1]], worth[order[1]]
        _deal(sponsor, order[2], first_of.copy(), order[0])
        none = np.empty(0, dtype=np.int32)
        return cls(
            first=first,
            more=np.full(newcomers, NOBODY, dtype=np.int32),
            first_of=first_of,
            more_of=np.full(len(seats), NOBODY, dtype=np.int32),
            pairs_of=order[0],
            then=none,
            then_of=none,
            newcomer=newcomer,
            sponsor=sponsor,
            worth=worth,
            seats=seats.copy(),
        )


def _firsts(keys: Ints, count: int) -> Whole:
    return np.concatenate(([0], np.cumsum(np.bincount(keys, minlength=count))))


@compiled
def _deal(keys: Ints, order: Ints, room: Whole, dealt: Ints) -> None:
    """Deal numbers out by key, keeping their order (a counting sort), `room` telling where each key's begin."""
    for one in order:
        key = keys[one]
        dealt[room[key]] = one
        room[key] += 1


class State(NamedTuple):
    """Who is matched with whom at what prices, and room for searching.

    Attributes:
        gain: (newcomers,) prices of newcomers; price: (sponsors,) price of each of a sponsor's seats.
        pair: (newcomers,) index of the pair, or NOBODY.
        taken: (sponsors,) seats given. seated: (sponsors,) the first of their newcomers; after, before: (newcomers,)
            the next and the previous one; NOBODY at the ends.
        far, near: (sponsors,), (newcomers,) distance in the running search, FAR at rest.
        reached, met: Sponsors and newcomers that the search has a distance for.
        by: (sponsors,) or (newcomers,) how the search came.
        line: Who is to be looked at, nearest first.
        notes: The search's notes: see the names below.
    """

    gain: Whole
    price: Whole
    pair: Ints
    taken: Ints
    seated: Ints
    after: Ints
    before: Ints
    far: Whole
    near: Whole
    reached: Ints
    met: Ints
    sponsor_by: Ints
    newcomer_by: Ints
    line: Line
    notes: Whole

    @classmethod
    def of(cls, newcomers: int, sponsors: int) -> "State":
        """Nobody matched and all prices nought."""

        def ints(size: int, value: int = 0) -> Ints:
            return np.full(size, value, dtype=np.int32)

        def whole(size: int, value: int = 0) -> Whole:
            return np.full(size, value, dtype=np.int64)

        return cls(
            gain=whole(newcomers),
            price=whole(sponsors),
            pair=ints(newcomers, NOBODY),
            taken=ints(sponsors),
            seated=ints(sponsors, NOBODY),
            after=ints(newcomers, NOBODY),
            before=ints(newcomers, NOBODY),
            far=whole(sponsors, FAR),
            near=whole(newcomers, FAR),
            reached=ints(sponsors),
            met=ints(newcomers),
            sponsor_by=ints(sponsors),
            newcomer_by=ints(newcomers),
            line=Line.of(max(newcomers, sponsors)),
            notes=whole(NOTES),
        )


def widened(graph: Graph, state: State, newcomers: int, sponsors: int, pairs: int) -> tuple[Graph, State]:
    """The same with room for more: whoever is added has no pair, no seat and price nought."""
    wide = State.of(newcomers, sponsors)
    for name in ("gain", "price", "pair", "taken", "seated", "after", "before"):
        before = getattr(state, name)
        getattr(wide, name)[: len(before)] = before

    def more(values: Any, size: int, value: int) -> Any:
        return np.concatenate([values, np.full(size - len(values), value, dtype=values.dtype)])

    roomy = Graph(
        first=more(graph.first, newcomers + 1, graph.first[-1]),
        more=more(graph.more, newcomers, NOBODY),
        first_of=more(graph.first_of, sponsors + 1, graph.first_of[-1]),
        more_of=more(graph.more_of, sponsors, NOBODY),
        pairs_of=graph.pairs_of,
        then=more(graph.then, pairs, NOBODY),
        then_of=more(graph.then_of, pairs, NOBODY),
        newcomer=more(graph.newcomer, pairs, 0),
        sponsor=more(graph.sponsor, pairs, 0),
        worth=more(graph.worth, pairs, 0),
        seats=more(graph.seats, sponsors, 0),
    )
    return roomy, wide


NOTES = 5
REACHED, MET, LEAST, END, WHERE = range(NOTES)
"""How many sponsors are reached and newcomers met; the shortest distance to an end; the end, and what it is."""

AT_SEAT, AT_NEWCOMER = 0, 1
"""An end: a seat stays or becomes free; a newcomer is or becomes without a sponsor."""
