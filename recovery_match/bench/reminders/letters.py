"""What the mail server wrote down, judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What became of so many reminders.

    Attributes:
        expected: How many there were to be.
        lost, doubled: Those who got none, and copies beyond the first.
        per_second: Letters for each second between the first and the last.
        late_p50, late_p99: Seconds from the moment they were due to the server's yes, of those who got one.
    """

    expected: int
    lost: int
    doubled: int
    per_second: float
    late_p50: float
    late_p99: float


def taken(log: Path) -> list[tuple[float, str]]:
    """When which address was written to; seconds since 1970."""
    lines = (line.split() for line in log.read_text().splitlines()) if log.exists() else iter(())
    return [(float(at), address) for at, address in lines]


def judge(letters: Iterable[tuple[float, str]], due: Mapping[str, float]) -> Delivery:
    """Hold letters against the moments at which each address was due; seconds since 1970."""
    first: dict[str, float] = {}
    copies = 0
    for at, address in sorted(letters):
        copies += address in first
        first.setdefault(address, at)
    late = sorted(at - due[address] for address, at in first.items())
    span = max(first.values(), default=0.0) - min(first.values(), default=0.0)
    return Delivery(
        expected=len(due),
        lost=len(due.keys() - first.keys()),
        doubled=copies,
        per_second=len(first) / span if span else 0.0,
        late_p50=_at(late, 0.5),
        late_p99=_at(late, 0.99),
    )


def _at(values: list[float], share: float) -> float:
    return values[min(int(share * len(values)), len(values) - 1)] if values else 0.0
