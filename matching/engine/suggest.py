"""Suggestions for one newcomer: the exact best few, why there is nobody, and one pair looked at again."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from matching.engine import explain
from matching.engine.best import best_few
from matching.engine.broken import KEPT, first_broken
from matching.engine.closer import PARTS, closely
from matching.engine.columns import ids_of
from matching.engine.facts import Facts
from matching.engine.people import Component, Person
from matching.engine.pool import Pool
from matching.engine.rules import RULES, Rule
from matching.engine.scene import Ask
from matching.engine.scoring import COMPONENTS
from matching.engine.week import Whole

ADJUSTABLE = (Rule.WAY_TO_MEET, Rule.DISTANCE, Rule.HOURS)
"""What a newcomer may be asked to widen: never gender, a language, a need or anything else about safety."""

NOBODY: frozenset[UUID] = frozenset()


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


def suggest(newcomer: Person, pool: Pool, k: int = 3, *, without: Collection[UUID] = NOBODY) -> list[Suggestion]:
    """Find the k best sponsors, best first; fewer when fewer are eligible.

    Equal scores go to the fewest sponsees, then to the longest since the last offer (never comes first), then by id, so
    that the answer does not depend on the order of the pool.

    Args:
        newcomer: Who asks.
        pool: Who may sponsor.
        k: How many at most.
        without: Sponsors to leave out as if they were not there.

    Raises:
        UnknownZoneError: The newcomer's zone does not exist.
    """
    if k <= 0 or not len(pool):
        return []
    ask = pool.ask(newcomer, without)
    rows = best_few(ask.scene, pool.glance, min(k, len(pool)))
    return _suggestions(ask, pool, rows)


def why_nobody(newcomer: Person, pool: Pool, *, without: Collection[UUID] = NOBODY) -> dict[Rule, int]:
    """Count the sponsors whom each rule was the first to exclude, in the order of the rules, zeros left out.

    For coordinators and logs: a newcomer is told `what_would_help` instead, since counts tell who exists.
    """
    ask = pool.ask(newcomer)
    counts = Counter(first_broken(ask, pool.rows_without(without)).tolist())
    return {rule: counts[at] for at, rule in enumerate(RULES) if counts[at]}


def excluded_by(
    rule: Rule, newcomer: Person, pool: Pool, *, among: Sequence[Rule] = RULES, without: Collection[UUID] = NOBODY
) -> list[UUID]:
    """Name the sponsors of whom this rule is the first that excludes them, of those `among` which it is, in order."""
    ask, rows = pool.ask(newcomer), pool.rows_without(without)
    return ids_of(pool.people.rows, rows[first_broken(ask, rows, among) == RULES.index(rule)])


def what_would_help(newcomer: Person, pool: Pool, *, without: Collection[UUID] = NOBODY) -> list[Rule]:
    """Name the adjustable rules that alone keep at least one sponsor from this newcomer."""
    ask, rows = pool.ask(newcomer), pool.rows_without(without)
    others = [rule for rule in RULES if rule not in ADJUSTABLE]
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
    return Verdict(None, _suggestions(ask, pool, pool.rows)[0])


def _suggestions(ask: Ask, pool: Pool, rows: Whole) -> list[Suggestion]:
    teller, found = explain.Teller(ask, pool), []
    sponsors = ids_of(pool.people.rows, rows)
    for sponsor, row, seen in zip(sponsors, rows.tolist(), closely(ask, rows).tolist(), strict=True):
        points = dict(zip(COMPONENTS, seen[:PARTS], strict=True))
        for_newcomer, for_sponsor = teller.reasons(row, seen)
        found.append(Suggestion(sponsor, sum(seen[:PARTS]), points, for_newcomer, for_sponsor))
    return found
