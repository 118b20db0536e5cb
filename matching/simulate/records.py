"""What changes while a year is played. A state changes by the application's own table of moves and in no other way."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from matching.engine import Person
from matching.simulate.numbers import STUCK_AFTER, UNMATCHED
from matching.states import HELD_OFFER, LIVE_OFFER, LIVE_REQUEST, OfferState, PairingState, RequestState, move

SAID_NO = (OfferState.DECLINED, OfferState.REFUSED, OfferState.REJECTED, OfferState.EXPIRED)
"""Ends after which a sponsor is not asked again for the same request."""

State = TypeVar("State", RequestState, OfferState, PairingState)


class Path(Generic[State]):
    """Where something stands, and where it stood before."""

    def __init__(self, first: State) -> None:
        self.steps: list[State] = [first]

    @property
    def now(self) -> State:
        return self.steps[-1]

    def go(self, to: State) -> None:
        """Take one allowed move.

        Raises:
            IllegalMove: The table does not have it.
        """
        self.steps.append(move(self.now, to))


@dataclass(eq=False, slots=True)
class Sponsor:
    """Somebody on the list. `person` is who they are at this moment, as the engine takes it."""

    number: int
    person: Person
    answered: int = 0
    expired: int = 0
    offers: list["Offer"] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return self.person.id

    @property
    def is_full(self) -> bool:
        return self.person.seats_taken >= self.person.seats

    def change(self, **values: Any) -> None:
        self.person = replace(self.person, **values)

    def count_answer(self, *, in_time: bool) -> None:
        """Remember how an offer went: the engine scores the share that is answered in time."""
        self.answered += in_time
        self.expired += not in_time
        self.change(answered_in_time=self.answered / (self.answered + self.expired))


@dataclass(frozen=True, slots=True)
class Count:
    """The list at one moment: how many sponsors, the people they have together, sponsors with nobody and with no seat
    free."""

    sponsors: int
    people: int
    idle: int
    full: int


@dataclass(eq=False, slots=True)
class Request:
    """A newcomer's ask.

    Attributes:
        ranked: Sponsors the newcomer chose, first choice first.
        refusals: Offers that ended without a yes since the newcomer last chose.
        returns_at: When the newcomer looks at it next; visits: how often they were given a reason to.
        helped_at: When a coordinator looks at it next.
    """

    number: int
    newcomer: Person
    asked_at: datetime
    helped_at: datetime
    path: Path[RequestState] = field(default_factory=lambda: Path(RequestState.OPEN))
    offers: list["Offer"] = field(default_factory=list)
    ranked: list[UUID] = field(default_factory=list)
    refusals: int = 0
    needs_coordinator: bool = False
    visits: int = 0
    returns_at: datetime | None = None
    ended_at: datetime | None = None

    @classmethod
    def of(cls, number: int, newcomer: Person, asked_at: datetime) -> "Request":
        return cls(number, newcomer, asked_at, helped_at=asked_at + STUCK_AFTER)

    @property
    def is_live(self) -> bool:
        return self.path.now in LIVE_REQUEST

    @property
    def is_open(self) -> bool:
        return self.path.now is RequestState.OPEN

    @property
    def decide_by(self) -> datetime:
        """The moment by which the next thing happens to a live request by itself."""
        closes_at = self.asked_at + UNMATCHED
        return min([closes_at, self.helped_at, *(offer.due_at for offer in self.live_offers())])

    def live_offers(self) -> Iterator["Offer"]:
        return (offer for offer in self.offers if offer.path.now in LIVE_OFFER)

    def held_offers(self) -> Iterator["Offer"]:
        """Those that a sponsor or a coordinator has."""
        return (offer for offer in self.offers if offer.path.now in HELD_OFFER)

    def had(self) -> set[UUID]:
        """Sponsors who had their turn."""
        return {offer.sponsor.id for offer in self.offers if offer.path.now in SAID_NO}

    def end(self, state: RequestState, at: datetime) -> None:
        self.path.go(state)
        self.ended_at = at


@dataclass(eq=False, slots=True)
class Offer:
    """A request held out to one sponsor. `due_at` is the deadline of whoever has it now."""

    request: Request
    sponsor: Sponsor
    path: Path[OfferState]
    due_at: datetime


@dataclass(eq=False, slots=True)
class Pairing:
    """Two people in contact."""

    request: Request
    sponsor: Sponsor
    began_at: datetime
    path: Path[PairingState] = field(default_factory=lambda: Path(PairingState.ACTIVE))
