"""A waiting line of numbered nodes, the nearest first: a binary heap that knows where each node stands."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.compiled import Int, compiled, inlined
from matching.engine.week import Whole

AWAY = -1


class Line(NamedTuple):
    """The line.

    Attributes:
        keys, nodes: (room,) the heap; size: (1,) how many wait.
        spot: (room,) where each node stands, or AWAY.
    """

    keys: Whole
    nodes: npt.NDArray[np.int32]
    size: Whole
    spot: npt.NDArray[np.int32]

    @classmethod
    def of(cls, room: int) -> "Line":
        """An empty line for nodes 0 to room - 1."""
        return cls(
            np.zeros(room, dtype=np.int64),
            np.zeros(room, dtype=np.int32),
            np.zeros(1, dtype=np.int64),
            np.full(room, AWAY, dtype=np.int32),
        )


@compiled
def lower(line: Line, node: int, key: int) -> None:
    """Let a node wait at this distance, which is less than any that it waits at."""
    at = np.int64(line.spot[node])
    if at == AWAY:
        at = line.size[0]
        line.size[0] += 1
    while at > 0:
        above = (at - 1) >> 1
        if line.keys[above] <= key:
            break
        _put(line, at, line.nodes[above], line.keys[above])
        at = above
    _put(line, at, node, key)


@compiled
def pop(line: Line) -> int:
    """Take the nearest node out of a line that is not empty."""
    first = line.nodes[0]
    line.spot[first] = AWAY
    line.size[0] -= 1
    size = line.size[0]
    node, key = line.nodes[size], line.keys[size]
    at = np.int64(0)
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and line.keys[below + 1] < line.keys[below]:
            below += 1
        if key <= line.keys[below]:
            break
        _put(line, at, line.nodes[below], line.keys[below])
        at = below
    if size > 0:
        _put(line, at, node, key)
    return first


@inlined
def _put(line: Line, at: Int, node: int, key: int) -> None:
    line.nodes[at], line.keys[at] = node, key
    line.spot[node] = at
