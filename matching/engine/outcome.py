"""What a round proposes, as plain values: for the solver who makes it and the checker who trusts nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from matching.engine.rules import Rule


@dataclass(frozen=True, slots=True)
class Assignment:
    """A newcomer and the sponsor a round finds for them. The score, without the waiting bonus, in thousandths."""

    newcomer: UUID
    sponsor: UUID
    score: int


@dataclass(frozen=True, slots=True)
class Left:
    """A newcomer for whom there was nobody.

    Attributes:
        eligible: How many sponsors were eligible; they went to others.
        excluded: When none was: how many sponsors each rule was the first to exclude, in the order of the rules.
    """

    newcomer: UUID
    eligible: int
    excluded: Mapping[Rule, int]


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why no round can be better.

    Serving a pair is worth `service` plus its score plus the newcomer's waiting bonus; `service` is more than all
    scores and bonuses of a round together, so that people served come first. Each eligible pair is worth at most the
    prices of its two members together, and no price is negative. So no round is worth more than the bound: the prices
    of all newcomers, and of all sponsors once for each free seat. This round is worth exactly that.

    Attributes:
        newcomers, sponsors: Price by id; who is absent has price 0.
    """

    service: int
    newcomers: Mapping[UUID, int]
    sponsors: Mapping[UUID, int]
    bound: int


@dataclass(frozen=True, slots=True)
class Round:
    """What a round proposes: everybody asked for is in `assignments` or in `left`, each in the order of ids."""

    assignments: tuple[Assignment, ...]
    left: tuple[Left, ...]
    certificate: Certificate

    @property
    def total(self) -> int:
        """The sum of the scores, in thousandths of a point."""
        return sum(one.score for one in self.assignments)


@dataclass(frozen=True, slots=True)
class StableRound:
    """What deferred acceptance proposes: the same without a certificate. Each in the order of ids."""

    assignments: tuple[Assignment, ...]
    left: tuple[Left, ...]
