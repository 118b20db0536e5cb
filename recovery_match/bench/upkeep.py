"""What keeping up costs: the pool after people changed."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from matching.engine import Person, Pool
from recovery_match.bench.crowd import NOW, crowd
from recovery_match.bench.measure import seconds_of

CHANGES = 100
TIMES = 5


def catching_up(pool: Pool, sponsors: list[Person]) -> list[float]:
    """Seconds that the pool takes to hear of 100 changes, each time others: 80 changed, 10 came, 10 went."""
    return [seconds_of(_changes(pool, sponsors, time)) for time in range(TIMES)]


def _changes(pool: Pool, sponsors: list[Person], time: int) -> Callable[[], Pool]:
    some = Random(time).sample(sponsors, min(CHANGES - CHANGES // 10, len(sponsors)))
    stay, go = some[CHANGES // 10 :], some[: CHANGES // 10]
    _, come = crowd(0, CHANGES // 10, seed=1000 + time)
    changed = [replace(one, seats_taken=0, confirmed_at=NOW, week=one.week | 1 << 19) for one in stay]
    gone = [one.id for one in go]
    return lambda: pool.changed([*changed, *come], gone)
