"""Our engine, asked through its public face like any other way."""

from collections.abc import Callable

import numpy as np

from matching.engine import Pool, Refused, Round, check_round, match_round
from recovery_match.bench.crowd import facts
from recovery_match.bench.ways.market import Choice, Crowd


def ours(crowd: Crowd) -> Callable[[], Round]:
    """The pool is kept ready, as the product keeps it; all of a round is timed."""
    pool = Pool.of(crowd.sponsors, facts())
    return lambda: match_round(crowd.newcomers, pool)


def read(crowd: Crowd, found: Round) -> Choice:
    """Name the pairs of a round by rows."""
    newcomers = {one.id: row for row, one in enumerate(crowd.newcomers)}
    sponsors = {one.id: row for row, one in enumerate(crowd.sponsors)}
    return Choice(
        np.array([newcomers[one.newcomer] for one in found.assignments], dtype=np.intp),
        np.array([sponsors[one.sponsor] for one in found.assignments], dtype=np.intp),
        np.array([one.score for one in found.assignments], dtype=np.int64),
    )


def certified(crowd: Crowd, found: Round) -> bool:
    """Whether the checker accepts the round and its certificate."""
    try:
        check_round(crowd.newcomers, crowd.sponsors, facts(), found)
    except Refused:
        return False
    return True
