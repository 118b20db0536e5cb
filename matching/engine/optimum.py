"""The proven optimum of one field by column generation with dual prices.

Solve over some pairs; set the optimum's dual prices against every eligible pair; add the pairs that are worth more than
their two prices; stop when there is none (Dantzig and Wolfe 1960; Ahuja, Magnanti, Orlin, "Network Flows", 17.5). The
prices then bound every possible round, and this one reaches the bound. Once all pairs were looked at, only people whose
price has fallen since can have a pair that is worth more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from matching.engine.columns import Flags, Rows
from matching.engine.edges import Edges, Field
from matching.engine.facts import Facts
from matching.engine.flow import reseat, settle
from matching.engine.graph import EXACT, NOBODY, Graph, State
from matching.engine.outcome import Round
from matching.engine.people import Person
from matching.engine.resume import Start
from matching.engine.rough import FEW_MORE, rough
from matching.engine.scoring import POINT
from matching.engine.search import ANYTHING
from matching.engine.week import Whole

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
        passes: How often pairs were looked for.
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
    most = _most_worth(facts)
    least = 1 + most * newcomers
    worth = least if service is None else service
    if worth < least:
        raise ValueError("scores could outweigh the service")
    if worth + most >= EXACT:
        raise OverflowError("too many people or too high weights for exact sums")
    return worth


def _most_worth(facts: Facts) -> int:
    """The most that score and bonus of one newcomer can be."""
    return sum(facts.policy.weights.values()) * POINT + MOST_BONUS


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
        still_wanted: Asked each time before pairs are looked for.

    Raises:
        Cancelled: It is no longer wanted.
    """
    asks = _Asks(still_wanted)
    bonus = bonuses(field.newcomers, field.pool.facts)
    extra = bonus + service
    if before is None or before.certificate.service != service:
        edges, price = rough(field, bonus, _most_worth(field.pool.facts), asks)
        graph, state = _graph(field, edges, extra), State.of(len(extra), len(field.rows))
        state.price[:] = price
    else:
        start = Start.of(field, before)
        asks()
        edges = field.best(start.prices, np.zeros_like(extra), ANYTHING, FEW_MORE)
        graph = _graph(field, edges, extra)
        state = start.state(graph)
    settle(graph, state)
    asks()
    more = field.best(state.price, extra - state.gain, 0, FEW_MORE)
    while len(more.worths):
        edges, smaller, looked = edges.and_more(more), graph, (state.gain.copy(), state.price.copy())
        graph = _graph(field, edges, extra)
        state = carried(smaller, state, graph)
        settle(graph, state)
        asks()
        gained = (state.gain >= looked[0]) & (np.bincount(more.newcomers, minlength=len(extra)) < FEW_MORE)
        more = _fallen(field, state, extra, ~gained, state.price < looked[1])
    return _solved(field, extra, graph, state, asks.times)


class _Asks:
    """Ask whether the round is still wanted, and count how often."""

    def __init__(self, still_wanted: Callable[[], bool]) -> None:
        self._still_wanted, self.times = still_wanted, 0

    def __call__(self) -> None:
        """Ask.

        Raises:
            Cancelled: It is not.
        """
        if not self._still_wanted():
            raise Cancelled
        self.times += 1


def _fallen(field: Field, state: State, extra: Whole, who: Flags, whom: Flags) -> Edges:
    """Find pairs worth more than their two prices, of these newcomers or of these sponsors."""
    asked = extra - state.gain
    found = field.best(state.price, asked, 0, FEW_MORE, who=who)
    if not whom.any():
        return found
    return found.and_more(field.best(state.price, asked, 0, FEW_MORE, who=~who, whom=whom))


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


def _solved(field: Field, extra: Whole, graph: Graph, state: State, passes: int) -> Solved:
    served = np.flatnonzero(state.pair != NOBODY)
    pairs = state.pair[served]
    scores = graph.worth - extra[graph.newcomer]
    by = graph.sponsor[pairs].astype(np.intp)
    edges = Edges(graph.newcomer, graph.sponsor, scores)
    return Solved(field, served, by, scores[pairs], state.gain, state.price, edges, passes)
