"""What is true between and around people, beside the people themselves."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from matching.engine.people import Policy
from matching.engine.week import zone_of


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The moment, the policy, and who must not meet or sponsors whom.

    Attributes:
        now: The moment that days, pauses and waiting are counted to; aware.
        monday: First day of the week whose hours are compared.
        policy: What the intergroup decided.
        barred: Pairs of ids that must not meet: blocks and "not again". Either order; both directions are barred.
        chain: Sponsee id -> ids of their sponsors, over all living pairings.

    Raises:
        ValueError: `now` has no zone.
    """

    now: datetime
    monday: date
    policy: Policy = field(default_factory=Policy)
    barred: AbstractSet[tuple[UUID, UUID]] = frozenset()
    chain: Mapping[UUID, AbstractSet[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("moment without zone")

    @cached_property
    def _barred_from(self) -> Mapping[UUID, set[UUID]]:
        others: dict[UUID, set[UUID]] = {}
        for one, other in self.barred:
            others.setdefault(one, set()).add(other)
            others.setdefault(other, set()).add(one)
        return others

    @cached_property
    def _sponsored_by(self) -> Mapping[UUID, set[UUID]]:
        below: dict[UUID, set[UUID]] = {}
        for sponsee, sponsors in self.chain.items():
            for sponsor in sponsors:
                below.setdefault(sponsor, set()).add(sponsee)
        return below

    def today(self, zone: str) -> date:
        """The day it is in a zone.

        Raises:
            UnknownZoneError: No such zone.
        """
        return self.now.astimezone(zone_of(zone)).date()

    def barred_from(self, member: UUID) -> AbstractSet[UUID]:
        """Everybody whom the member must not meet."""
        return self._barred_from.get(member, frozenset())

    def lineage(self, member: UUID) -> AbstractSet[UUID]:
        """The member, the people they sponsor, those whom these sponsor, and so on down; ends on a cycle too."""
        if member not in self._sponsored_by:
            return frozenset((member,))
        seen, waiting = {member}, [member]
        while waiting:
            fresh = self._sponsored_by.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting.extend(fresh)
        return seen
