"""Where the search for a round begins: at an earlier round of some of the same people, or at nothing.

Any prices and any seating will do to begin with. Those of an earlier round need little putting right when few people
came, left or changed, so that it is mended rather than found anew.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.columns import Rows, ids_of
from matching.engine.edges import Field
from matching.engine.flow import reseat
from matching.engine.graph import NOBODY, Graph, Ints, State
from matching.engine.outcome import Round
from matching.engine.week import Whole

UNKNOWN = -1
"""The price of a newcomer who was not there."""


class Start(NamedTuple):
    """An earlier round, by places in a field.

    Attributes:
        prices: (sponsors,) of a seat; gains: (newcomers,) prices of newcomers, or UNKNOWN.
        by: (newcomers,) the sponsor who was found for them, or NOBODY.
    """

    prices: Whole
    gains: Whole
    by: Rows

    @classmethod
    def of(cls, field: Field, before: Round) -> "Start":
        """Find the people of an earlier round in a field; who is gone is left out."""
        names = ids_of(field.pool.people.rows, field.rows)
        places = {name: place for place, name in enumerate(names)}
        bought, sold = before.certificate.newcomers, before.certificate.sponsors
        gains = {one.newcomer: 0 for one in before.left} | dict(bought)
        found = {one.newcomer: places.get(one.sponsor, NOBODY) for one in before.assignments}
        return cls(
            np.array([sold.get(name, 0) for name in names], dtype=np.int64),
            np.array([gains.get(one.id, UNKNOWN) for one in field.newcomers], dtype=np.int64),
            np.array([found.get(one.id, NOBODY) for one in field.newcomers], dtype=np.intp),
        )

    def state(self, graph: Graph) -> State:
        """Seat people as they were, as far as their pairs are candidates and seats are free, at the prices that were.

        A sponsor who had no price, maybe for having just come, begins at the most that anybody would pay who was there.
        """
        state = State.of(len(self.gains), len(self.prices))
        state.price[:] = self.prices
        there = (self.gains[graph.newcomer] != UNKNOWN) & (self.prices[graph.sponsor] == 0)
        most = graph.worth[there] - self.gains[graph.newcomer[there]]
        np.maximum.at(state.price, graph.sponsor[there], most)
        pairs = np.flatnonzero(self.by[graph.newcomer] == graph.sponsor)
        pairs = pairs[_count_before(graph.sponsor[pairs]) < graph.seats[graph.sponsor[pairs]]]
        reseat(graph, state, graph.newcomer[pairs].astype(np.int64), pairs)
        return state


def _count_before(values: Ints) -> Rows:
    """Count for each value how often it came before."""
    order = np.argsort(values, kind="stable")
    ordered, count = values[order], np.empty(len(values), dtype=np.intp)
    count[order] = np.arange(len(values)) - np.searchsorted(ordered, ordered)
    return count
