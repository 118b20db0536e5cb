"""The other ways score by code of their own, which says the same as the engine of every pair."""

import numpy as np
import pytest

from matching.engine import recheck
from recovery_match.bench.columns import Columns
from recovery_match.bench.crowd import facts
from recovery_match.bench.pairs import FORBIDDEN, Offers, Pairs
from recovery_match.bench.ways.market import Crowd


@pytest.mark.parametrize("seed", [1, 2])
def test_every_pair_scores_as_the_engine_scores_it(seed: int) -> None:
    crowd = Crowd.drawn(60, 90, seed=seed)
    pairs = Pairs(crowd.newcomers, Offers.of(Columns.of(crowd.sponsors), crowd.areas))
    table = np.concatenate([scores for _, scores in pairs.blocks()])
    for newcomer, row in zip(crowd.newcomers, table.tolist(), strict=True):
        found = [recheck(newcomer, sponsor, facts()).suggestion for sponsor in crowd.sponsors]
        assert row == [FORBIDDEN if one is None else one.score for one in found]


def test_edges_are_the_pairs_that_are_not_forbidden() -> None:
    crowd = Crowd.drawn(80, 70, seed=1)
    pairs = Pairs(crowd.newcomers, Offers.of(Columns.of(crowd.sponsors), crowd.areas))
    table = np.concatenate([scores for _, scores in pairs.blocks()])
    edges = pairs.all_edges()
    assert len(edges.scores) == np.count_nonzero(table != FORBIDDEN)
    assert (table[edges.newcomers, edges.sponsors] == edges.scores).all()
