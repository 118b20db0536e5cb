"""Rounds once more, written plainly: every choice tried, or every pair scored and handed to scipy's dense solver."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching.engine import Facts, Person, Policy, recheck
from tests.engine.moments import NOW
from tests.engine.strategies import ORDINARY, persons, subsets, willing


@dataclass(frozen=True)
class Office:
    """Everything that a round is made from."""

    newcomers: list[Person]
    sponsors: list[Person]
    facts: Facts


def number(people: list[Person], first: int) -> list[Person]:
    """Give everybody an id of their own, in no order."""
    return [replace(person, id=UUID(int=first + 7 * at % 11)) for at, person in enumerate(people)]


BARRED = subsets(*((UUID(int=at), UUID(int=21)) for at in range(1, 12)), most=3)


@st.composite
def offices(draw: st.DrawFn, least: int = 0) -> Office:
    """A few newcomers and sponsors, mostly eligible, some blocks, any weights."""
    newcomers = number(draw(st.lists(willing, min_size=least, max_size=5)), 1)
    sponsors = number(draw(st.lists(willing | willing | persons, min_size=least, max_size=4)), 21)
    barred = draw(BARRED)
    policy = draw(st.sampled_from((Policy(), Policy(weights={}), Policy(waiting_bonus=1000))))
    return Office(newcomers, sponsors, Facts(now=NOW, monday=ORDINARY, policy=policy, barred=barred))


def bonus(newcomer: Person, policy: Policy, now: datetime = NOW) -> int:
    days = (now - newcomer.waiting_since).days if newcomer.waiting_since else 0
    return min(policy.waiting_bonus * max(days, 0), 999)


def table(office: Office) -> dict[tuple[UUID, UUID], int]:
    """The score of each eligible pair, judged alone."""
    found = {}
    for newcomer in office.newcomers:
        for sponsor in office.sponsors:
            suggestion = recheck(newcomer, sponsor, office.facts).suggestion
            if suggestion:
                found[newcomer.id, sponsor.id] = suggestion.score
    return found


def best(office: Office) -> tuple[int, int]:
    """Try every choice: the most people served, and then the highest total with the bonus."""
    scores = table(office)
    free = {one.id: one.seats - one.seats_taken for one in office.sponsors}

    def tries(at: int) -> Iterator[tuple[int, int]]:
        if at == len(office.newcomers):
            yield 0, 0
            return
        newcomer = office.newcomers[at]
        yield max(tries(at + 1))
        for sponsor in free:
            if (newcomer.id, sponsor) in scores and free[sponsor] > 0:
                free[sponsor] -= 1
                served, total = max(tries(at + 1))
                free[sponsor] += 1
                yield served + 1, total + scores[newcomer.id, sponsor] + bonus(newcomer, office.facts.policy)

    return max(tries(0))


def dense(office: Office) -> tuple[int, int]:
    """The same by scipy's dense solver, each seat a column, whoever is left on a column of nothing."""
    scores = table(office)
    seats = [one.id for one in office.sponsors for _ in range(one.seats - one.seats_taken)]
    served_worth = 10**9
    worth = np.zeros((len(office.newcomers), len(seats) + len(office.newcomers)), dtype=np.int64)
    for row, newcomer in enumerate(office.newcomers):
        for column, sponsor in enumerate(seats):
            if (newcomer.id, sponsor) in scores:
                score = scores[newcomer.id, sponsor]
                worth[row, column] = served_worth + score + bonus(newcomer, office.facts.policy)
    total = int(worth[linear_sum_assignment(worth, maximize=True)].sum())
    return divmod(total, served_worth)
