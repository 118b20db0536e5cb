"""Kinds of sponsors that an intergroup could look for, made from what the people who wait could say yes to.

A kind asks for as little as it can: one language, one preset of hours, one place or none, and a gender only where
somebody would be comfortable with nothing else. Nobody is asked to give up a wish: kinds come from the wishes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from types import MappingProxyType
from uuid import UUID, uuid5

from matching.engine.facts import Facts
from matching.engine.people import ANYONE, IN_PERSON, MODES, STEPS, Person

SEATS = 2
"""Free seats of somebody who begins to sponsor: what the product proposes to them."""

NEAR_KM = 25.0
"""How far somebody who is sought in an area would travel."""

REMOTE = frozenset(MODES) - {IN_PERSON}
_SPACE = UUID("5f2c1d0e-7a44-4f0b-9d3e-1c6b8a905e21")
_LONG_AGO = timedelta(days=3653)


def _daily(days: Iterable[int], hours: Iterable[int]) -> int:
    return sum(1 << (24 * day + hour) for day, hour in product(days, list(hours)))


HOURS: Mapping[str, int] = MappingProxyType(
    {
        "weekday_evenings": _daily(range(5), range(18, 22)),
        "weekends": _daily((5, 6), range(9, 21)),
        "weekday_mornings": _daily(range(5), range(7, 12)),
        "weekday_afternoons": _daily(range(5), range(12, 18)),
    }
)
"""Presets as 168 bits, bit 0 = Monday 00:00 to 01:00, in the intergroup's zone."""


@dataclass(frozen=True, slots=True, order=True)
class Sought:
    """A kind of sponsor.

    Attributes:
        fellowship: Key of the fellowship.
        hours: A key of HOURS. language: One code.
        gender: "" when any would do. at_ease_with: A gender, or "anyone".
        area: Key of the area near which they would meet in person as well; None: by phone, video or text.
        latitude, longitude: Of its centre, in degrees. needs: What they can meet, in rising order.
    """

    fellowship: int
    hours: str
    language: str
    gender: str
    at_ease_with: str
    area: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    needs: tuple[str, ...] = ()

    @property
    def demands(self) -> int:
        """How much it asks for beyond a language and hours: of two that serve as many, the lesser is sought."""
        asked = (self.gender != "") + (self.at_ease_with == ANYONE) + (self.area is not None)
        return asked + 2 * len(self.needs)


def kinds_for(newcomers: Iterable[Person]) -> list[Sought]:
    """Every kind that could sponsor one of these, as far as all but the hours are asked; each once, in order."""
    found = {kind for one in newcomers for kind in _kinds_for(one)}
    order = {name: at for at, name in enumerate(HOURS)}
    return sorted(found, key=lambda kind: (kind.demands, order[kind.hours], _text(kind)))


def _kinds_for(one: Person) -> Iterator[Sought]:
    genders = {""} if ANYONE in one.comfortable_with else one.comfortable_with
    at_ease = {one.gender or ANYONE, ANYONE}
    place = (None, None, None) if one.modes & REMOTE else (one.area, one.latitude, one.longitude)
    if place[0] is None and not one.modes & REMOTE:
        return
    for hours, language, gender, ease in product(HOURS, one.languages, genders, at_ease):
        yield Sought(one.fellowship, hours, language, gender, ease, *place, needs=tuple(sorted(one.needs)))


def _text(kind: Sought) -> str:
    return repr(kind)


def person(kind: Sought, facts: Facts, zone: str, number: int = 0) -> Person:
    """Somebody of this kind who may sponsor at once; another number is another human being.

    Args:
        kind: Of which kind.
        facts: What is true around them.
        zone: IANA name of the zone whose hours are meant.
        number: Which of them.
    """
    near = kind.area is not None
    return Person(
        id=uuid5(_SPACE, f"{_text(kind)} {number}"),
        fellowship=kind.fellowship,
        active=True,
        gender=kind.gender,
        comfortable_with=frozenset((kind.at_ease_with,)),
        languages=frozenset((kind.language,)),
        modes=frozenset(MODES) if near else REMOTE,
        week=HOURS[kind.hours],
        zone=zone,
        can_meet=frozenset(kind.needs),
        area=kind.area,
        latitude=kind.latitude,
        longitude=kind.longitude,
        max_km=NEAR_KM if near else None,
        recovery_since=facts.now.date() - max(_LONG_AGO, timedelta(days=facts.policy.days_asked(kind.fellowship) + 2)),
        is_sponsor=True,
        approved=True,
        confirmed_at=facts.now,
        has_sponsor=True,
        steps_worked=STEPS,
        seats=SEATS,
    )
