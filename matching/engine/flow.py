"""The exact optimum over a graph of candidates, with prices that prove it, kept so that it can be mended.

Newcomers and seats are matched along shortest paths of reduced costs (the Hungarian method: Kuhn 1955; Ahuja, Magnanti,
Orlin, "Network Flows", 12.4). At all times no pair is worth more than its two prices together; what is not yet so is
that a newcomer without a sponsor, and a sponsor with a free seat, have the price nought. A search from such a newcomer
or such a seat puts one right and leaves the others as they are. So any prices will do to begin with, and after a change
only what it touched is searched again.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.compiled import compiled, inlined
from matching.engine.heap import Line, lower, pop
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
        order = np.argsort(newcomer.astype(np.int64) * len(seats) + sponsor)
        newcomer, sponsor = newcomer[order], sponsor[order]
        none = np.empty(0, dtype=np.int32)
        return cls(
            first=np.searchsorted(newcomer, np.arange(newcomers + 1)),
            more=np.full(newcomers, NOBODY, dtype=np.int32),
            first_of=np.concatenate(([0], np.cumsum(np.bincount(sponsor, minlength=len(seats))))),
            more_of=np.full(len(seats), NOBODY, dtype=np.int32),
            pairs_of=np.argsort(sponsor, kind="stable").astype(np.int32),
            then=none,
            then_of=none,
            newcomer=newcomer,
            sponsor=sponsor,
            worth=worth[order],
            seats=seats.copy(),
        )


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


@compiled
def settle(graph: Graph, state: State) -> None:
    """From any prices of sponsors and any seating, find the optimum and prices that prove it."""
    for i in range(len(state.pair)):
        _raise(graph, state, i)
    for i in range(len(state.pair)):
        if state.pair[i] == NOBODY and state.gain[i] > 0:
            place_newcomer(graph, state, i)
    for j in range(len(state.taken)):
        while state.taken[j] < graph.seats[j] and state.price[j] > 0:
            fill_seat(graph, state, j)


@compiled
def _raise(graph: Graph, state: State, i: int) -> None:
    """Let a newcomer's price be the most they could keep; whoever could keep more elsewhere gives their seat back."""
    best, free = np.int64(0), NOBODY
    at, end, later = graph.first[i], graph.first[i + 1], graph.more[i]
    while at < end or later != NOBODY:
        if at < end:
            pair, at = at, at + 1
        else:
            pair, later = later, graph.then[later]
        j = graph.sponsor[pair]
        kept = graph.worth[pair] - state.price[j]
        if kept > best:
            best, free = kept, NOBODY
        if kept == best and free == NOBODY and state.taken[j] < graph.seats[j]:
            free = pair
    state.gain[i] = best
    held = state.pair[i]
    if held != NOBODY and graph.worth[held] - state.price[graph.sponsor[held]] < best:
        unseat(graph, state, i)
        held = NOBODY
    if held == NOBODY and best > 0 and free != NOBODY:
        seat(graph, state, i, free)


@compiled
def hang(graph: Graph, first: int, size: int) -> None:
    """Hang the pairs from this one on, written into the room there was, into the lists of their two people."""
    for pair in range(first, size):
        i, j = graph.newcomer[pair], graph.sponsor[pair]
        graph.then[pair], graph.more[i] = graph.more[i], pair
        graph.then_of[pair], graph.more_of[j] = graph.more_of[j], pair


@compiled
def raise_some(graph: Graph, state: State, newcomers: Ints) -> None:
    """Let the prices of some newcomers be the most they could keep, as `settle` does for all."""
    for i in newcomers:
        _raise(graph, state, i)


@compiled
def leave(graph: Graph, state: State, i: int) -> None:
    """Take a newcomer's seat back."""
    unseat(graph, state, i)


@compiled
def mend(graph: Graph, state: State, newcomers: Ints, sponsors: Ints) -> None:
    """Put right what is not so with some newcomers and some sponsors; all others were right."""
    for i in newcomers:
        if state.pair[i] == NOBODY and state.gain[i] > 0:
            place_newcomer(graph, state, i)
    for j in sponsors:
        while state.taken[j] < graph.seats[j] and state.price[j] > 0:
            fill_seat(graph, state, j)


@inlined
def seat(graph: Graph, state: State, i: int, pair: int) -> None:
    """Give a newcomer a seat."""
    j = graph.sponsor[pair]
    head = state.seated[j]
    state.pair[i], state.after[i], state.before[i] = pair, head, NOBODY
    if head != NOBODY:
        state.before[head] = i
    state.seated[j] = i
    state.taken[j] += 1


@compiled
def reseat(graph: Graph, state: State, newcomers: Whole, pairs: Whole) -> None:
    """Give some newcomers these seats."""
    for at in range(len(newcomers)):
        seat(graph, state, newcomers[at], pairs[at])


@inlined
def unseat(graph: Graph, state: State, i: int) -> None:
    """Take a newcomer's seat back."""
    j = graph.sponsor[state.pair[i]]
    before, after = state.before[i], state.after[i]
    if before == NOBODY:
        state.seated[j] = after
    else:
        state.after[before] = after
    if after != NOBODY:
        state.before[after] = before
    state.pair[i], state.after[i], state.before[i] = NOBODY, NOBODY, NOBODY
    state.taken[j] -= 1


@compiled
def place_newcomer(graph: Graph, state: State, start: int) -> None:
    """Search from a newcomer without a sponsor whose price is more than nought, and put them right.

    The path ends at a free seat, or with whoever gives their seat up at the least loss, maybe the start itself.
    """
    notes = state.notes
    notes[REACHED], notes[MET], notes[LEAST], notes[END], notes[WHERE] = 0, 1, state.gain[start], start, AT_NEWCOMER
    state.near[start] = 0
    state.met[0] = start
    _look_for_seats(graph, state, start, 0)
    while state.line.size[0] > 0 and state.line.keys[0] < notes[LEAST]:
        distance, j = state.line.keys[0], pop(state.line)
        i = state.seated[j]
        while i != NOBODY:
            state.near[i] = distance
            state.met[notes[MET]] = i
            notes[MET] += 1
            if distance + state.gain[i] < notes[LEAST]:
                notes[LEAST], notes[END], notes[WHERE] = distance + state.gain[i], i, AT_NEWCOMER
            _look_for_seats(graph, state, i, distance)
            i = state.after[i]
    end, pair = notes[END], NOBODY
    if notes[WHERE] == AT_SEAT:
        pair = state.sponsor_by[end]
    elif end != start:
        pair = state.sponsor_by[graph.sponsor[state.pair[end]]]
        unseat(graph, state, end)
    while pair != NOBODY:
        i = graph.newcomer[pair]
        left = state.pair[i]
        if left != NOBODY:
            unseat(graph, state, i)
        seat(graph, state, i, pair)
        pair = NOBODY if i == start else state.sponsor_by[graph.sponsor[left]]
    _reprice(state, 1)


@inlined
def _look_for_seats(graph: Graph, state: State, i: int, distance: int) -> None:
    notes = state.notes
    at, end, later = graph.first[i], graph.first[i + 1], graph.more[i]
    while at < end or later != NOBODY:
        if at < end:
            pair, at = at, at + 1
        else:
            pair, later = later, graph.then[later]
        j = graph.sponsor[pair]
        through = distance + state.gain[i] + state.price[j] - graph.worth[pair]
        if through < state.far[j] and through < notes[LEAST]:
            if state.far[j] == FAR:
                state.reached[notes[REACHED]] = j
                notes[REACHED] += 1
            state.far[j] = through
            state.sponsor_by[j] = pair
            if state.taken[j] < graph.seats[j]:
                notes[LEAST], notes[END], notes[WHERE] = through, j, AT_SEAT
            else:
                lower(state.line, j, through)


@compiled
def fill_seat(graph: Graph, state: State, start: int) -> None:
    """Search from a sponsor with a free seat whose price is more than nought, and put that seat right.

    The path ends with a newcomer without a sponsor, or at the seat that is left free at the least loss, maybe this one.
    """
    notes = state.notes
    notes[REACHED], notes[MET], notes[LEAST], notes[END], notes[WHERE] = 1, 0, state.price[start], start, AT_SEAT
    state.far[start] = 0
    state.reached[0] = start
    _look_for_newcomers(graph, state, start, 0)
    while state.line.size[0] > 0 and state.line.keys[0] < notes[LEAST]:
        distance, i = state.line.keys[0], pop(state.line)
        j = graph.sponsor[state.pair[i]]
        if state.far[j] != FAR:
            continue
        state.far[j] = distance
        state.sponsor_by[j] = i
        state.reached[notes[REACHED]] = j
        notes[REACHED] += 1
        if distance + state.price[j] < notes[LEAST]:
            notes[LEAST], notes[END], notes[WHERE] = distance + state.price[j], j, AT_SEAT
        _look_for_newcomers(graph, state, j, distance)
    j = notes[END]
    if notes[WHERE] == AT_NEWCOMER:
        pair = state.newcomer_by[j]
        seat(graph, state, j, pair)
        j = graph.sponsor[pair]
    while j != start:
        i = state.sponsor_by[j]
        unseat(graph, state, i)
        seat(graph, state, i, state.newcomer_by[i])
        j = graph.sponsor[state.newcomer_by[i]]
    _reprice(state, -1)


@inlined
def _look_for_newcomers(graph: Graph, state: State, j: int, distance: int) -> None:
    notes = state.notes
    at, end, later = graph.first_of[j], graph.first_of[j + 1], graph.more_of[j]
    while at < end or later != NOBODY:
        if at < end:
            pair, at = graph.pairs_of[at], at + 1
        else:
            pair, later = later, graph.then_of[later]
        i = graph.newcomer[pair]
        through = distance + state.gain[i] + state.price[j] - graph.worth[pair]
        if through < state.near[i] and through < notes[LEAST]:
            if state.near[i] == FAR:
                state.met[notes[MET]] = i
                notes[MET] += 1
            state.near[i] = through
            state.newcomer_by[i] = pair
            if state.pair[i] == NOBODY:
                notes[LEAST], notes[END], notes[WHERE] = through, i, AT_NEWCOMER
            else:
                lower(state.line, i, through)


@inlined
def _reprice(state: State, sign: int) -> None:
    """Move the prices of all that the search came to before its end, and rest."""
    notes = state.notes
    for at in range(notes[REACHED]):
        j = state.reached[at]
        state.price[j] += sign * max(notes[LEAST] - state.far[j], 0)
        state.far[j] = FAR
    for at in range(notes[MET]):
        i = state.met[at]
        state.gain[i] -= sign * max(notes[LEAST] - state.near[i], 0)
        state.near[i] = FAR
    while state.line.size[0] > 0:
        state.line.size[0] -= 1
        state.line.spot[state.line.nodes[state.line.size[0]]] = NOBODY
