"""Everybody at once: the round that serves the most people and, among those, has the highest total.

The parts of a field that nobody can cross are solved apart, and their certificates add up.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import itemgetter
from uuid import UUID

import numpy as np

from matching.engine.columns import ids_of
from matching.engine.edges import Field, processors
from matching.engine.optimum import Solved, common_worth, solve, wanted
from matching.engine.outcome import Assignment, Certificate, Left, Round
from matching.engine.people import Person
from matching.engine.pool import Pool
from matching.engine.suggest import why_nobody


def match_round(
    newcomers: Sequence[Person],
    pool: Pool,
    *,
    service: int | None = None,
    before: Round | None = None,
    still_wanted: Callable[[], bool] = wanted,
) -> Round:
    """Find the best round, with its certificate. It does not depend on the order of newcomers or pool.

    Args:
        newcomers: Who asks; nobody twice.
        pool: Who may sponsor; nobody twice.
        service: What serving anybody is worth, for a part of a larger round; by default enough for this one.
        before: An earlier round of some of these people, solved with the same `service`: it is mended, which is quicker
            when few have come, left or changed since, and just as good.
        still_wanted: Asked now and then; when it says no, the round is given up.

    Raises:
        UnknownZoneError: A newcomer's zone does not exist.
        ValueError: Somebody is there twice on one side, or scores could outweigh the service.
        OverflowError: So many people or so high weights that sums would not be exact.
        Cancelled: It is no longer wanted.
    """
    field = Field.of(newcomers, pool)
    worth = common_worth(len(newcomers), pool.facts, service)
    islands, work = field.islands(), partial(solve, service=worth, before=before, still_wanted=still_wanted)
    if len(islands) > 1:
        with ThreadPoolExecutor(processors()) as threads:
            solved = list(threads.map(work, islands))
    else:
        solved = [work(island) for island in islands]
    names = [ids_of(field.pool.people.rows, part.field.rows) for part in solved]
    return Round(
        assignments=tuple(_assignments(field, solved, names)),
        left=tuple(_left_over(field, solved)),
        certificate=_certificate(solved, names, worth),
    )


def _assignments(field: Field, solved: Sequence[Solved], names: Sequence[list[UUID]]) -> Iterator[Assignment]:
    found = [
        (at, sponsors[by], score)
        for part, sponsors in zip(solved, names, strict=True)
        for at, by, score in zip(
            part.field.at[part.served].tolist(), part.by.tolist(), part.scores.tolist(), strict=True
        )
    ]
    for at, sponsor, score in sorted(found, key=itemgetter(0)):
        yield Assignment(field.newcomers[at].id, sponsor, score)


def _left_over(field: Field, solved: Sequence[Solved]) -> Iterator[Left]:
    over = np.ones(len(field.newcomers), dtype=np.bool_)
    for part in solved:
        over[part.field.at[part.served]] = False
    places = np.flatnonzero(over)
    for at, count in zip(places.tolist(), field.count(places).tolist(), strict=True):
        one = field.newcomers[at]
        yield Left(one.id, count, {} if count else why_nobody(one, field.pool))


def _certificate(solved: Sequence[Solved], names: Sequence[list[UUID]], service: int) -> Certificate:
    newcomers: dict[UUID, int] = {}
    sponsors: dict[UUID, int] = {}
    bound = 0
    for part, known in zip(solved, names, strict=True):
        asked, seats = part.gains.tolist(), part.prices.tolist()
        newcomers |= {one.id: price for one, price in zip(part.field.newcomers, asked, strict=True) if price}
        sponsors |= {name: price for name, price in zip(known, seats, strict=True) if price}
        bound += sum(asked) + sum(price * free for price, free in zip(seats, part.field.seats.tolist(), strict=True))
    return Certificate(service, newcomers, sponsors, bound)
