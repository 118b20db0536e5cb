"""Suggestions for one newcomer: the exact best few, why there is nobody, and one pair looked at again."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from matching.engine import explain
from matching.engine.columns import Rows
from matching.engine.people import Component, Person
from matching.engine.pool import Ask, Facts, Pool
from matching.engine.rules import KEPT, RULES, Rule, eligible, first_broken
from matching.engine.scoring import COMPONENTS, parts
from matching.engine.week import Whole

ADJUSTABLE = (Rule.WAY_TO_MEET, Rule.DISTANCE, Rule.HOURS)
"""What a newcomer may be asked to widen: never gender, a language, a need or anything else about safety."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sponsor for a newcomer.

    Attributes:
        sponsor: The sponsor's id.
        score: Thousandths of a point; parts: the same by component, summing to it.
        for_newcomer: What to tell the newcomer about the sponsor, best first; for_sponsor: the other way round.
    """

    sponsor: UUID
    score: int
    parts: Mapping[Component, int]
    for_newcomer: tuple[explain.Reason, ...]
    for_sponsor: tuple[explain.Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one pair: the first rule broken, or None and then the suggestion."""

    broken: Rule | None
    suggestion: Suggestion | None

    @property
    def eligible(self) -> bool:
        return self.broken is None


def suggest(newcomer: Person, pool: Pool, k: int = 3, *, without: Collection[UUID] = frozenset()) -> list[Suggestion]:
    """Find the k best sponsors, best first; fewer when fewer are eligible.

    Equal scores go to the fewest sponsees, then to the longest since the last offer (never comes first), then by id, so
    that the answer does not depend on the order of the pool. Those in `without` are left out as if they were not there.

    Raises:
        UnknownZoneError: The newcomer's zone does not exist.
    """
    ask = pool.ask(newcomer)
    rows = _others(ask, eligible(ask), without)
    scored = parts(ask, rows)
    return [_suggestion(ask, int(rows[at]), scored[:, at]) for at in _best(ask, rows, scored.sum(axis=0), k)]


def why_nobody(newcomer: Person, pool: Pool, *, without: Collection[UUID] = frozenset()) -> dict[Rule, int]:
    """Count the sponsors whom each rule was the first to exclude, in the order of the rules, zeros left out.

    For coordinators and logs: a newcomer is told `what_would_help` instead, since counts tell who exists.
    """
    ask = pool.ask(newcomer)
    counts = Counter(first_broken(ask, _others(ask, pool.rows, without)).tolist())
    return {rule: counts[at] for at, rule in enumerate(RULES) if counts[at]}


def what_would_help(newcomer: Person, pool: Pool, *, without: Collection[UUID] = frozenset()) -> list[Rule]:
    """Name the adjustable rules that alone keep at least one sponsor from this newcomer."""
    ask = pool.ask(newcomer)
    others = [rule for rule in RULES if rule not in ADJUSTABLE]
    rows = _others(ask, pool.rows, without)
    rows = rows[first_broken(ask, rows, others) == KEPT]
    broken = np.array([first_broken(ask, rows, [rule]) != KEPT for rule in ADJUSTABLE])
    alone = broken & (broken.sum(axis=0) == 1)
    return [rule for rule, some in zip(ADJUSTABLE, alone.any(axis=1), strict=True) if some]


def recheck(newcomer: Person, sponsor: Person, facts: Facts) -> Verdict:
    """Look at exactly one pair, by the same rules and components as a whole pool.

    For the transaction that sends an offer: it reads both people afresh, so that a stale pool can do no harm.

    Raises:
        UnknownZoneError: One of the zones does not exist.
        ValueError: `facts.monday` is not a Monday.
    """
    pool = Pool.of([sponsor], facts)
    ask = pool.ask(newcomer)
    broken = int(first_broken(ask, pool.rows)[0])
    if broken != KEPT:
        return Verdict(RULES[broken], None)
    return Verdict(None, _suggestion(ask, 0, parts(ask, pool.rows)[:, 0]))


def _others(ask: Ask, rows: Rows, without: Collection[UUID]) -> Rows:
    """Those of the rows who are not to be left out."""
    return rows[~ask.sponsors.among(rows, frozenset(without))]


def _best(ask: Ask, rows: Rows, scores: Whole, k: int) -> Rows:
    """Positions in `rows` of the k best. Only those that reach the k-th score are sorted."""
    if k <= 0:
        return np.empty(0, dtype=np.intp)
    near = np.arange(len(rows), dtype=np.intp)
    if len(rows) > k:
        near = np.flatnonzero(scores >= np.partition(scores, len(rows) - k)[len(rows) - k])
    at, many = rows[near], ask.sponsors
    keys = (many.id_low[at], many.id_high[at], many.last_offer[at], many.seats_taken[at], -scores[near])
    return near[np.lexsort(keys)[:k]]


def _suggestion(ask: Ask, row: int, scored: Whole) -> Suggestion:
    points = dict(zip(COMPONENTS, scored.tolist(), strict=True))
    return Suggestion(
        sponsor=ask.pool.members[row].id,
        score=sum(points.values()),
        parts=points,
        for_newcomer=explain.for_newcomer(ask, row, points),
        for_sponsor=explain.for_sponsor(ask, row, points),
    )
