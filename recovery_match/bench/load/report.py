"""What was measured, as lines for people and as rows for programs."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from recovery_match.bench.alignment import aligned
from recovery_match.bench.load.client import Heard

HEADER = ("", "a second", "of the empty page", "median", "p99", "errors", "closed")
GOOD = ("200", "302")
NINETY_NINTH = 0.99


@dataclass(kw_only=True)
class Case:
    """One case over all rounds: answers a second in each round, and the seconds that every answer took."""

    name: str
    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    reopened: int = 0

    def add(self, heard: Heard) -> None:
        """Another round of it."""
        self.rates.append(len(heard.seconds) / heard.measured)
        self.seconds += heard.seconds
        self.statuses.update(heard.statuses)
        self.reopened += heard.reopened

    @property
    def row(self) -> "Row":
        """The median round."""
        waited = sorted(self.seconds)
        return Row(
            name=self.name,
            per_second=round(statistics.median(self.rates), 1),
            median_ms=round(1000 * statistics.median(waited), 1),
            p99_ms=round(1000 * waited[int(NINETY_NINTH * (len(waited) - 1))], 1),
            errors=sum(count for status, count in self.statuses.items() if status not in GOOD),
            closed=self.reopened,
        )


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case in figures; ``closed`` counts connections that the server closed."""

    name: str
    per_second: float
    median_ms: float
    p99_ms: float
    errors: int
    closed: int


def table(rows: Sequence[Row]) -> Iterator[str]:
    """A line for each case, the first of which is the one that the others are compared with."""
    return aligned([HEADER, *(_line(row, rows[0]) for row in rows)])


def _line(row: Row, empty: Row) -> tuple[str, ...]:
    share = f"{100 * row.per_second / empty.per_second:.0f} %"
    times = (f"{row.median_ms:.1f} ms", f"{row.p99_ms:.1f} ms")
    return (row.name, f"{row.per_second:.0f}", share, *times, f"{row.errors}", f"{row.closed}")


def rows_for_programs(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [asdict(row) for row in rows]
