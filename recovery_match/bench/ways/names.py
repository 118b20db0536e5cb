"""The ways of solving a round, by name."""

from collections.abc import Callable
from typing import Any

from recovery_match.bench.ways import dense, flow, greedy, ours, sparse
from recovery_match.bench.ways.market import Choice, Crowd

OURS = "ours"

READY: dict[str, Callable[[Crowd], Callable[[], Any]]] = {
    OURS: ours.ours,
    "scipy-dense": dense.scipy_dense,
    "scipy-split": dense.scipy_split,
    "scipy-sparse": sparse.scipy_sparse,
    "lapx": dense.lapx,
    "ortools-50": flow.ortools_50,
    "greedy": greedy.greedy,
}
"""In the order of the table. Each makes sponsors ready and gives what is timed."""

APPROXIMATE = ("ortools-50", "greedy")
"""These do not promise the optimum."""

FRUGAL = (OURS, *APPROXIMATE)
"""These do without a table of all pairs, and can be asked for large rounds."""


def read(name: str, crowd: Crowd, found: Any) -> Choice:
    """Turn what a way gives into pairs."""
    return ours.read(crowd, found) if name == OURS else found
