"""Everybody at once: the round that serves the most people and, among those, has the highest total.

The parts of a field that nobody can cross are solved apart, and their certificates add up.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import numpy as np

from matching.engine.edges import Field, processors
from matching.engine.optimum import Solved, service_worth, solve, wanted
from matching.engine.outcome import Assignment, Certificate, Left, Round
from matching.engine.people import Person
from matching.engine.pool import Pool
from matching.engine.suggest import why_nobody


def match_round(
    newcomers: Sequence[Person],
    pool: Pool,
    *,
    service: int | None = None,
    still_wanted: Callable[[], bool] = wanted,
) -> Round:
    """Find the best round, with its certificate. It does not depend on the order of newcomers or pool.

    Args:
        newcomers: Who asks; nobody twice.
        pool: Who may sponsor; nobody twice.
        service: What serving anybody is worth, for a part of a larger round; by default enough for this one.
        still_wanted: Asked now and then; when it says no, the round is given up.

    Raises:
        UnknownZoneError: A newcomer's zone does not exist.
        ValueError: Somebody is there twice on one side.
        OverflowError: So many people or so high weights that sums would not be exact.
        Cancelled: It is no longer wanted.
    """
    field = Field.of(newcomers, pool)
    worth = service_worth(len(newcomers), pool.facts) if service is None else service
    with ThreadPoolExecutor(processors()) as threads:
        solved = list(threads.map(partial(solve, service=worth, still_wanted=still_wanted), field.islands()))
    return Round(
        assignments=tuple(sorted(_assignments(solved), key=lambda one: one.newcomer)),
        left=tuple(_left_over(field, solved)),
        certificate=_certificate(solved, worth),
    )


def _assignments(solved: Iterable[Solved]) -> Iterator[Assignment]:
    for part in solved:
        for newcomer, sponsor, score in zip(part.served.tolist(), part.by.tolist(), part.scores.tolist(), strict=True):
            yield Assignment(part.field.newcomers[newcomer].id, part.field.sponsor_id(sponsor), score)


def _left_over(field: Field, solved: Sequence[Solved]) -> Iterator[Left]:
    served = {part.field.newcomers[at].id for part in solved for at in part.served}
    places = np.array([at for at, one in enumerate(field.newcomers) if one.id not in served], dtype=np.intp)
    for at, count in zip(places.tolist(), field.count(places).tolist(), strict=True):
        one = field.newcomers[at]
        yield Left(one.id, count, {} if count else why_nobody(one, field.pool))


def _certificate(solved: Iterable[Solved], service: int) -> Certificate:
    newcomers: dict[UUID, int] = {}
    sponsors: dict[UUID, int] = {}
    bound = 0
    for part in solved:
        asked, seats = part.gains.tolist(), part.prices.tolist()
        newcomers |= {one.id: price for one, price in zip(part.field.newcomers, asked, strict=True) if price}
        sponsors |= {part.field.sponsor_id(at): price for at, price in enumerate(seats) if price}
        bound += sum(asked) + sum(price * free for price, free in zip(seats, part.field.seats.tolist(), strict=True))
    return Certificate(service, newcomers, sponsors, bound)
