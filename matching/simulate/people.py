"""Made-up newcomers and sponsors of one office: each is a function of the world's seed and a number.

One fellowship, one zone without clock changes, eight districts, mostly one language, mostly at ease with the own
gender, weeks of evenings and weekend hours, recovery times with a long tail.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from matching.engine import Person
from matching.simulate.chance import Chance

FELLOWSHIP = 1
START = datetime(2026, 1, 5, tzinfo=UTC)
"""The Monday on which each simulated year begins; any would do."""

MIX = (
    "48 % women, 48 % men, 4 % non-binary; 60 % of the women and men at ease with their own gender alone; 78 % speak "
    "English, 12 % also Spanish, 10 % Spanish alone; one zone, eight districts, evenings and weekends."
)
"""The mix in words, for whoever reads a result."""

_TAGS = ("parent", "veteran", "lgbtq", "young_people", "secular")
_LANGUAGES = (("en",), ("en", "es"), ("es",))
_NEWCOMER, _SPONSOR = 1, 2
_AREAS = 8


def newcomer(chance: Chance, number: int, asked_at: datetime) -> Person:
    """The newcomer of this number."""
    dice = chance.dice("newcomer", number)
    return Person(
        id=UUID(int=_NEWCOMER << 64 | number),
        recovery_since=(asked_at - timedelta(days=dice.randint(1, 120))).date(),
        waiting_since=asked_at,
        **_anybody(dice),
    )


def sponsor(chance: Chance, number: int, joined_at: datetime, seats: int) -> Person:
    """The sponsor of this number, approved and confirmed at the moment of joining, with all seats free."""
    dice = chance.dice("sponsor", number)
    days = 400 + min(int(dice.lognormvariate(7.4, 0.9)), 15_000)
    return Person(
        id=UUID(int=_SPONSOR << 64 | number),
        recovery_since=date.fromordinal(joined_at.toordinal() - days),
        is_sponsor=True,
        approved=True,
        confirmed_at=joined_at,
        has_sponsor=True,
        steps_worked=12,
        seats=seats,
        **_anybody(dice),
    )


def _anybody(dice: Random) -> dict[str, Any]:
    gender = dice.choices(("woman", "man", "nonbinary"), (48, 48, 4))[0]
    area = dice.randrange(_AREAS)
    far = dice.sample(("phone", "video", "text"), k=dice.choice((1, 2, 3)))
    return {
        "fellowship": FELLOWSHIP,
        "active": True,
        "gender": gender,
        "comfortable_with": frozenset({gender if gender != "nonbinary" and dice.random() < 0.6 else "anyone"}),
        "languages": frozenset(dice.choices(_LANGUAGES, (78, 12, 10))[0]),
        "modes": frozenset(far if dice.random() < 0.2 else (*far, "in_person")),
        "week": _week(dice),
        "zone": "UTC",
        "area": area,
        # A row of districts, about eight kilometres from one to the next.
        "latitude": 40.0,
        "longitude": -75.0 + 0.1 * area,
        "max_km": dice.choice((None, 10.0, 25.0, 50.0)),
        "home_group": area * 10 + dice.randrange(6) if dice.random() < 0.8 else None,
        "meetings": frozenset(area * 10 + dice.randrange(6) for _ in range(dice.randrange(3))),
        "approach": dice.choice(("", "", "spiritual", "secular")),
        "experiences": tuple(dice.sample(_TAGS, k=dice.randrange(4))),
    }


def _week(dice: Random) -> int:
    """Some evenings, and for every second person hours of the weekend, as 168 bits."""
    hours = {24 * day + hour for day in dice.sample(range(5), k=dice.choice((2, 3, 4))) for hour in (18, 19, 20)}
    if dice.random() < 0.5:
        hours |= {24 * dice.choice((5, 6)) + hour for hour in (10, 11, 14, 15)}
    return sum(1 << hour for hour in hours)
