"""One way, one round, once: done in a child process."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from matching.engine import recheck
from recovery_match.bench.crowd import facts
from recovery_match.bench.measure import measured, seconds_of
from recovery_match.bench.pairs import bonuses
from recovery_match.bench.ways import names, ours
from recovery_match.bench.ways.market import Choice, Crowd

SAMPLE = 200
"""Pairs of each answer that the engine looks at again."""

WARM = 60
"""People on each side of the round that warms up."""


class NotSoError(RuntimeError):
    """A way chose what is not allowed, or says a score that is not so."""


@dataclass(frozen=True, kw_only=True)
class RoundTask:
    """What to solve, and by which way."""

    way: str
    newcomers: int
    sponsors: int
    seed: int = 1
    check: bool = False


@dataclass(frozen=True, kw_only=True)
class RoundAnswer:
    """What came of it.

    Attributes:
        warm_seconds: A small round before, in which libraries are loaded and what is compiled is compiled.
        total: Scores in thousandths of a point; worth: with the bonuses for waiting, which is what all maximise.
        pairs: A fingerprint of the choice.
        certified: Whether the checker accepted the certificate, in check_seconds, after a small one; None if it was not
            asked.
        missing: The package that is not here; then nothing else is there.
    """

    warm_seconds: float = 0.0
    seconds: float = 0.0
    peak_mb: float = 0.0
    served: int = 0
    total: int = 0
    worth: int = 0
    pairs: str = ""
    certified: bool | None = None
    check_seconds: float | None = None
    missing: str = ""


def solve_round(task: RoundTask) -> RoundAnswer:
    """Solve a round in a warm process, and look whether the answer is one.

    Raises:
        NotSoError: It is not.
    """
    ready = names.READY[task.way]
    try:
        warm = seconds_of(ready(Crowd.drawn(WARM, WARM, seed=0)))
    except ModuleNotFoundError as error:
        return RoundAnswer(missing=error.name or str(error))
    crowd = Crowd.drawn(task.newcomers, task.sponsors, seed=task.seed)
    done = measured(ready(crowd))
    choice = names.read(task.way, crowd, done.value)
    require_allowed(crowd, choice)
    total = int(choice.scores.sum())
    answer = RoundAnswer(
        warm_seconds=warm,
        seconds=done.seconds,
        peak_mb=done.peak_mb,
        served=len(choice.scores),
        total=total,
        worth=total + int(bonuses(crowd.newcomers)[choice.newcomers].sum()),
        pairs=_fingerprint(choice),
    )
    if not task.check or task.way != names.OURS:
        return answer
    small = Crowd.drawn(WARM, WARM, seed=0)
    ours.certified(small, ours.ours(small)())
    checked = measured(lambda: ours.certified(crowd, done.value))
    return replace(answer, certified=checked.value, check_seconds=checked.seconds)


def require_allowed(crowd: Crowd, choice: Choice) -> None:
    """See that nobody is served twice or beyond the seats, and that the engine says the same of some of the pairs.

    Raises:
        NotSoError: Something is not so.
    """
    if len(np.unique(choice.newcomers)) != len(choice.newcomers):
        raise NotSoError("a newcomer is served twice")
    for row, count in Counter(choice.sponsors.tolist()).items():
        if count > crowd.sponsors[row].seats - crowd.sponsors[row].seats_taken:
            raise NotSoError("a sponsor has more people than seats")
    some = Random(1).sample(range(len(choice.scores)), min(SAMPLE, len(choice.scores)))
    for at in some:
        pair = crowd.newcomers[choice.newcomers[at]], crowd.sponsors[choice.sponsors[at]]
        found = recheck(*pair, facts()).suggestion
        if found is None or found.score != choice.scores[at]:
            raise NotSoError("a pair is not eligible or its score is another")


def _fingerprint(choice: Choice) -> str:
    order = np.argsort(choice.newcomers)
    pairs = np.stack([choice.newcomers[order], choice.sponsors[order]]).astype(np.int64)
    return hashlib.sha256(pairs.tobytes()).hexdigest()[:16]
