"""Room for the best few pairs of each newcomer, and how a pair gets in."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.board import Ints
from matching.engine.compiled import Int, inlined
from matching.engine.week import Whole

_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9)
"""Odd numbers whose multiples scatter (the steps of splitmix64)."""


class Few(NamedTuple):
    """Room for the best few of each newcomer of a field, by place: a heap each, the least wanted on top.

    Attributes:
        sponsors, values, keys: (newcomers, few); keys break ties.
        size: (newcomers,) how many there are. least: (newcomers,) what a value must reach.
    """

    sponsors: Ints
    values: Whole
    keys: npt.NDArray[np.uint64]
    size: Ints
    least: Whole

    @classmethod
    def of(cls, newcomers: int, few: int, floor: int) -> "Few":
        """Room for values above a floor."""
        return cls(
            np.empty((newcomers, few), dtype=np.int32),
            np.empty((newcomers, few), dtype=np.int64),
            np.empty((newcomers, few), dtype=np.uint64),
            np.zeros(newcomers, dtype=np.int32),
            np.full(newcomers, floor + 1, dtype=np.int64),
        )


@inlined
def keep(few: Few, i: int, place: int, value: int) -> None:
    """Keep a pair that is good enough; once there is no more room, the least wanted goes."""
    key = (np.uint64(i) * np.uint64(_MIX[0]) + np.uint64(place)) * np.uint64(_MIX[1])
    sponsors, values, keys, size = few.sponsors[i], few.values[i], few.keys[i], few.size[i]
    if size < len(values):
        _rise(sponsors, values, keys, size, place, value, key)
        few.size[i] += 1
    elif values[0] < value or (values[0] == value and keys[0] < key):
        _sink(sponsors, values, keys, place, value, key)
    if few.size[i] == len(values):
        few.least[i] = values[0]


@inlined
def _rise(sponsors: Ints, values: Whole, keys: Any, size: int, place: int, value: int, key: Int) -> None:
    at = np.int64(size)
    while at > 0:
        above = (at - 1) >> 1
        if values[above] < value or (values[above] == value and keys[above] < key):
            break
        sponsors[at], values[at], keys[at] = sponsors[above], values[above], keys[above]
        at = above
    sponsors[at], values[at], keys[at] = place, value, key


@inlined
def _sink(sponsors: Ints, values: Whole, keys: Any, place: int, value: int, key: Int) -> None:
    at, size = 0, len(values)
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and (
            values[below + 1] < values[below] or (values[below + 1] == values[below] and keys[below + 1] < keys[below])
        ):
            below += 1
        if value < values[below] or (value == values[below] and key < keys[below]):
            break
        sponsors[at], values[at], keys[at] = sponsors[below], values[below], keys[below]
        at = below
    sponsors[at], values[at], keys[at] = place, value, key
