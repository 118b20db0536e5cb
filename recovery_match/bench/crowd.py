"""A seeded crowd of made-up newcomers and sponsors, for measurements and tests of the engine.

The population; the same sizes and seed always give the same people:

- fellowships: alike in size, five by default;
- areas: about 250 people of the larger side in each, so that density stays the same as the crowd grows (40 areas at
  10,000); those of a cluster lie in a row 13 km apart; there are five to a cluster and at least eight clusters, in
  five time zones; so from 10,000 on everybody has about as many people within reach (1,200 of each side), in smaller
  crowds, whose clusters are not full, fewer; who would also meet remotely can meet anybody, however many there are;
- languages: English 80 %, Spanish 15 %, French 5 %, and half of the others speak English too;
- gender: 46 % women, 50 % men, 4 % nonbinary; half would meet their own gender only, half anyone;
- weeks: evenings and weekends (see `Dice.weeks`);
- ways to meet: each of the four with eight of ten; limits of 20, 50, 100 km or none;
- recovery: newcomers up to 90 days; sponsors 400 days and a lognormal time more, half of them above three years;
- seats: 1 to 4 (30, 40, 20, 10 %); three of four sponsors have one of them free, the others one or more, together 1.14
  a sponsor; all confirmed within 35 days;
- meetings: ten in each area, up to two visited, and for every other person a home group.

About 9 % of all pairs are eligible with five fellowships. Nobody has needs, blocks or a line of sponsorship: those
rules are asked and exclude nobody.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from matching.engine import Facts, Person
from recovery_match.bench.dice import Dice

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
MONDAY = TODAY
"""Begins a week in which no clock of these zones changes."""

FELLOWSHIPS = 5
PEOPLE_IN_AREA = 250
AREAS_IN_CLUSTER = 5
LEAST_CLUSTERS = 8
MEETINGS_IN_AREA = 10
CONFIRM_WITHIN_DAYS = 35
MINIMUM_DAYS = 400

ZONES = (
    ("America/New_York", -74.0),
    ("America/Chicago", -90.0),
    ("America/Denver", -106.0),
    ("America/Los_Angeles", -119.0),
    ("America/Halifax", -64.0),
    ("America/New_York", -79.0),
    ("America/Chicago", -95.0),
    ("America/Los_Angeles", -118.0),
    ("America/New_York", -82.0),
    ("America/Chicago", -87.0),
)
"""Where clusters lie in turn: a zone, and a longitude where it is valid."""

TAGS = ("parent", "veteran", "lgbtq", "young_people", "secular", "shift_work")
LANGUAGES = ("en", "es", "fr")
GENDERS = ("woman", "man", "nonbinary")
MODES = ("in_person", "phone", "video", "text")
APPROACHES = ("", "spiritual", "secular")
LIMITS = (None, 20.0, 50.0, 100.0)

_BLOCK = 50_000
_ANYONE = frozenset({"anyone"})
_OWN = tuple(frozenset({gender}) for gender in GENDERS)
_SPOKEN = tuple((frozenset({one}), frozenset({one, "en"})) for one in LANGUAGES)
_WAYS = tuple(
    frozenset(mode for at, mode in enumerate(MODES) if bits >> at & 1) or frozenset({"phone"}) for bits in range(16)
)
_DAYS_AGO = tuple(NOW - timedelta(days=days) for days in range(CONFIRM_WITHIN_DAYS + 1))
_HOURS_AGO = tuple(NOW - timedelta(hours=hours) for hours in range(60 * 24))


def facts() -> Facts:
    """What is true around the crowd: its moment and week, and the default policy."""
    return Facts(now=NOW, monday=MONDAY)


def crowd(
    newcomers: int,
    sponsors: int,
    *,
    fellowships: int = FELLOWSHIPS,
    areas: int | None = None,
    seed: int = 1,
) -> tuple[list[Person], list[Person]]:
    """Draw newcomers and sponsors, seen at NOW.

    Args:
        newcomers, sponsors: How many of each.
        fellowships: How many fellowships they are dealt to.
        areas: How many areas; by default as many as keep the density.
        seed: Of all that is drawn.
    """
    places = _places(areas or max(-(-max(newcomers, sponsors) // PEOPLE_IN_AREA), 1))
    asking = _side(newcomers, places, fellowships, seed, sponsor=False)
    offering = _side(sponsors, places, fellowships, seed, sponsor=True)
    return list(asking), list(offering)


_Place = tuple[str, float, float]


def _places(areas: int) -> list[_Place]:
    """Zone, latitude and longitude of each area: dealt to clusters in turn, as these are to ZONES."""
    clusters = max(LEAST_CLUSTERS, areas // AREAS_IN_CLUSTER)
    return [_place(area % clusters, area // clusters) for area in range(areas)]


def _place(cluster: int, step: int) -> _Place:
    """Scatter the clusters of a zone evenly, by multiples of two irrational numbers."""
    zone, longitude = ZONES[cluster % len(ZONES)]
    turn = cluster // len(ZONES) + 1
    latitude = 32 + 17 * (turn * 0.7548776662 % 1) + step * 0.1
    return zone, latitude, longitude + 6 * (turn * 0.5698402910 % 1 - 0.5) + step * 0.07


def _side(many: int, places: list[_Place], fellowships: int, seed: int, *, sponsor: bool) -> Iterator[Person]:
    """Draw one side in blocks, each from a stream of its own."""
    for block in range(-(-many // _BLOCK)):
        dice = Dice((seed, int(sponsor), block), min(_BLOCK, many - block * _BLOCK))
        columns = _who(dice, fellowships) | _where(dice, places) | (_offering(dice) if sponsor else _asking(dice))
        for row in zip(*columns.values(), strict=True):
            yield Person(active=True, **dict(zip(columns, row, strict=True)))


_Columns = dict[str, list[Any]]


def _who(dice: Dice, fellowships: int) -> _Columns:
    gender = dice.one_of((46, 50, 4))
    return {
        "id": dice.ids(),
        "fellowship": [key + 1 for key in dice.below(fellowships)],
        "gender": [GENDERS[at] for at in gender],
        "comfortable_with": [_OWN[at] if own else _ANYONE for at, own in zip(gender, dice.yes(0.5), strict=True)],
        "languages": [_SPOKEN[at][also] for at, also in zip(dice.one_of((80, 15, 5)), dice.yes(0.5), strict=True)],
        "week": dice.weeks(),
        "approach": [APPROACHES[at] for at in dice.below(3)],
        "experiences": dice.rankings(TAGS, 3),
    }


def _where(dice: Dice, places: list[_Place]) -> _Columns:
    area = dice.below(len(places))
    zone, latitude, longitude = zip(*(places[at] for at in area), strict=True)
    return {
        "area": area,
        "zone": list(zone),
        "latitude": list(latitude),
        "longitude": list(longitude),
        "modes": [_WAYS[bits] for bits in dice.bits(4, 0.8)],
        "max_km": [LIMITS[at] for at in dice.below(len(LIMITS))],
        "home_group": [meeting if has else None for meeting, has in zip(_near(dice, area), dice.yes(0.5), strict=True)],
        "meetings": [
            frozenset(some[:many])
            for many, *some in zip(dice.below(3), _near(dice, area), _near(dice, area), strict=True)
        ],
    }


def _near(dice: Dice, areas: list[int]) -> list[int]:
    """A meeting in each of these areas."""
    pairs = zip(areas, dice.below(MEETINGS_IN_AREA), strict=True)
    return [area * MEETINGS_IN_AREA + meeting for area, meeting in pairs]


def _asking(dice: Dice) -> _Columns:
    return {
        "recovery_since": [TODAY - timedelta(days=days) for days in dice.below(90)],
        "waiting_since": [_HOURS_AGO[hours] for hours in dice.below(len(_HOURS_AGO))],
    }


def _offering(dice: Dice) -> _Columns:
    seats = [at + 1 for at in dice.one_of((30, 40, 20, 10))]
    many = len(seats)
    return {
        "recovery_since": [TODAY - timedelta(days=MINIMUM_DAYS + days) for days in dice.lognormal(7, 1, 30_000)],
        "is_sponsor": [True] * many,
        "approved": [True] * many,
        "has_sponsor": [True] * many,
        "steps_worked": [12] * many,
        "confirmed_at": [_DAYS_AGO[days] for days in dice.below(len(_DAYS_AGO))],
        "seats": seats,
        "seats_taken": [
            seats - 1 if last else taken
            for seats, taken, last in zip(seats, dice.within(seats), dice.yes(0.75), strict=True)
        ],
        "answered_in_time": [share if has else None for share, has in zip(dice.shares(), dice.yes(0.5), strict=True)],
        "last_offer_at": [
            _HOURS_AGO[hours] if has else None
            for hours, has in zip(dice.below(len(_HOURS_AGO)), dice.yes(0.7), strict=True)
        ],
    }
