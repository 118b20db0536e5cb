"""How ours grows: time and memory of rounds, and time of one newcomer, from small crowds to large ones."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from recovery_match.bench.child import in_child
from recovery_match.bench.contest import Contest, Write
from recovery_match.bench.one.answer import OneTask, answer_one
from recovery_match.bench.ways.names import OURS

OFTEN = 10_000
"""Crowds up to this size are measured several times."""

EXPECTED_EXPONENT = 2.0
"""Of time, as long as nothing was measured."""

DOUBT = 0.3
"""Added to the exponent when telling beforehand how long a larger crowd may take."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """So many newcomers and as many sponsors: a round, and one newcomer."""

    people: int
    seconds: float
    peak_mb: float
    one_seconds: float


def measure(people: int, *, seed: int, write: Write) -> Size | None:
    """Measure one size; None if it cannot be done here."""
    runs = 3 if people <= OFTEN else 1
    contest = Contest(newcomers=people, sponsors=people, ways=[OURS], runs=runs, seed=seed, check=False, enough=None)
    (entry,) = contest.hold(lambda line: write(f"{line} ({people:,} x {people:,})"))
    if not entry.runs:
        return None
    one = in_child(answer_one, OneTask(sponsors=people, newcomers=60, runs=3, seed=seed)).ways[OURS]
    return Size(people=people, seconds=entry.seconds, peak_mb=entry.peak_mb, one_seconds=sorted(one.seconds)[1])


def expected_seconds(sizes: Sequence[Size], people: int) -> float:
    """How long a round of so many may take, judging by those so far."""
    last, seen = sizes[-1], exponent([(one.people, one.seconds) for one in sizes])
    times: float = (people / last.people) ** ((EXPECTED_EXPONENT if seen is None else seen) + DOUBT)
    return last.seconds * times


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of the line through the logarithms that has the least squares; None without two different sizes."""
    logs = [(math.log(size), math.log(value)) for size, value in points if value > 0]
    if len({size for size, _ in logs}) < 2:
        return None
    slope: float = statistics.linear_regression(*zip(*logs, strict=True)).slope
    return slope
