"""What a change of prices may have made of the pairs that a solution left out, compiled.

Of each newcomer a bound is kept: how much the best of the pairs left out is worth beyond what its sponsor costs. It
stays true while sponsors' prices rise. So a newcomer whose own price falls is looked at only when it has fallen below
the bound, and is then told of pairs that are not yet good enough too, to have some way to fall before the next look. A
sponsor's price that falls is set against all newcomers, whose bounds may rise by it.
"""

from typing import Any, NamedTuple

import numpy as np

from matching.engine.board import NOWHERE, Ints
from matching.engine.columns import Flags
from matching.engine.compiled import Int, compiled, inlined
from matching.engine.graph import FAR, NOBODY, Graph, State
from matching.engine.rules import LEAST_SHARED_QUARTERS, kinds_fit, quarters, two_fit
from matching.engine.scene import Scene
from matching.engine.scoring import AVAILABILITY, best_fit, fit, of_hours
from matching.engine.week import Whole

NOT_ELIGIBLE = -1


def padded(values: Any, size: int, value: int) -> Any:
    """Fill an array up to a size."""
    return np.concatenate([values, np.full(size - len(values), value, dtype=values.dtype)])


class Bounds(NamedTuple):
    """What is known of the pairs left out: score less the price noted is no more than `most`.

    Attributes:
        most: (newcomers,) the bound; FAR where nothing is known, -FAR where nobody is any more.
        noted: (sponsors,) prices, none below the real ones once they are `note`d; FAR where nothing is known.
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
        ahead: How far below what would be good enough it goes.
        newcomers, sponsors, scores, values: (pairs,) take those found; whoever there is no room for is left for later.
        fitting: (kinds of newcomers,) which fit; some, others: (newcomers,), (sponsors,) which are candidates already;
            all False at rest.
    """

    few: int
    ahead: int
    newcomers: Ints
    sponsors: Ints
    scores: Whole
    values: Whole
    fitting: Flags
    some: Flags
    others: Flags

    @classmethod
    def of(cls, few: int, ahead: int, pairs: int) -> "Desk":
        """A desk with room for so many pairs at a time, `few` at least, and for nobody yet."""
        some, others = (np.empty(pairs, dtype=np.int32) for _ in range(2))
        scores, values = (np.empty(pairs, dtype=np.int64) for _ in range(2))
        return cls(few, ahead, some, others, scores, values, *(np.zeros(0, dtype=np.bool_) for _ in range(3)))

    def widened(self, kinds: int, newcomers: int, sponsors: int) -> "Desk":
        """The same with room for so many people."""
        if len(self.fitting) >= kinds and len(self.some) >= newcomers and len(self.others) >= sponsors:
            return self
        fitting, some, others = (np.zeros(size, dtype=np.bool_) for size in (2 * kinds, newcomers, sponsors))
        return self._replace(fitting=fitting, some=some, others=others)


@inlined
def _worth(scene: Scene, points: Ints, row: int, j: int, at_least: int) -> Int:
    """The score of a pair whose kinds fit, or NOT_ELIGIBLE for one that a rule excludes or that scores less."""
    score = points[j] + fit(scene, row, j)
    if score + scene.terms.points[AVAILABILITY] < at_least:
        return NOT_ELIGIBLE
    shared = quarters(scene, row, j)
    score += of_hours(scene, shared)
    if shared < LEAST_SHARED_QUARTERS or score < at_least or not two_fit(scene, row, j):
        return NOT_ELIGIBLE
    return score


@compiled
def look(scene: Scene, points: Ints, places: Places, graph: Graph, state: State, bounds: Bounds, desk: Desk) -> int:
    """Find pairs left out that are worth more than their two prices: some of them, if there are any.

    Args:
        scene, points: The newcomers and the pool; what each sponsor of the pool brings to every pair.
        places, graph, state: The candidates and their prices.
        bounds: Is put right.
        desk: Takes the pairs.

    Returns:
        How many were found.
    """
    size = 0
    for j in range(len(places.rows)):
        if places.rows[j] == NOWHERE or state.price[j] >= bounds.noted[j]:
            bounds.noted[j] = state.price[j]
        elif size + desk.few <= len(desk.scores):
            size = for_sponsor(scene, points, places, graph, state, bounds, desk, j, size, True)
    if size > 0:
        # The same pair must not be found from both its ends.
        return size
    for i in range(len(places.at)):
        if bounds.most[i] > state.gain[i] - places.extra[i] and size + desk.few <= len(desk.scores):
            size = _for_newcomer(scene, points, places, graph, state, bounds, desk, i, size)
    return size


@compiled
def _for_newcomer(
    scene: Scene,
    points: Ints,
    places: Places,
    graph: Graph,
    state: State,
    bounds: Bounds,
    desk: Desk,
    i: int,
    first: int,
) -> Int:
    """Find the few sponsors who are worth most beyond what a newcomer pays, and bound what all others are worth.

    Args:
        first: Where on the desk they go.

    Returns:
        Where they end.
    """
    size: Int = np.int64(first)
    row, a = places.at[i], places.kind[i]
    asked = state.gain[i] - places.extra[i]
    rest = asked - desk.ahead
    _mark_sponsors(graph, i, desk.others, True)
    for b in range(len(scene.many.kinds)):
        if scene.many.first[b] == scene.many.first[b + 1] or not kinds_fit(scene, a, b):
            continue
        top = best_fit(scene, row, b)
        for there in range(scene.many.first[b], scene.many.first[b + 1]):
            j = places.place[there]
            if j == NOWHERE or points[there] < 0:
                continue
            least = max(rest + state.price[j] + 1, 0)
            if points[there] + top < least or desk.others[j]:
                continue
            score = _worth(scene, points, row, there, least)
            if score == NOT_ELIGIBLE:
                continue
            value = score - state.price[j]
            if value <= asked:
                rest = value
            elif size < first + desk.few:
                _put(desk, first, size, i, j, score, value)
                size += 1
            else:
                rest = min(value, desk.values[size - 1])
                if desk.values[size - 1] < value:
                    _put(desk, first, size - 1, i, j, score, value)
    _mark_sponsors(graph, i, desk.others, False)
    bounds.most[i] = rest
    return size


@compiled
def for_sponsor(
    scene: Scene,
    points: Ints,
    places: Places,
    graph: Graph,
    state: State,
    bounds: Bounds,
    desk: Desk,
    j: int,
    first: int,
    settles: bool,
) -> Int:
    """Find the few newcomers who are worth most beyond what a sponsor's seat costs.

    Args:
        first: Where on the desk they go.
        settles: Whether bounds rise by what the others are worth; unless there were more than a few, the sponsor's
            price is then noted.

    Returns:
        Where they end.
    """
    size: Int = np.int64(first)
    more = False
    row, price = places.rows[j], state.price[j]
    b = scene.many.rows[row].kind
    for a in range(len(scene.one.kinds)):
        desk.fitting[a] = kinds_fit(scene, a, b)
    _mark_newcomers(graph, j, desk.some, True)
    for i in range(len(places.kind)):
        if places.kind[i] == NOWHERE or not desk.fitting[places.kind[i]] or desk.some[i]:
            continue
        asked = state.gain[i] - places.extra[i]
        least = min(bounds.most[i], asked) if settles else asked
        score = _worth(scene, points, places.at[i], row, max(least + price + 1, 0))
        if score == NOT_ELIGIBLE:
            continue
        value = score - price
        if value <= asked:
            bounds.most[i] = max(bounds.most[i], value)
        elif size < first + desk.few:
            _put(desk, first, size, i, j, score, value - asked)
            size += 1
        else:
            more = True
            if desk.values[size - 1] < value - asked:
                _put(desk, first, size - 1, i, j, score, value - asked)
    _mark_newcomers(graph, j, desk.some, False)
    if settles and not more:
        bounds.noted[j] = price
    return size


@inlined
def _put(desk: Desk, first: int, last: Int, i: int, j: int, score: int, value: int) -> None:
    """Put a pair among those from the first on, in falling order of value; the last place is free or is given up."""
    at = np.int64(last)
    while at > first and desk.values[at - 1] < value:
        desk.newcomers[at], desk.sponsors[at] = desk.newcomers[at - 1], desk.sponsors[at - 1]
        desk.scores[at], desk.values[at] = desk.scores[at - 1], desk.values[at - 1]
        at -= 1
    desk.newcomers[at], desk.sponsors[at], desk.scores[at], desk.values[at] = i, j, score, value


@compiled
def _mark_sponsors(graph: Graph, i: int, marks: Flags, mark: bool) -> None:
    """Mark, or unmark, the sponsors of a newcomer's candidates."""
    for at in range(graph.first[i], graph.first[i + 1]):
        marks[graph.sponsor[at]] = mark
    pair = graph.more[i]
    while pair != NOBODY:
        marks[graph.sponsor[pair]] = mark
        pair = graph.then[pair]


@compiled
def _mark_newcomers(graph: Graph, j: int, marks: Flags, mark: bool) -> None:
    """Mark, or unmark, the newcomers of a sponsor's candidates."""
    for at in range(graph.first_of[j], graph.first_of[j + 1]):
        marks[graph.newcomer[graph.pairs_of[at]]] = mark
    pair = graph.more_of[j]
    while pair != NOBODY:
        marks[graph.newcomer[pair]] = mark
        pair = graph.then_of[pair]
