"""A solved round that is mended as people come and go, one by one. Done in a child process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from matching.engine import Pool, Round, Standing, match_round
from recovery_match.bench.crowd import facts
from recovery_match.bench.measure import measured, seconds_of
from recovery_match.bench.pairs import bonuses
from recovery_match.bench.ways import ours
from recovery_match.bench.ways.market import Crowd

TIMES = 40
"""How often each kind of change is made."""

WARM = 60
"""People on each side of the round that warms up."""

Step = tuple[str, Callable[[], None]]


@dataclass(frozen=True, kw_only=True)
class MendTask:
    """Which round is solved and then mended."""

    newcomers: int
    sponsors: int
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class MendAnswer:
    """What it took.

    Attributes:
        solved_seconds: Solving the round, to be kept; shown_seconds: reading it once at the end, with its certificate.
        changes: Seconds of each change by kind, with those of laying out whoever comes.
        same: Whether as many are served as well as by the round solved anew at the end.
    """

    solved_seconds: float
    shown_seconds: float
    same: bool
    changes: dict[str, list[float]] = field(default_factory=dict)


def mend(task: MendTask) -> MendAnswer:
    """Solve a round, change it step by step, and hold it against the round solved anew."""
    _mended(MendTask(newcomers=WARM, sponsors=WARM, seed=0))
    return _mended(task)


def _mended(task: MendTask) -> MendAnswer:
    times = min(TIMES, task.newcomers, task.sponsors)
    everybody = Crowd.drawn(task.newcomers + times, task.sponsors + times, seed=task.seed)
    pool = Pool.of(everybody.sponsors[times:], facts())
    solved = measured(lambda: Standing(everybody.newcomers[times:], pool))
    changes: dict[str, list[float]] = {}
    for kind, change in _steps(solved.value, everybody, times):
        changes.setdefault(kind, []).append(seconds_of(change))
    shown = measured(solved.value.round)
    here = Crowd(
        everybody.newcomers[:times] + everybody.newcomers[2 * times :],
        everybody.sponsors[:times] + everybody.sponsors[2 * times :],
    )
    anew = match_round(here.newcomers, Pool.of(here.sponsors, facts()))
    return MendAnswer(
        solved_seconds=solved.seconds,
        shown_seconds=shown.seconds,
        same=_worth(here, shown.value) == _worth(here, anew),
        changes=changes,
    )


def _steps(standing: Standing, everybody: Crowd, times: int) -> Iterator[Step]:
    """The first of everybody come, and as many of those who were there go."""
    for at in range(times):
        come, go = everybody.newcomers[at], everybody.newcomers[times + at]
        gives, takes = everybody.sponsors[at], everybody.sponsors[times + at]
        yield "a newcomer joins", partial(standing.join, come)
        yield "leaves", partial(standing.leave, go.id)
        yield "a sponsor joins", partial(standing.sponsor_joins, gives)
        yield "leaves with their seats", partial(standing.sponsor_leaves, takes.id)


def _worth(crowd: Crowd, found: Round) -> tuple[int, int]:
    choice = ours.read(crowd, found)
    return len(choice.scores), int(choice.scores.sum() + bonuses(crowd.newcomers)[choice.newcomers].sum())
