"""The exact optimum over a graph of candidates, with prices that prove it, kept so that it can be mended.

Newcomers and seats are matched along shortest paths of reduced costs (the Hungarian method: Kuhn 1955; Ahuja, Magnanti,
Orlin, "Network Flows", 12.4). At all times no pair is worth more than its two prices together; what is not yet so is
that a newcomer without a sponsor, and a sponsor with a free seat, have the price nought. A search from such a newcomer
or such a seat puts one right and leaves the others as they are. So any prices will do to begin with, and after a change
only what it touched is searched again.
"""

import numpy as np

from matching.engine.compiled import compiled, inlined
from matching.engine.graph import (
    AT_NEWCOMER,
    AT_SEAT,
    END,
    FAR,
    LEAST,
    MET,
    NOBODY,
    REACHED,
    WHERE,
    Graph,
    Ints,
    State,
)
from matching.engine.heap import lower, pop
from matching.engine.week import Whole


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
