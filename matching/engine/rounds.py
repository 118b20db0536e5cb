"""Everybody at once: the round that serves the most people and, among those, has the highest total.

The parts of a field that nobody can cross are solved apart, and their certificates add up.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from matching.engine.edges import Field
from matching.engine.optimum import Solved, common_worth, solve
from matching.engine.outcome import Assignment, Certificate, Left, Round
from matching.engine.people import Person
from matching.engine.pool import Pool
from matching.engine.suggest import why_nobody


def match_round(
    newcomers: Sequence[Person],
    pool: Pool,
    *,
    service: int | None = None,
    still_wanted: Callable[[], bool] | None = None,
) -> Round:
    """Find the best round, with its certificate. It does not depend on the order of newcomers or pool.

    Args:
        newcomers: Who asks; nobody twice.
        pool: Who may sponsor; nobody twice.
        service: What serving anybody is worth; by default just enough. Parts of one round need one worth in common,
            that of the whole (see `parts`).
        still_wanted: Asked between passes; once it says no, the work ends.

    Raises:
        UnknownZoneError: A newcomer's zone does not exist.
        ValueError: Somebody is there twice on one side, or scores could outweigh the service.
        OverflowError: So many people or so high weights that sums would not be exact.
        Cancelled: The round is not wanted any more.
    """
    field = Field.of(newcomers, pool)
    service = common_worth(field, service)
    solved = [solve(island, service=service, still_wanted=still_wanted) for island in field.islands()]
    return Round(
        assignments=tuple(sorted(_assignments(solved), key=lambda one: one.newcomer)),
        left=tuple(_left_over(field, solved)),
        certificate=_certificate(solved, service),
    )


def _assignments(solved: Iterable[Solved]) -> Iterator[Assignment]:
    for part in solved:
        for newcomer, sponsor, score in zip(part.served.tolist(), part.by.tolist(), part.scores.tolist(), strict=True):
            yield Assignment(part.field.newcomers[newcomer].id, part.field.sponsor_id(sponsor), score)


def _left_over(field: Field, solved: Sequence[Solved]) -> Iterator[Left]:
    eligible: dict[UUID, int] = {}
    served: set[UUID] = set()
    for part in solved:
        eligible |= zip((one.id for one in part.field.newcomers), part.eligible.tolist(), strict=True)
        served |= {part.field.newcomers[at].id for at in part.served}
    for one in field.newcomers:
        if one.id not in served:
            count = eligible.get(one.id, 0)
            yield Left(one.id, count, {} if count else why_nobody(one, field.pool))


def _certificate(solved: Iterable[Solved], service: int) -> Certificate:
    newcomers: dict[UUID, int] = {}
    sponsors: dict[UUID, int] = {}
    bound = 0
    for part in solved:
        asked, seats = part.prices.newcomers.tolist(), part.prices.sponsors.tolist()
        newcomers |= {one.id: price for one, price in zip(part.field.newcomers, asked, strict=True) if price}
        sponsors |= {part.field.sponsor_id(at): price for at, price in enumerate(seats) if price}
        bound += sum(asked) + sum(price * free for price, free in zip(seats, part.field.seats.tolist(), strict=True))
    return Certificate(service, newcomers, sponsors, bound)
