"""What was measured, as lines for people and as rows for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from recovery_match.bench.alignment import aligned
from recovery_match.bench.pages.visits import Visit

HEADER = ("", "median", "p95", "queries", "bytes", "small: median", "queries", "times as long")


def table(large: Sequence[Visit], small: Mapping[str, Visit]) -> Iterator[str]:
    """A line for each page of the large office, with the small office's beside it."""
    return aligned([HEADER, *(_line(one, small.get(one.name)) for one in large)])


def rows(case: str, visits: Sequence[Visit]) -> Iterator[dict[str, Any]]:
    """Each page as a row."""
    return ({"case": case, **asdict(one)} for one in visits)


def _line(one: Visit, small: Visit | None) -> tuple[str, ...]:
    beside = (
        (f"{small.median:.1f} ms", f"{small.queries}", f"{one.median / small.median:.1f}") if small else ("", "", "")
    )
    return (one.name, f"{one.median:.1f} ms", f"{one.p95:.1f} ms", f"{one.queries}", f"{one.size:,}", *beside)
