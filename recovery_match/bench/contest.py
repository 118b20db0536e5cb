"""Ways run against each other on one round: run 1 of every way, then run 2 of every way, and so on."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from recovery_match.bench.child import ChildFailedError, in_child
from recovery_match.bench.solve import NotSoError, RoundAnswer, RoundTask, solve_round
from recovery_match.bench.ways.names import OURS

ENOUGH_SECONDS = 40
"""A way that has taken so long in all gets no further run of a default bench."""

Write = Callable[[str], None]


@dataclass
class Entry:
    """One way's runs of one round, or why there are none."""

    way: str
    runs: list[RoundAnswer] = field(default_factory=list)
    left_out: str = ""
    spent: float = 0.0

    @property
    def seconds(self) -> float:
        """The median over the runs."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """The median over the runs."""
        return statistics.median(run.peak_mb for run in self.runs)

    @property
    def certified(self) -> bool | None:
        """Whether one run was checked and accepted, and all others chose the very same pairs. None: not asked."""
        checked = [run.certified for run in self.runs if run.certified is not None]
        return all(checked) and len({run.pairs for run in self.runs}) == 1 if checked else None

    def is_enough(self, seconds: float | None) -> bool:
        """Whether to spare the machine another run."""
        return bool(self.left_out) or (seconds is not None and self.spent > seconds)


@dataclass(frozen=True, kw_only=True)
class Contest:
    """One round, and the ways that solve it.

    Attributes:
        check: Whether our certificate is checked, in the first run.
        enough: Seconds after which a way gets no further run; None gives all their runs.
    """

    newcomers: int
    sponsors: int
    ways: Sequence[str]
    runs: int = 5
    seed: int = 1
    check: bool = True
    enough: float | None = ENOUGH_SECONDS

    def hold(self, write: Write) -> list[Entry]:
        """Run everything; a way that cannot run is left out with a word."""
        entries = [Entry(way) for way in self.ways]
        for run in range(self.runs):
            for entry in entries:
                if not entry.is_enough(self.enough):
                    self._run(entry, run, write)
        return entries

    def _run(self, entry: Entry, run: int, write: Write) -> None:
        start = time.perf_counter()
        check = self.check and run == 0 and entry.way == OURS
        task = RoundTask(way=entry.way, newcomers=self.newcomers, sponsors=self.sponsors, seed=self.seed, check=check)
        try:
            answer = in_child(solve_round, task)
        except (ChildFailedError, NotSoError) as error:
            entry.left_out = str(error)
        else:
            entry.left_out = f"the package {answer.missing} is not installed" if answer.missing else ""
            if not answer.missing:
                entry.runs.append(answer)
        entry.spent += time.perf_counter() - start
        said = entry.left_out or f"{entry.runs[-1].seconds:.3f} s"
        write(f"  run {run + 1} {entry.way}: {said}")
