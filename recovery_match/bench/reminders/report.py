"""What was measured, as lines for people and as rows for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recovery_match.bench.alignment import aligned
from recovery_match.bench.reminders.cases import NAIVE, OURS, Outcome
from recovery_match.bench.reminders.scale import DUE, Scale

HEADER = ("", "letters", "letters/s", "late p50", "late p99", "CPU/letter", "server's", "peak", "lost", "doubled")


@dataclass(frozen=True)
class Row:
    """One way in one case. Of a tick, ``per_second`` are the people asked for each second of the database's time."""

    case: str
    way: str
    per_second: float
    lateness_p99_s: float | None
    peak_mb: float | None
    lost: int
    doubled: int


def row(outcome: Outcome) -> Row:
    """A case as a row."""
    delivery = outcome.delivery
    return Row(
        outcome.case,
        outcome.way,
        round(delivery.per_second, 1),
        round(delivery.late_p99, 3),
        round(outcome.workers.peak_mb, 1),
        delivery.lost,
        delivery.doubled,
    )


def row_of_tick(scale: Scale) -> Row:
    """A tick as a row."""
    return Row(f"tick-{scale.rows}", OURS, round(1000 * DUE / scale.tick, 1), None, None, 0, 0)


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each way."""
    return aligned([HEADER, *map(_line, outcomes)])


def ratio(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """How many times as quick ours is, if both ran."""
    speed = {one.way: one.delivery.per_second for one in outcomes}
    if speed.get(OURS) and speed.get(NAIVE):
        yield f"Ours hands over {speed[OURS] / speed[NAIVE]:.1f} times as many letters a second as the naive way."


def _line(one: Outcome) -> tuple[str, ...]:
    delivery, count = one.delivery, one.delivery.expected
    return (
        f"{one.case} {one.way}",
        f"{count:,}",
        f"{delivery.per_second:,.0f}",
        f"{delivery.late_p50:.1f} s",
        f"{delivery.late_p99:.1f} s",
        f"{1000 * one.workers.seconds / count:.2f} ms",
        f"{1000 * one.server.seconds / count:.2f} ms",
        f"{one.workers.peak_mb:.0f} MB",
        f"{delivery.lost}",
        f"{delivery.doubled}",
    )


def scale_table(scales: Sequence[Scale]) -> Iterator[str]:
    """How a tick's time in the database grows with the rows that it need not read."""
    yield from aligned(
        [
            ("rows of each kind", "nobody due", f"{DUE} asked", f"{DUE} leased", "together", "server's CPU"),
            *(
                (
                    f"{one.rows:,}",
                    *(f"{value:.1f} ms" for value in (one.idle, one.asking, one.leasing, one.tick, one.server)),
                )
                for one in scales
            ),
        ]
    )
