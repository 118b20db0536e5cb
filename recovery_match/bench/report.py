"""What was measured, as rows for programs."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from recovery_match.bench.contest import Entry
from recovery_match.bench.one.answer import OneAnswer


@dataclass(frozen=True)
class Row:
    """One way in one case. Seconds are a median; the total is in thousandths of a point."""

    case: str
    way: str
    seconds: float
    peak_mb: float | None
    served: int
    total: int
    certified: bool | None


def save(rows: Sequence[Row], path: Path) -> None:
    """Write the rows as JSON."""
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def rows_of_round(case: str, entries: Sequence[Entry]) -> list[Row]:
    """The ways that ran."""
    return [
        Row(
            case,
            one.way,
            round(one.seconds, 6),
            round(one.peak_mb, 1),
            one.runs[0].served,
            one.runs[0].total,
            one.certified,
        )
        for one in entries
        if one.runs
    ]


def rows_of_one(case: str, answer: OneAnswer) -> list[Row]:
    """The ways that answered: served are the suggestions that all newcomers got, the total is that of their scores."""
    return [
        Row(case, name, round(statistics.median(one.seconds), 9), one.peak_mb, one.served, one.total, None)
        for name, one in answer.ways.items()
        if one.seconds
    ]
