"""The proven optimum of one field by column generation with dual prices.

Solve over each newcomer's best few; set the optimum's dual prices against every eligible pair; add the pairs that are
worth more than their two prices; stop when there is none (Dantzig and Wolfe 1960; Ahuja, Magnanti, Orlin, "Network
Flows", 17.5). The prices then bound every possible round, and this one reaches the bound.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from matching.engine.book import MOST_ADDED, Book
from matching.engine.columns import Rows
from matching.engine.edges import Edges, Field
from matching.engine.facts import Facts
from matching.engine.flow import reseat, settle
from matching.engine.graph import EXACT, NOBODY, Graph, State
from matching.engine.outcome import Round
from matching.engine.people import Person
from matching.engine.resume import Start
from matching.engine.scoring import POINT
from matching.engine.search import ANYTHING
from matching.engine.week import Whole

FIRST_FEW = 10
"""Pairs of each newcomer to begin with."""

FEW_ADDED = 0.05
"""Pairs added for each newcomer up to which looking at whose price has fallen is quicker than another pass."""

MANY_ADDED = 0.5
"""Pairs added for each newcomer above which it is quicker to begin anew than to mend what stands."""

MOST_BONUS = POINT - 1
"""Waiting never outweighs one point of one pair."""

_DAY = timedelta(days=1)


class Cancelled(Exception):
    """Nobody wants the round any more."""


@dataclass(frozen=True)
class Solved:
    """The optimum of a field, by places.

    Attributes:
        served, by, scores: Alike in length: newcomers served, their sponsors, the scores.
        gains, prices: Prices of newcomers, and of each seat of the sponsors.
        pairs: All pairs that were candidates, with their scores.
        passes: How often all pairs were priced.
    """

    field: Field
    served: Rows
    by: Rows
    scores: Whole
    gains: Whole
    prices: Whole
    pairs: Edges
    passes: int


def bonuses(newcomers: Sequence[Person], facts: Facts) -> Whole:
    """What each newcomer's match gains for the whole days they waited, in thousandths; MOST_BONUS at most."""
    now, rate = facts.now, facts.policy.waiting_bonus
    days = [0 if one.waiting_since is None else max((now - one.waiting_since) // _DAY, 0) for one in newcomers]
    return np.array([min(rate * each, MOST_BONUS) for each in days], dtype=np.int64)


def service_worth(newcomers: int, facts: Facts) -> int:
    """What serving anybody is worth: more than all scores and bonuses of one round of so many together.

    Raises:
        OverflowError: Sums of such worths would not be exact.
    """
    return common_worth(newcomers, facts, None)


def common_worth(newcomers: int, facts: Facts, service: int | None) -> int:
    """Look at what somebody else says that serving anybody is worth: that of a round of which these are a part.

    Raises:
        ValueError: The scores of these alone could outweigh it.
        OverflowError: Sums of such worths would not be exact.
    """
    most = sum(facts.policy.weights.values()) * POINT + MOST_BONUS
    least = 1 + most * newcomers
    worth = least if service is None else service
    if worth < least:
        raise ValueError("scores could outweigh the service")
    if worth + most >= EXACT:
        raise OverflowError("too many people or too high weights for exact sums")
    return worth


def wanted() -> bool:
    """Whoever asks for a round wants it, unless they say otherwise."""
    return True


def solve(
    field: Field, *, service: int, before: Round | None = None, still_wanted: Callable[[], bool] = wanted
) -> Solved:
    """Find the optimum of a field, with prices that prove it.

    Args:
        field: Everybody who can be matched with one another.
        service: What serving anybody is worth, beside score and bonus.
        before: An earlier round, to begin with its prices and seats; maybe of other people, too.
        still_wanted: Asked before each pass over all pairs.

    Raises:
        Cancelled: It is no longer wanted.
    """
    extra = bonuses(field.newcomers, field.pool.facts) + service
    start = None if before is None or before.certificate.service != service else Start.of(field, before)
    prices = np.zeros(len(field.rows), dtype=np.int64) if start is None else start.prices
    edges = field.best(prices, np.zeros_like(extra), ANYTHING, FIRST_FEW)
    graph = _graph(field, edges, extra)
    state, passes = _begun(graph) if start is None else start.state(graph), 0
    while True:
        if not still_wanted():
            raise Cancelled
        settle(graph, state)
        passes += 1
        more = field.best(state.price, extra - state.gain, 0, MOST_ADDED)
        if len(more.worths) <= FEW_ADDED * len(extra) and _is_all(more):
            book = Book(field.scene, field.pool.points, field.at, field.rows, extra, graph, state)
            book.add(*more)
            book.right(np.unique(more.newcomers))
            return _solved(field, book, passes)
        edges = edges.and_more(more)
        smaller, graph = graph, _graph(field, edges, extra)
        many = start is None and len(more.worths) > MANY_ADDED * len(extra)
        state = _begun(graph) if many else carried(smaller, state, graph)


def _is_all(more: Edges) -> bool:
    """Tell whether nobody had more pairs to add than a pass adds."""
    return not len(more.newcomers) or int(np.bincount(more.newcomers).max()) < MOST_ADDED


def _begun(graph: Graph) -> State:
    """Begin at the end from which fewer people must move: where seats are scarce at prices that nobody would pay."""
    state = State.of(len(graph.more), len(graph.seats))
    if graph.seats.sum() < len(state.pair):
        np.maximum.at(state.price, graph.sponsor, graph.worth)
    return state


def _graph(field: Field, edges: Edges, extra: Whole) -> Graph:
    worth = edges.worths + extra[edges.newcomers]
    return Graph.of(edges.newcomers, edges.sponsors, worth, field.seats, len(extra))


def carried(before: Graph, state: State, graph: Graph) -> State:
    """Seat everybody in a larger graph as they were, at the same prices."""
    kept = State.of(len(state.pair), len(state.price))
    kept.price[:] = state.price
    served = np.flatnonzero(state.pair != NOBODY)
    keys = graph.newcomer.astype(np.int64) * len(graph.seats) + graph.sponsor
    wanted_keys = served * len(graph.seats) + before.sponsor[state.pair[served]]
    reseat(graph, kept, served, np.searchsorted(keys, wanted_keys))
    return kept


def _solved(field: Field, book: Book, passes: int) -> Solved:
    graph, state, served = book.graph, book.state, book.served
    pairs = state.pair[served]
    scores = graph.worth[pairs] - book.extra[served]
    newcomer = graph.newcomer[: book.pairs]
    edges = Edges(newcomer, graph.sponsor[: book.pairs], graph.worth[: book.pairs] - book.extra[newcomer])
    gains, prices = state.gain[: len(field.at)], state.price[: len(field.rows)]
    return Solved(field, served, graph.sponsor[pairs].astype(np.intp), scores, gains, prices, edges, passes)
