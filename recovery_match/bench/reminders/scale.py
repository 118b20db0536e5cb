"""What a tick costs the database when a hundred are due, in front of tables of any size."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psutil
from django.db import connection

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
        server: Processor time of the database's process for asking and leasing, a mean: told in steps of 2 ms.
    """

    rows: int
    idle: float
    asking: float
    leasing: float
    server: float

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
    ticks = [_tick(hour, first=DUE * number) for number in range(TIMES)]
    asking, leasing, _ = (statistics.median(times) for times in zip(*ticks, strict=True))
    server = statistics.mean(server for *_, server in ticks)
    return Scale(rows=rows, idle=idle, asking=asking, leasing=leasing, server=server)


def _tick(hour: datetime, *, first: int) -> tuple[float, float, float]:
    people.to_be_asked(DUE, hour, first=first)
    before = _server()
    return _waited(remind_due), _waited(leases.take), _server() - before


def _server() -> float:
    """Milliseconds of processor time that the database's process at the other end of our connection has used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        times = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return 1000 * float(times.user + times.system)


def _waited(do: Callable[[], object]) -> float:
    """Milliseconds in which this thread had nothing to do: somebody else worked for it."""
    wall, own = time.perf_counter(), time.thread_time()
    do()
    return 1000 * (time.perf_counter() - wall - (time.thread_time() - own))
