"""A round as it stands: how far it is, what it found, and what other weights would find."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Count, F, Q, Sum

from accounts import clock
from accounts.models import Intergroup, Policy
from matching import engine
from matching.models import PairOutcome, Round, RoundKind
from matching.queries import solving
from matching.queries.everybody import everybody, policy, snapshot
from matching.states import RoundPartState


@dataclass(frozen=True)
class Progress:
    """How far a round is: parts, and people in them, that are solved of all. ``elapsed`` runs from its beginning."""

    parts: int
    parts_solved: int
    people: int
    people_solved: int
    elapsed: timedelta


@dataclass(frozen=True)
class WhatIf:
    """What a round would find with other weights: scores in thousandths of a point.

    ``moved``: of those who wait, how many would get another sponsor, or none, than by the intergroup's own weights.
    """

    found: solving.Found
    served: int
    left: int
    mean: int | None
    fairness: engine.Fairness
    moved: int


@dataclass(frozen=True)
class Published:
    """What became of a round's pairs so far: proposed, overtaken since the preview, and those still to come."""

    proposed: int
    changed: int
    waiting: int

    @property
    def all(self) -> int:
        """How many pairs there are; none once they are forgotten."""
        return self.proposed + self.changed + self.waiting


def progress(round_: Round) -> Progress:
    """How far a round is; one query."""
    solved = Q(state=RoundPartState.SOLVED)
    people = F("newcomers") + F("sponsors")
    sums = round_.parts.aggregate(
        parts=Count("pk"), parts_solved=Count("pk", filter=solved), all=Sum(people), solved=Sum(people, filter=solved)
    )
    return Progress(
        parts=sums["parts"],
        parts_solved=sums["parts_solved"],
        people=sums["all"] or 0,
        people_solved=sums["solved"] or 0,
        elapsed=max(clock.now() - round_.began_at, timedelta()),
    )


def published(round_: Round) -> Published:
    """How far publishing is."""
    counts = dict(round_.pairs.order_by().values_list("outcome").annotate(Count("pk")))
    changed = counts.get(PairOutcome.OVERTAKEN, 0) + counts.get(PairOutcome.UNFIT, 0)
    return Published(counts.get(PairOutcome.PROPOSED, 0), changed, counts.get(PairOutcome.WAITING, 0))


def stored(round_: Round) -> solving.Found:
    """What the rows of a round say, as the checker takes it: three queries."""
    pairs, left, loads = list(round_.pairs.all()), list(round_.left_over.all()), list(round_.loads.all())
    assignments = sorted(
        (engine.Assignment(one.newcomer_id, one.sponsor_id, one.score) for one in pairs), key=lambda one: one.newcomer
    )
    over = sorted(
        (
            engine.Left(one.newcomer_id, one.eligible, {engine.Rule(rule): n for rule, n in one.excluded.items()})
            for one in left
        ),
        key=lambda one: one.newcomer,
    )
    if round_.kind == RoundKind.STABLE:
        return engine.StableRound(tuple(assignments), tuple(over))
    bought = {one.newcomer_id: one.price for one in pairs} | {one.newcomer_id: one.price for one in left}
    certificate = engine.Certificate(
        round_.service or 0,
        {one: price for one, price in bought.items() if price},
        {one.sponsor_id: one.price for one in loads if one.price},
        round_.bound or 0,
    )
    return engine.Round(tuple(assignments), tuple(over), certificate)


def what_if(
    intergroup: Intergroup, weights: Mapping[str, int], *, kind: str = RoundKind.BEST, tried: Policy | None = None
) -> WhatIf:
    """Find what a round would find with other weights; nothing is written, and the database would refuse it.

    Args:
        weights: Points by component that replace the intergroup's own.
        tried: What to go by in place of the intergroup's policy.

    Raises:
        ValueError: A weight is negative, or of no component.
    """
    with snapshot():
        people = everybody(intergroup, weights=weights, tried=tried)
        own = policy(intergroup)
    then = engine.Part(tuple(people.newcomers), tuple(people.sponsors), people.facts)
    now = replace(then, facts=replace(people.facts, policy=own))
    found, usual = solving.solve(kind, then), solving.solve(kind, now)
    given = {one.newcomer: one.sponsor for one in found.assignments}
    usually = {one.newcomer: one.sponsor for one in usual.assignments}
    return WhatIf(
        found=found,
        served=len(given),
        left=len(found.left),
        mean=sum(one.score for one in found.assignments) // len(given) if given else None,
        fairness=engine.fairness(then.newcomers, then.sponsors, found, now=then.facts.now),
        moved=sum(given.get(one.id) != usually.get(one.id) for one in then.newcomers),
    )
