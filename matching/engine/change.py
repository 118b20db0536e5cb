"""What a change of prices may have made of the pairs that a solution left out, compiled.

Of each newcomer a bound is kept: how much the best of the pairs left out is worth beyond a price noted of its sponsor.
So a newcomer is looked at only when their own price has fallen below the bound. A sponsor is looked at only when their
price has fallen below the one noted, which is a little less than it was: most falls are small. They are then set
against all newcomers, whose bounds may rise by it, and whoever would be in the way of the lower price becomes a
candidate.
"""

import numpy as np

from matching.engine.board import NOWHERE, Ints
from matching.engine.bounds import Bounds, Desk, Places
from matching.engine.columns import Flags
from matching.engine.compiled import Int, compiled, inlined
from matching.engine.graph import NOBODY, Graph, State
from matching.engine.rules import LEAST_SHARED_QUARTERS, kinds_fit, quarters, two_fit
from matching.engine.scene import Scene
from matching.engine.scoring import AVAILABILITY, best_fit, fit, of_hours

NOT_ELIGIBLE = -1


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
    """Find pairs left out that are worth more than their two prices, or nearly: some of them, if there are any.

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
            bounds.noted[j] = max(bounds.noted[j], state.price[j] - desk.play)
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
    """Find the few sponsors who, at the prices noted, are worth most beyond what a newcomer pays, and bound the others.

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
            least = max(rest + bounds.noted[j] + 1, 0)
            if points[there] + top < least or desk.others[j]:
                continue
            score = _worth(scene, points, row, there, least)
            if score == NOT_ELIGIBLE:
                continue
            value = score - bounds.noted[j]
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
    """Find the few newcomers who would pay most for a sponsor's seat, if that is more than it costs, or nearly.

    Args:
        first: Where on the desk they go.
        settles: Whether bounds rise by what the others are worth, and a price is noted.

    Returns:
        Where they end.
    """
    size: Int = np.int64(first)
    row, price = places.rows[j], state.price[j]
    low = max(price - desk.play, 0) if settles else price
    rest = low
    b = scene.many.rows[row].kind
    for a in range(len(scene.one.kinds)):
        desk.fitting[a] = kinds_fit(scene, a, b)
    _mark_newcomers(graph, j, desk.some, True)
    for i in range(len(places.kind)):
        if places.kind[i] == NOWHERE or not desk.fitting[places.kind[i]] or desk.some[i]:
            continue
        asked = state.gain[i] - places.extra[i]
        least = min(bounds.most[i], asked) if settles else asked
        score = _worth(scene, points, places.at[i], row, max(least + low + 1, 0))
        if score == NOT_ELIGIBLE:
            continue
        value = score - asked
        if value <= low:
            bounds.most[i] = max(bounds.most[i], score - low)
            continue
        if size < first + desk.few:
            _put(desk, first, size, i, j, score, value)
            size += 1
            continue
        out, would_pay = i, value
        if desk.values[size - 1] < value:
            out, would_pay = desk.newcomers[size - 1], desk.values[size - 1]
            _put(desk, first, size - 1, i, j, score, value)
        rest = max(rest, would_pay)
        if settles:
            bounds.most[out] = max(bounds.most[out], state.gain[out] - places.extra[out])
    _mark_newcomers(graph, j, desk.some, False)
    if settles:
        bounds.noted[j] = rest
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
