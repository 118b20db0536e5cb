"""Time and memory of one thing done in this process."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from recovery_match.bench import memory

T = TypeVar("T")


@dataclass(frozen=True)
class Measured(Generic[T]):
    """What came of it, in how many seconds, with how many MB at the peak above what was held before."""

    value: T
    seconds: float
    peak_mb: float


def measured(do: Callable[[], T]) -> Measured[T]:
    """Do it once. What is there already is left out of the collector's rounds, whichever way is measured."""
    gc.collect()
    gc.freeze()
    memory.forget_peak()
    before, start = memory.held(), time.perf_counter()
    value = do()
    seconds = time.perf_counter() - start
    return Measured(value, seconds, max(memory.peak() - before, 0.0))


def seconds_of(do: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    do()
    return time.perf_counter() - start
