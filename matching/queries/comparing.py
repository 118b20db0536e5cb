"""Settings side by side: the same people, read once, matched by each; nothing is written, and nothing is locked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from accounts.models import Intergroup, Policy, Profile, User
from matching import engine
from matching.queries.everybody import everybody, snapshot

Weights = Mapping[str, int]


@dataclass(frozen=True)
class Tried:
    """What a round would find by one setting: scores in thousandths of a point."""

    found: engine.Round
    fairness: engine.Fairness

    @cached_property
    def given(self) -> dict[UUID, UUID]:
        """Newcomer -> sponsor."""
        return {one.newcomer: one.sponsor for one in self.found.assignments}

    @property
    def mean(self) -> int | None:
        """The mean score, rounded down; None when nobody is served."""
        return self.found.total // len(self.given) if self.given else None

    @property
    def nobody_fits(self) -> int:
        """How many are left over since no sponsor with a free seat fits; the others' sponsors are needed elsewhere."""
        return sum(not one.eligible for one in self.found.left)

    @cached_property
    def loads(self) -> Counter[int]:
        """How many sponsors get so many people each."""
        return Counter(Counter(self.given.values()).values())


@dataclass(frozen=True)
class Differing:
    """Somebody whom the settings bring together with different sponsors, in the order of the settings; None: with
    nobody."""

    newcomer: UUID
    request: UUID
    sponsors: tuple[UUID | None, ...]


@dataclass(frozen=True)
class Comparison:
    """``differing``: the longest wait first; ``waiting``: how many wait."""

    tried: Mapping[str, Tried]
    differing: Sequence[Differing]
    waiting: int


def compare(
    intergroup: Intergroup, settings: Mapping[str, Weights], *, own: Policy | None = None, viewer: User | None = None
) -> Comparison:
    """Match everybody who waits by each setting; settings that are alike are worked out once.

    Args:
        settings: Points of all components, by the setting's name.
        own: The intergroup's policy, where it is known.
        viewer: Who looks: in whom somebody near them is, is for another coordinator and not told.

    Raises:
        ValueError: A weight is negative, or of no component.
    """
    with snapshot():
        people = everybody(intergroup, tried=own, viewer=viewer)
    pool = engine.Pool.of(people.sponsors, people.facts)
    known: dict[frozenset[tuple[str, int]], Tried] = {}
    tried = {}
    for name, weights in settings.items():
        key = frozenset(weights.items())
        if key not in known:
            points = {engine.Component(one): value for one, value in weights.items()}
            facts = replace(people.facts, policy=replace(people.facts.policy, weights=points))
            found = engine.match_round(people.newcomers, pool.under(facts))
            known[key] = Tried(found, engine.fairness(people.newcomers, people.sponsors, found, now=facts.now))
        tried[name] = known[key]
    order = sorted(people.newcomers, key=lambda one: (one.waiting_since is None, one.waiting_since, one.id))
    each = [(one.id, tuple(setting.given.get(one.id) for setting in tried.values())) for one in order]
    differing = [
        Differing(one, people.requests[one], some)
        for one, some in each
        if len(set(some)) > 1 and people.near.isdisjoint((one, *some))
    ]
    return Comparison(tried, differing, len(people.newcomers))


def names(differing: Sequence[Differing]) -> dict[UUID, str]:
    """First name and initial of everybody in these. One query."""
    ids = {one for each in differing for one in (each.newcomer, *each.sponsors) if one is not None}
    return {one.pk: one.display_name for one in Profile.objects.filter(pk__in=ids)}
