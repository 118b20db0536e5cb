"""The people to match and the rules an intergroup sets, as plain frozen values.

The engine knows nothing of storage: whoever calls it reads the database and fills these in.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

GENDERS = ("woman", "man", "nonbinary", "")
ANYONE = "anyone"
COMFORTS = frozenset({"woman", "man", "nonbinary", ANYONE})
IN_PERSON = "in_person"
MODES = (IN_PERSON, "phone", "video", "text")
APPROACHES = ("", "spiritual", "secular")
WEEK_HOURS = 168
STEPS = 12
MOST = 255
"""Seats or meetings of one person at most: far above what anybody has."""

DEFAULT_MINIMUM_DAYS = 365
"""Days asked of a sponsor in a fellowship that the policy does not name: the strictest custom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member in one fellowship, seen as newcomer, as sponsor, or as both.

    Anything optional that was not stated is None or empty, and scores as neutral.

    Attributes:
        id: The member; two Persons with one id are the same human being.
        fellowship: Key of the fellowship that this row is about.
        active: False for whoever left, is erased or is locked.
        gender: One of GENDERS; "" is unstated, acceptable only to who is comfortable with anyone.
        comfortable_with: Subset of COMFORTS; empty means that nobody is acceptable.
        languages: Language codes; a sign language such as "ase" is a code like any other.
        modes: Subset of MODES, the ways this person would meet.
        week: 168 bits, bit 0 = Monday 00:00 to 01:00, in the person's own zone.
        zone: IANA name of that zone.
        needs: What this person needs of the other, such as "wheelchair".
        can_meet: Needs of others that this person can meet.
        area: Key of the coarse area; latitude and longitude in degrees are those of its centre.
        max_km: Farthest distance between area centres for meeting in person; None is any.
        home_group: Key of the home group; meetings: keys of meetings often visited.
        approach: One of APPROACHES.
        experiences: Tags, opt-in: ranked by a newcomer (dearest first), offered by a sponsor.
        recovery_since: The member's date (or that of joining, where there is none), in their own zone's calendar.
        waiting_since: When the newcomer asked; aware.
        is_sponsor: Offers to sponsor; approved: a coordinator agreed.
        confirmed_at: When the sponsor last said "still available"; aware; None is never.
        paused_until: The day, in their own zone, from which they take offers again; None is not paused.
        has_sponsor: Has a sponsor of their own.
        steps_worked: 0 to 12.
        seats: How many people they would sponsor; seats_taken: how many they do.
        answered_in_time: Share of offers answered before they expired, 0 to 1; None before any.
        last_offer_at: When the last offer was sent to them; aware; None is never.

    Raises:
        ValueError: A value outside the vocabularies and ranges above.
    """

    id: UUID
    fellowship: int
    active: bool
    gender: str
    comfortable_with: frozenset[str]
    languages: frozenset[str]
    modes: frozenset[str]
    week: int
    zone: str
    needs: frozenset[str] = frozenset()
    can_meet: frozenset[str] = frozenset()
    area: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    max_km: float | None = None
    home_group: int | None = None
    meetings: frozenset[int] = frozenset()
    approach: str = ""
    experiences: tuple[str, ...] = ()
    recovery_since: date | None = None
    waiting_since: datetime | None = None
    is_sponsor: bool = False
    approved: bool = False
    confirmed_at: datetime | None = None
    paused_until: date | None = None
    has_sponsor: bool = False
    steps_worked: int = 0
    seats: int = 0
    seats_taken: int = 0
    answered_in_time: float | None = None
    last_offer_at: datetime | None = None

    def __post_init__(self) -> None:
        _require(self.gender in GENDERS, "gender")
        _require(self.comfortable_with <= COMFORTS, "comfortable_with")
        _require(self.modes <= frozenset(MODES), "modes")
        _require(self.approach in APPROACHES, "approach")
        _require(0 <= self.week < 1 << WEEK_HOURS, "week")
        _require(0 <= self.steps_worked <= STEPS, "steps_worked")
        _require(0 <= self.seats <= MOST and 0 <= self.seats_taken <= MOST, "seats")
        _require(len(self.attends) <= MOST, "meetings")
        _require(_within(self.answered_in_time, 0, 1), "answered_in_time")
        _require(_within(self.latitude, -90, 90), "latitude")
        _require(_within(self.longitude, -180, 180), "longitude")
        _require(_within(self.max_km, 0, math.inf), "max_km")
        for moment in (self.waiting_since, self.confirmed_at, self.last_offer_at):
            _require(moment is None or moment.tzinfo is not None, "moment without zone")

    @property
    def attends(self) -> frozenset[int]:
        """Meetings where this person can be met, the home group among them."""
        return self.meetings if self.home_group is None else self.meetings | {self.home_group}


class Component(StrEnum):
    """The parts of a score, in the order in which they are kept and shown."""

    AVAILABILITY = "availability"
    ENGAGEMENT = "engagement"
    EXPERIENCE = "experience"
    NEARNESS = "nearness"
    HOME_GROUP = "home_group"
    APPROACH = "approach"
    FREE_SEATS = "free_seats"
    RECOVERY = "recovery"


DEFAULT_WEIGHTS: Mapping[Component, int] = MappingProxyType(
    {
        Component.AVAILABILITY: 20,
        Component.ENGAGEMENT: 20,
        Component.EXPERIENCE: 15,
        Component.NEARNESS: 15,
        Component.HOME_GROUP: 10,
        Component.APPROACH: 8,
        Component.FREE_SEATS: 7,
        Component.RECOVERY: 5,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an intergroup decides. No value of it can switch a hard rule off.

    Attributes:
        minimum_days: Fellowship key -> days of recovery asked of a sponsor; 0 asks nothing.
            A fellowship that is absent asks DEFAULT_MINIMUM_DAYS.
        steps_needed: Steps a sponsor must have worked, 0 to 12.
        confirm_within_days: A sponsor who confirmed longer ago gets no offers.
        weights: Whole points of each component; one left out weighs nothing.
        waiting_bonus: Thousandths of a point that a newcomer's match gains in a round for each whole day of waiting.
            All days together stay below one point.

    Raises:
        ValueError: A negative weight, bonus or limit.
    """

    minimum_days: Mapping[int, int] = field(default_factory=dict)
    steps_needed: int = STEPS
    confirm_within_days: int = 35
    weights: Mapping[Component, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    waiting_bonus: int = 10

    def __post_init__(self) -> None:
        _require(0 <= self.steps_needed <= STEPS, "steps_needed")
        _require(self.confirm_within_days >= 0, "confirm_within_days")
        _require(min(self.minimum_days.values(), default=0) >= 0, "minimum_days")
        _require(min(self.weights.values(), default=0) >= 0, "weights")
        _require(self.waiting_bonus >= 0, "waiting_bonus")

    def days_asked(self, fellowship: int) -> int:
        """Days of recovery that a sponsor of this fellowship must have."""
        return self.minimum_days.get(fellowship, DEFAULT_MINIMUM_DAYS)

    def weight(self, component: Component) -> int:
        """Whole points that the component can give at most."""
        return self.weights.get(component, 0)


def _within(value: float | None, low: float, high: float) -> bool:
    return value is None or low <= value <= high


def _require(holds: bool, name: str) -> None:
    """Name the field only: an error may end in a log, and the value is private."""
    if not holds:
        raise ValueError(f"{name} is out of range")
