"""A seeded crowd of made-up newcomers and sponsors, for tests and measurements of whole rounds.

40 areas in eight clusters, four of five people speak English, most would rather meet their own gender, weeks have
evenings and weekends, and sponsors have one to four seats. With five fellowships about one pair in ten is eligible.
"""

import math
from datetime import timedelta
from random import Random
from uuid import UUID

from matching.engine import Person
from tests.engine.moments import NOW, date_before, days_ago

ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London")
TAGS = ("parent", "veteran", "lgbtq", "young_people", "secular", "shift_work")
CLUSTERS = tuple((30 + 3 * at, -120 + 6 * at) for at in range(8))


def crowd(newcomers: int, sponsors: int, *, fellowships: int = 1, seed: int = 1) -> tuple[list[Person], list[Person]]:
    """Draw newcomers and sponsors; the same numbers and seed always give the same people."""
    random = Random(seed)
    asking = [_person(random, at + 1, fellowships, sponsor=False) for at in range(newcomers)]
    offering = [_person(random, (1 << 64) + at, fellowships, sponsor=True) for at in range(sponsors)]
    return asking, offering


def _person(random: Random, number: int, fellowships: int, *, sponsor: bool) -> Person:
    area = random.randrange(40)
    latitude, longitude = CLUSTERS[area % 8]
    gender = random.choices(("woman", "man", "nonbinary"), (46, 50, 4))[0]
    seats = random.choices((1, 2, 3, 4), (3, 4, 2, 1))[0]
    return Person(
        id=UUID(int=number),
        fellowship=random.randrange(fellowships) + 1,
        active=True,
        gender=gender,
        comfortable_with=frozenset({gender} if random.random() < 0.5 else {"anyone"}),
        languages=frozenset(random.choices(("en", "es", "fr"), (80, 15, 5))[0:1] + ["en"] * (random.random() < 0.3)),
        modes=frozenset(mode for mode in ("in_person", "phone", "video", "text") if random.random() < 0.7)
        or frozenset({"phone"}),
        week=_week(random),
        zone=ZONES[area % len(ZONES)],
        area=area,
        latitude=latitude + area // 8 * 0.1,
        longitude=longitude + area // 8 * 0.07,
        max_km=random.choice((None, 20.0, 50.0, 100.0)),
        home_group=random.choice((None, area * 10 + random.randrange(10))),
        meetings=frozenset(area * 10 + random.randrange(10) for _ in range(random.randrange(3))),
        approach=random.choice(("", "spiritual", "secular")),
        experiences=tuple(random.sample(TAGS, random.randrange(4))),
        recovery_since=date_before(
            400 + min(int(math.exp(random.gauss(7, 1))), 30_000) if sponsor else random.randrange(90)
        ),
        waiting_since=None if sponsor else NOW - timedelta(hours=random.randrange(24 * 60)),
        is_sponsor=sponsor,
        approved=sponsor,
        confirmed_at=days_ago(random.randrange(36)) if sponsor else None,
        has_sponsor=sponsor,
        steps_worked=12 if sponsor else 0,
        seats=seats if sponsor else 0,
        seats_taken=random.randrange(seats) if sponsor else 0,
        answered_in_time=random.choice((None, random.random())) if sponsor else None,
    )


def _week(random: Random) -> int:
    week = 0
    for day in range(7):
        if random.random() < 0.7:
            start = random.randrange(17, 20) if day < 5 else random.randrange(9, 18)
            week |= ((1 << random.randrange(2, 6)) - 1) << (24 * day + start)
    return week or 1 << 18
