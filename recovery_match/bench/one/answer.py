"""One newcomer before many sponsors, by every way: done in one child process, since so many people are slow to draw."""

import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from matching.engine import Pool, suggest
from recovery_match.bench import memory
from recovery_match.bench.columns import Columns
from recovery_match.bench.crowd import facts
from recovery_match.bench.measure import measured
from recovery_match.bench.one import bound, covering
from recovery_match.bench.one.asking import BEST, Answer, Questions, Way
from recovery_match.bench.upkeep import catching_up
from recovery_match.bench.ways.market import Crowd
from recovery_match.bench.ways.names import OURS

POSTGRES = "postgres-covering"
BOUND = "c-bound"

WARM = 5
"""Newcomers whom each way answers before it is timed."""


@dataclass(frozen=True, kw_only=True)
class OneTask:
    """What to ask.

    Attributes:
        newcomers: How many ask, dealt out to the runs.
        against: The ways beside ours.
        database: The URL of a PostgreSQL where a schema may be made for a while.
    """

    sponsors: int
    newcomers: int = 200
    runs: int = 5
    seed: int = 1
    against: tuple[str, ...] = ()
    database: str = ""


@dataclass(frozen=True, kw_only=True)
class WayAnswer:
    """What one way did.

    Attributes:
        seconds: The median over newcomers of each run.
        peak_mb: The most that any run added to the memory of this process. None for PostgreSQL, which works
            elsewhere.
        served: How many suggestions were found in all; total: the sum of their scores.
        agrees: Whether sponsors, scores and order are those of our engine.
        left_out: Why nothing was measured.
    """

    seconds: tuple[float, ...] = ()
    peak_mb: float | None = None
    served: int = 0
    total: int = 0
    agrees: bool = False
    left_out: str = ""


@dataclass(frozen=True, kw_only=True)
class OneAnswer:
    """What all ways did.

    Attributes:
        pool_seconds: Laying out the pool.
        pool_bytes: What its columns hold for each sponsor; held_bytes: what the process holds more, for each sponsor,
            since the pool was laid out beside the persons.
        catching_up: Seconds in which the pool heard of 100 changes, several times.
        index_mb: The size of PostgreSQL's index.
    """

    pool_seconds: float
    pool_bytes: float
    held_bytes: float
    catching_up: tuple[float, ...]
    index_mb: float | None
    ways: dict[str, WayAnswer] = field(default_factory=dict)


def answer_one(task: OneTask) -> OneAnswer:
    """Ask all ways in turn, each the same newcomers in each run, and hold their answers against ours."""
    crowd = Crowd.drawn(task.newcomers, task.sponsors, seed=task.seed)
    before = memory.held()
    laid = measured(lambda: Pool.of(crowd.sponsors, facts()))
    held_bytes = (memory.held() - before) * 1e6 / max(task.sponsors, 1)
    with ExitStack() as until_done:
        stand = _Stand(crowd, laid.value, task, until_done)
        runs = {way.name: [_Run(way) for _ in range(task.runs)] for way in stand.ways}
        for run in range(task.runs):
            for way in stand.ways:
                runs[way.name][run].ask(range(run, task.newcomers, task.runs))
        told = {name: _told(name, some, runs[OURS]) for name, some in runs.items()}
        return OneAnswer(
            pool_seconds=laid.seconds,
            pool_bytes=laid.value.bytes_each,
            held_bytes=held_bytes,
            catching_up=tuple(catching_up(laid.value, crowd.sponsors)),
            index_mb=stand.index_mb,
            ways=told | {name: WayAnswer(left_out=why) for name, why in stand.left_out.items()},
        )


class _Stand:
    """Every way made ready, and why some are not."""

    def __init__(self, crowd: Crowd, pool: Pool, task: OneTask, until_done: ExitStack) -> None:
        self.ways = [_ours(crowd, pool)]
        self.left_out: dict[str, str] = {}
        self.index_mb: float | None = None
        self._sponsors = Columns.of(crowd.sponsors)
        self._questions = Questions.of(crowd.newcomers, crowd.areas)
        self._until_done = until_done
        makers = {POSTGRES: lambda: self._postgres(task.database), BOUND: self._bound}
        for name in task.against:
            try:
                self.ways.append(makers[name]())
            except (bound.NoCompilerError, covering.NotCoveredError, psycopg.Error) as error:
                self.left_out[name] = str(error)
        for way in self.ways:
            for row in range(min(WARM, len(crowd.newcomers))):
                way.ask(row)

    def _postgres(self, database: str) -> Way:
        if not database:
            raise covering.NotCoveredError("there is no PostgreSQL of our own here: unset DATABASE_URL")
        connection = self._until_done.enter_context(covering.loaded(database, self._sponsors))
        self.index_mb = covering.index_mb(connection)
        return covering.way(connection, self._sponsors, self._questions)

    def _bound(self) -> Way:
        folder = self._until_done.enter_context(tempfile.TemporaryDirectory())
        return bound.way(self._sponsors, self._questions, bound.compiled(Path(folder)))


def _ours(crowd: Crowd, pool: Pool) -> Way:
    def read(found: Any) -> Answer:
        return [(one.score, one.sponsor) for one in found]

    return Way(OURS, lambda row: suggest(crowd.newcomers[row], pool, BEST), read)


class _Run:
    """One run of one way: some newcomers, one after the other."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self.answers: list[Answer] = []
        self.seconds = self.peak_mb = 0.0

    def ask(self, rows: range) -> None:
        done = measured(lambda: [self._timed(row) for row in rows])
        self.answers = [self._way.read(got) for _, got in done.value]
        self.seconds = statistics.median(seconds for seconds, _ in done.value)
        self.peak_mb = done.peak_mb

    def _timed(self, row: int) -> tuple[float, object]:
        start = time.perf_counter()
        got = self._way.ask(row)
        return time.perf_counter() - start, got


def _told(name: str, runs: list[_Run], ours: list[_Run]) -> WayAnswer:
    scores = [score for run in runs for answer in run.answers for score, _ in answer]
    return WayAnswer(
        seconds=tuple(run.seconds for run in runs),
        peak_mb=max(run.peak_mb for run in runs) if name != POSTGRES else None,
        served=len(scores),
        total=sum(scores),
        agrees=all(one.answers == other.answers for one, other in zip(runs, ours, strict=True)),
    )
