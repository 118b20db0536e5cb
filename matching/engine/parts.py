"""A round taken apart, so that its parts can be solved by different machines, and put together again.

Everything here is plain values: a part goes through `wire` to whoever solves it, and its round comes back. Solved by
whomever and in whatever order, the parts make the same round.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from matching.engine.edges import Field
from matching.engine.facts import Facts
from matching.engine.optimum import service_worth
from matching.engine.outcome import Assignment, Certificate, Left, Round, StableRound
from matching.engine.people import Person
from matching.engine.pool import Pool
from matching.engine.suggest import why_nobody


@dataclass(frozen=True)
class Part:
    """People who can be matched with one another only, and as much of the facts as concerns them."""

    newcomers: tuple[Person, ...]
    sponsors: tuple[Person, ...]
    facts: Facts


def split(newcomers: Sequence[Person], sponsors: Sequence[Person], facts: Facts) -> list[Part]:
    """Part people where no hard rule of kind, such as fellowship or language, lets anybody across.

    Newcomers for whom these rules leave nobody are in no part, nor are sponsors who cannot take anybody.

    Raises:
        UnknownZoneError: A person's zone does not exist.
        ValueError: Somebody is there twice on one side.
    """
    by_id = {one.id: one for one in sponsors}
    parts = []
    for island in Field.of(newcomers, Pool.of(sponsors, facts)).islands():
        others = tuple(by_id[island.sponsor_id(place)] for place in range(len(island.rows)))
        parts.append(Part(island.newcomers, others, concerning(island.newcomers, others, facts)))
    return parts


def concerning(newcomers: Sequence[Person], sponsors: Sequence[Person], facts: Facts) -> Facts:
    """Keep as much of the facts as matters to these people: the blocks between them, and the lines of sponsorship that
    begin with one of the newcomers."""
    asking, offering = {one.id for one in newcomers}, {one.id for one in sponsors}
    barred = {
        (one, other)
        for one, other in facts.barred
        if (one in asking and other in offering) or (other in asking and one in offering)
    }
    below: set[UUID] = set()
    for one in asking - below:
        below |= facts.lineage(one)
    chain = {sponsee: frozenset(of & below) for sponsee, of in facts.chain.items() if of & below}
    return Facts(now=facts.now, monday=facts.monday, policy=facts.policy, barred=frozenset(barred), chain=chain)


def service_of(newcomers: Sequence[Person], facts: Facts) -> int:
    """What serving anybody is worth in a round of these newcomers: more than all that scores can add up to.

    Raises:
        OverflowError: So many people or so high weights that sums would not be exact.
    """
    return service_worth(len(newcomers), facts)


def join(
    rounds: Iterable[Round], newcomers: Sequence[Person], sponsors: Sequence[Person], facts: Facts, *, service: int
) -> Round:
    """Put the rounds of all parts together; the certificates add up.

    Args:
        rounds: One for each part, in any order.
        newcomers, sponsors, facts: The whole that was split.
        service: What serving anybody was worth in each part.

    Raises:
        ValueError: A part was solved with another worth, so that its prices mean something else.
    """
    every = list(rounds)
    if any(one.certificate.service != service for one in every):
        raise ValueError("a part was solved with another service")
    bought: dict[UUID, int] = {}
    sold: dict[UUID, int] = {}
    for one in every:
        bought |= one.certificate.newcomers
        sold |= one.certificate.sponsors
    certificate = Certificate(service, bought, sold, sum(one.certificate.bound for one in every))
    return Round(_assignments(every), _left(every, newcomers, Pool.of(sponsors, facts)), certificate)


def join_stable(
    rounds: Iterable[StableRound], newcomers: Sequence[Person], sponsors: Sequence[Person], facts: Facts
) -> StableRound:
    """Put the stable rounds of all parts together: no two of different parts may meet, so none would rather."""
    every = list(rounds)
    return StableRound(_assignments(every), _left(every, newcomers, Pool.of(sponsors, facts)))


def _assignments(rounds: Sequence[Round | StableRound]) -> tuple[Assignment, ...]:
    return tuple(sorted((pair for one in rounds for pair in one.assignments), key=lambda pair: pair.newcomer))


def _left(rounds: Sequence[Round | StableRound], newcomers: Sequence[Person], pool: Pool) -> tuple[Left, ...]:
    """Whoever had nobody eligible in their part is asked about once more: the part did not know all sponsors."""
    served = {pair.newcomer for one in rounds for pair in one.assignments}
    crowded: Mapping[UUID, Left] = {left.newcomer: left for one in rounds for left in one.left if left.eligible}
    rest = sorted((one for one in newcomers if one.id not in served), key=lambda one: one.id)
    return tuple(crowded.get(one.id) or Left(one.id, 0, why_nobody(one, pool)) for one in rest)
