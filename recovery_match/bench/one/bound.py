"""The C scan: compiled on the spot, if a compiler is there, and called through ctypes.

What it is given is laid out beforehand on both sides, so that only the scan is timed: no exact answer is much quicker
that looks at every sponsor whom the partitioning rules leave.
"""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recovery_match.bench import tables
from recovery_match.bench.columns import Columns
from recovery_match.bench.crowd import LIMITS
from recovery_match.bench.one import layout
from recovery_match.bench.one.asking import BEST, Answer, Questions, Way, ranks, stated

SOURCE = Path(__file__).with_name("scan.c")
KEY = ("fellowship", "gender", "comfortable", "languages")
"""The rules that partition sponsors."""

_Records = npt.NDArray[np.void]


class NoCompilerError(RuntimeError):
    """There is nothing here to compile C with, or it does not manage."""


def compiled(folder: Path) -> ctypes.CDLL:
    """Compile the scan into this folder, for this very processor, and load it.

    Raises:
        NoCompilerError: It cannot be done here.
    """
    compiler, library = shutil.which("cc"), folder / "scan.so"
    if compiler is None:
        raise NoCompilerError("there is no C compiler (cc) here")
    command = [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603
    if done.returncode:
        raise NoCompilerError(f"the C compiler stopped with code {done.returncode}: {done.stderr[-500:]}")
    return ctypes.CDLL(str(library))


def way(sponsors: Columns, questions: Questions, library: ctypes.CDLL) -> Way:
    """Lay everything out for the scan."""
    scan = _Scan(sponsors, questions, library)
    return Way("c-bound", scan.ask, scan.read)


class _Scan:
    """The scan, and all that it points into, which must live as long as it is asked."""

    def __init__(self, sponsors: Columns, questions: Questions, library: ctypes.CDLL) -> None:
        self._ids, self._questions = sponsors.ids, questions
        self._order, self._buckets = _buckets(sponsors)
        self._sponsors, self._newcomers = _sponsors(sponsors)[self._order], _newcomers(questions)
        self._found = np.zeros((len(self._newcomers), BEST), dtype=layout.FOUND)
        self._scan = library.scan
        self._scan.restype = ctypes.c_int
        pointer = ctypes.c_void_p
        self._scan.argtypes = [pointer, pointer, ctypes.c_int64, pointer, ctypes.c_int, pointer]
        self._fixed = self._sponsors.ctypes.data, self._buckets.ctypes.data, len(self._buckets)
        self._starts = self._newcomers.ctypes.data, self._found.ctypes.data

    def ask(self, row: int) -> tuple[int, int]:
        """Leave the best in this newcomer's row of what is found, and tell how many there are."""
        newcomer, found = self._starts
        newcomer += row * layout.NEWCOMER.itemsize
        found += row * BEST * layout.FOUND.itemsize
        return row, self._scan(*self._fixed, newcomer, BEST, found)

    def read(self, got: Any) -> Answer:
        """Name what was found."""
        row, count = got
        return [(int(one["score"]), self._ids[self._order[one["row"]]]) for one in self._found[row, :count]]


def _buckets(sponsors: Columns) -> tuple[npt.NDArray[np.intp], _Records]:
    keys = np.stack([getattr(sponsors, name) for name in KEY])
    order = np.lexsort(keys[::-1])
    distinct, first = np.unique(keys[:, order], axis=1, return_index=True)
    buckets = np.zeros(len(first), dtype=layout.BUCKET)
    buckets["first"], buckets["last"] = first, np.append(first[1:], len(order))
    for name, column in zip(KEY, distinct, strict=True):
        buckets[name] = column
    return order, buckets


def _sponsors(columns: Columns) -> _Records:
    rows = np.zeros(len(columns), dtype=layout.SPONSOR)
    for name in ("alone", "home", "modes", "taste"):
        rows[name] = getattr(columns, name)
    rows["week"], rows["visits"] = columns.week.T, columns.visits.T
    rows["place"] = columns.area * len(LIMITS) + columns.limit
    rows["rank"], rows["stated"] = ranks(columns), stated(columns)
    return rows


def _newcomers(questions: Questions) -> _Records:
    columns = questions.columns
    rows = np.zeros(len(columns), dtype=layout.NEWCOMER)
    for name in (*KEY, "home", "modes"):
        rows[name] = getattr(columns, name)
    rows["week"], rows["visits"], rows["stated"] = columns.week.T, columns.visits.T, stated(columns)
    for name, table in (("near", questions.near), ("tastes", questions.tastes)):
        rows[name] = table.ctypes.data + np.arange(len(columns)) * table.strides[0]
    rows["hours"], rows["meetings"] = tables.HOURS.ctypes.data, tables.MEETINGS
    rows["most_hours"] = tables.HOURS.max()
    rows["most_home"] = max(tables.SAME_HOME, tables.UNSTATED, int(tables.MEETINGS.max()))
    rows["apart"], rows["same_home"], rows["unstated"] = tables.APART, tables.SAME_HOME, tables.UNSTATED
    return rows
