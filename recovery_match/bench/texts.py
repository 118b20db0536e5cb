"""What was measured, as tables for people."""

import statistics
from collections.abc import Iterator, Sequence

from recovery_match.bench.alignment import Line, aligned
from recovery_match.bench.contest import Entry
from recovery_match.bench.growth import Size, exponent
from recovery_match.bench.mending import MendAnswer
from recovery_match.bench.one.answer import OneAnswer, WayAnswer
from recovery_match.bench.population import CrowdAnswer
from recovery_match.bench.ways.names import OURS

GROWN = 10_000
"""People from whom on a crowd is large: what a small one costs is mostly the same for all."""


def crowd_line(newcomers: int, sponsors: int, seed: int, crowd: CrowdAnswer) -> str:
    """Say what the crowd is like."""
    return (
        f"{newcomers:,} newcomers, {sponsors:,} sponsors with {crowd.seats:,} free seats, {crowd.areas:,} areas, "
        f"seed {seed}; {crowd.eligible:.1%} of all pairs are eligible (by {crowd.looked_at:,} newcomers)"
    )


def round_table(entries: Sequence[Entry]) -> Iterator[str]:
    """The ways beside ours: how many times our time and memory they take, and how much of our total they reach."""
    ours = next((one for one in entries if one.way == OURS and one.runs), None)
    head = ("way", "runs", "seconds", "to ours", "peak MB", "to ours", "served", "points", "to ours", "warm-up s")
    yield from aligned([head, *(_round_line(one, ours) for one in entries if one.runs)])
    yield from (f"{one.way}: left out, {one.left_out}" for one in entries if one.left_out)
    if ours and ours.certified is not None:
        said = "accepted by" if ours.certified else "REFUSED by, or not that of all runs:"
        yield f"ours: certificate {said} check_round, {ours.runs[0].check_seconds:.2f} s"


def _round_line(one: Entry, ours: Entry | None) -> Line:
    first, best = one.runs[0], ours.runs[0].worth if ours else 0
    return (
        one.way,
        str(len(one.runs)),
        f"{one.seconds:.3f}",
        _times(one.seconds, ours.seconds if ours else 0),
        f"{one.peak_mb:.0f}",
        _times(one.peak_mb, ours.peak_mb if ours else 0),
        f"{first.served:,}",
        f"{first.total / 1000:,.1f}",
        f"{first.worth / best:.3%}" if best else "-",
        f"{first.warm_seconds:.2f}",
    )


def mended_lines(answer: MendAnswer) -> Iterator[str]:
    """Each kind of change: the median, and what 95 of 100 stay below."""
    said = []
    for kind, seconds in answer.changes.items():
        median, high = statistics.median(seconds), sorted(seconds)[-1 - len(seconds) // 20]
        said.append(f"{kind} {median * 1000:.2f} ms (95 %: {high * 1000:.2f})")
    same = "as good as" if answer.same else "NOT as good as"
    yield f"mended: {', '.join(said)}"
    yield (
        f"mended: kept after {answer.solved_seconds:.2f} s, shown in {answer.shown_seconds:.2f} s; after all changes "
        f"{same} solved anew"
    )


def one_table(answer: OneAnswer) -> Iterator[str]:
    """The ways beside ours."""
    ours = statistics.median(answer.ways[OURS].seconds)
    head = ("way", "runs", "ms", "to ours", "peak MB", "found", "same as ours")
    yield from aligned([head, *(_one_line(name, one, ours) for name, one in answer.ways.items() if one.seconds)])
    yield from (f"{name}: left out, {one.left_out}" for name, one in answer.ways.items() if one.left_out)
    yield (
        f"pool: laid out in {answer.pool_seconds:.2f} s, {answer.pool_bytes:.0f} bytes a sponsor in columns "
        f"(the process grew by {answer.held_bytes:.0f})"
    )
    yield f"pool: catches up with 100 changes in {statistics.median(answer.catching_up) * 1000:.2f} ms"
    if answer.index_mb is not None:
        yield f"postgres-covering: the index takes {answer.index_mb:.0f} MB in the server"


def _one_line(name: str, one: WayAnswer, ours: float) -> Line:
    median = statistics.median(one.seconds)
    return (
        name,
        str(len(one.seconds)),
        f"{median * 1000:.3f}",
        _times(median, ours),
        "-" if one.peak_mb is None else f"{one.peak_mb:.1f}",
        f"{one.served:,}",
        "yes" if one.agrees else "NO",
    )


def growth_table(sizes: Sequence[Size]) -> Iterator[str]:
    """Each size, and the exponents of each column: from the smallest size on, and from crowds that are large."""
    columns = {
        "round s": [one.seconds for one in sizes],
        "peak MB": [one.peak_mb for one in sizes],
        "one newcomer ms": [one.one_seconds * 1000 for one in sizes],
    }
    people = [one.people for one in sizes]
    lines = [
        (f"{many:,}", *(f"{value:,.3f}" for value in values))
        for many, *values in zip(people, *columns.values(), strict=True)
    ]
    begins = sorted({max(begin, min(people)) for begin in (0, GROWN)}) if people else []
    fitted = [_exponents(begin, people, list(columns.values())) for begin in begins]
    yield from aligned([("people on each side", *columns), *lines, *fitted])


def _exponents(begin: int, people: Sequence[int], columns: Sequence[Sequence[float]]) -> Line:
    kept = [at for at, many in enumerate(people) if many >= begin]
    found = (exponent([(people[at], values[at]) for at in kept]) for values in columns)
    return f"exponent from {begin:,} on", *("-" if one is None else f"{one:.2f}" for one in found)


def _times(value: float, ours: float) -> str:
    return f"{value / ours:.2f} x" if ours else "-"
