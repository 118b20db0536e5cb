"""What a tick costs the database when a hundred are due, in front of tables of any size."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts import clock
from matching.actions import leases
from matching.actions.checkins import remind_due
from recovery_match.bench.reminders import people

DUE = 100
TIMES = 5


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Milliseconds that a tick waited for the database, commits included; medians of several ticks.

    Attributes:
        rows: Plans that are due later, messages that are due later, and messages that were sent: so many of each.
        idle: With nobody due, both to ask and to send.
        asking: A hundred people are asked.
        leasing: Their messages are leased and read.
    """

    rows: int
    idle: float
    asking: float
    leasing: float

    @property
    def tick(self) -> float:
        """Both: a hundred are asked, and their messages leased."""
        return self.asking + self.leasing


def measure(rows: int) -> Scale:
    """Fill the tables, and let ticks work in front of them."""
    people.clear()
    people.others(rows, clock.now())
    idle = statistics.median(_waited(remind_due) + _waited(leases.take) for _ in range(TIMES))
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    both = [_tick(hour, first=DUE * time_) for time_ in range(TIMES)]
    asking, leasing = (statistics.median(times) for times in zip(*both, strict=True))
    return Scale(rows=rows, idle=idle, asking=asking, leasing=leasing)


def _tick(hour: datetime, *, first: int) -> tuple[float, float]:
    people.to_be_asked(DUE, hour, first=first)
    return _waited(remind_due), _waited(leases.take)


def _waited(do: Callable[[], object]) -> float:
    """Milliseconds in which this thread had nothing to do: somebody else worked for it."""
    wall, own = time.perf_counter(), time.thread_time()
    do()
    return 1000 * (time.perf_counter() - wall - (time.thread_time() - own))
