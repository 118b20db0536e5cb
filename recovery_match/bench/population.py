"""The crowd looked at: what share of all pairs is eligible. Done in a child process."""

from dataclasses import dataclass

import numpy as np

from recovery_match.bench.columns import Columns
from recovery_match.bench.pairs import Offers, Pairs
from recovery_match.bench.ways.market import Crowd

LOOKED_AT = 1000
"""Newcomers beside whom all sponsors are looked at; all newcomers where there are fewer."""


@dataclass(frozen=True, kw_only=True)
class CrowdTask:
    """Which crowd."""

    newcomers: int
    sponsors: int
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class CrowdAnswer:
    """The share of pairs that are eligible, by the newcomers looked at; free seats; areas."""

    eligible: float
    looked_at: int
    seats: int
    areas: int


def look_at(task: CrowdTask) -> CrowdAnswer:
    """Draw the crowd and count."""
    crowd = Crowd.drawn(task.newcomers, task.sponsors, seed=task.seed)
    some, columns = crowd.newcomers[:LOOKED_AT], Columns.of(crowd.sponsors)
    counts = [int(np.count_nonzero(scores >= 0)) for _, scores in Pairs(some, Offers.of(columns, crowd.areas)).blocks()]
    return CrowdAnswer(
        eligible=sum(counts) / max(len(some) * len(columns), 1),
        looked_at=len(some),
        seats=int(columns.free.sum()),
        areas=crowd.areas.count,
    )
