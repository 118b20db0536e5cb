"""A run of everything about the engine: rounds, and one that is mended; one newcomer; growth."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recovery_match.bench import growth, report, texts
from recovery_match.bench.child import ChildFailedError, in_child
from recovery_match.bench.contest import ENOUGH_SECONDS, Contest, Write
from recovery_match.bench.mending import MendTask, mend
from recovery_match.bench.one.answer import BOUND, POSTGRES, OneTask, answer_one
from recovery_match.bench.population import CrowdTask, look_at
from recovery_match.bench.ways.names import FRUGAL, READY

LARGE = ((100_000, 50_000), (100_000, 100_000))
"""Newcomers and sponsors of the large rounds: seats are scarce in the first."""

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
"""Of the crowds by which growth is measured."""

LARGE_ENOUGH = 400.0
"""With --large a way gets no further run of a round when it has taken so long in all."""

DEFAULT_SECONDS = 440.0
"""A default run begins nothing that would not be done by then."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is wanted.

    Attributes:
        newcomers, sponsors: The round that all ways solve.
        pools: Sponsors before whom one newcomer stands.
        sizes: Crowds by which growth is measured.
        large: Rounds that are solved as well, and then the largest crowd too, however long it takes.
        database: The URL of a PostgreSQL of our own, or nothing.
    """

    newcomers: int = 10_000
    sponsors: int = 10_000
    pools: tuple[int, ...] = (100_000, 1_000_000)
    sizes: tuple[int, ...] = SIZES
    runs: int = 5
    seed: int = 1
    large: tuple[tuple[int, int], ...] = ()
    ways: tuple[str, ...] = tuple(READY)
    database: str = ""
    json: Path | None = None


class Bench:
    """One run, said line by line."""

    def __init__(self, options: Options, write: Write) -> None:
        self._options, self._write = options, write
        self._start = time.perf_counter()
        self.rows: list[report.Row] = []

    def run(self) -> list[report.Row]:
        """Measure everything that was asked for."""
        options = self._options
        self._round(options.newcomers, options.sponsors, options.ways)
        self._mend()
        for sponsors in options.pools:
            self._one(sponsors)
        if options.sizes:
            self._growth()
        for newcomers, sponsors in options.large:
            self._round(newcomers, sponsors, tuple(way for way in options.ways if way in FRUGAL))
        self._write(f"\nDone in {self._spent():.0f} s.")
        return self.rows

    def _round(self, newcomers: int, sponsors: int, ways: tuple[str, ...]) -> None:
        case, options = f"round-{newcomers}x{sponsors}", self._options
        crowd = in_child(look_at, CrowdTask(newcomers=newcomers, sponsors=sponsors, seed=options.seed))
        self._write(f"\n{case}: {texts.crowd_line(newcomers, sponsors, options.seed, crowd)}")
        contest = Contest(
            newcomers=newcomers,
            sponsors=sponsors,
            ways=ways,
            runs=options.runs,
            seed=options.seed,
            enough=LARGE_ENOUGH if options.large else ENOUGH_SECONDS,
        )
        entries = contest.hold(self._write)
        self._say(texts.round_table(entries))
        if missing := [way for way in options.ways if way not in ways]:
            self._write(f"Not asked: {', '.join(missing)}; all pairs are {newcomers * crowd.seats * 8 / 1e9:.0f} GB.")
        self._keep(report.rows_of_round(case, entries))

    def _mend(self) -> None:
        options = self._options
        task = MendTask(newcomers=options.newcomers, sponsors=options.sponsors, seed=options.seed)
        try:
            self._say(texts.mended_lines(in_child(mend, task)))
        except ChildFailedError as error:
            self._write(f"mending: left out, {error}")

    def _one(self, sponsors: int) -> None:
        case, options = f"one-{sponsors}", self._options
        self._write(f"\n{case}: one newcomer before {sponsors:,} sponsors, the ten best with their reasons")
        task = OneTask(
            sponsors=sponsors,
            runs=options.runs,
            seed=options.seed,
            against=(POSTGRES, BOUND),
            database=options.database,
        )
        try:
            answer = in_child(answer_one, task)
        except ChildFailedError as error:
            self._write(f"left out, {error}")
            return
        self._say(texts.one_table(answer))
        self._keep(report.rows_of_one(case, answer))

    def _growth(self) -> None:
        self._write("\nGrowth of ours")
        sizes: list[growth.Size] = []
        for people in self._options.sizes:
            if sizes and not self._options.large:
                expected = growth.expected_seconds(sizes, people)
                if self._spent() + expected > DEFAULT_SECONDS:
                    self._write(
                        f"  {people:,} x {people:,}: left out, may take {expected:.0f} s (--large has the time)"
                    )
                    break
            if size := growth.measure(people, seed=self._options.seed, write=self._write):
                sizes.append(size)
        self._say(texts.growth_table(sizes))

    def _keep(self, rows: list[report.Row]) -> None:
        """Save what there is after each case: a later one may be interrupted."""
        self.rows.extend(rows)
        if self._options.json:
            report.save(self.rows, self._options.json)

    def _say(self, lines: Iterator[str]) -> None:
        for line in lines:
            self._write(line)

    def _spent(self) -> float:
        return time.perf_counter() - self._start
