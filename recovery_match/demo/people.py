"""Fictional members: each is a function of a number, so that the same demo comes out everywhere.

Shares follow the population the engine is measured with: mostly one language, mostly at ease with the own gender,
weeks that grow around the meetings somebody goes to, recovery times with a long tail.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.models import Experience, Fellowship, Intergroup, Meeting, Profile, User
from accounts.models.week import Week

WOMEN = (
    "Ruth Maria Anna Lucy Carmen Joan Elena Sofia Grace Alice Nora Teresa Irene Paula Rosa Clara Julia Marta Helen "
    "Susan Gloria Diane Yvonne Renata Odette Camille"
)
MEN = (
    "Tom Luis Paul David Andre Marc Peter Sam Carlos Hugo Walter Frank Louis Martin Oscar Diego Henri Leon Victor "
    "George Alan Ramon Denis Felix Arthur Jules"
)
NAMES = {"woman": WOMEN.split(), "man": MEN.split(), "nonbinary": "Alex Robin Sasha Charlie Morgan Noel Quinn".split()}
INITIALS = "ABCDEFGHJKLMNPRSTVW"
EVENING, WEEKEND = (18, 19, 20), (10, 11, 14, 15)


@dataclass(frozen=True, slots=True)
class Place:
    """One intergroup with what its members are made from."""

    intergroup: Intergroup
    fellowship: Fellowship
    meetings: list[Meeting]


def member_id(number: int) -> UUID:
    """The stable id of a demo member."""
    return uuid5(NAMESPACE_URL, f"recovery-match-demo-{number}")


def is_sponsor(number: int) -> bool:
    """Three in eight sponsor: 300 of 800."""
    return number % 8 < 3


def profile(number: int, places: list[Place], today: date) -> Profile:
    """The profile of a member, unsaved; the user has :func:`member_id`."""
    dice = Random(f"member-{number}")
    place = dice.choices(places, weights=(5, 2, 3)[: len(places)])[0]
    home = dice.choice(place.meetings)
    gender = dice.choices(("woman", "man", "nonbinary"), weights=(48, 48, 4))[0]
    days = min(int(dice.lognormvariate(7.4, 0.9)) + 366, 16_000) if is_sponsor(number) else dice.randint(1, 300)
    since = today - timedelta(days=days)
    return Profile(
        user=User(pk=member_id(number)),
        intergroup=place.intergroup,
        fellowship=place.fellowship,
        first_name=dice.choice(NAMES[gender]),
        initial=dice.choice(INITIALS),
        zone=place.intergroup.zone,
        recovery_date=since if place.fellowship.has_date else None,
        program_since=None if place.fellowship.has_date or not is_sponsor(number) else since.replace(day=1),
        languages=_languages(dice),
        gender=gender,
        comfortable_with=_comfort(dice, gender),
        modes=_modes(dice, home),
        area=home.area,
        max_km=dice.choice((None, 10, 25, 50)),
        home_group=home,
        approach=dice.choice(("", "", "spiritual", "secular")),
        experiences=dice.sample(Experience.values, k=dice.choice((0, 1, 2, 3))),
        week=week(dice, home, dice.choice(place.meetings)),
        looking=not is_sponsor(number),
    )


def _languages(dice: Random) -> list[str]:
    return dice.choices((["en"], ["en", "es"], ["es"], ["en", "fr"], ["en", "ase"]), weights=(76, 10, 7, 5, 2))[0]


def _comfort(dice: Random, gender: str) -> list[str]:
    own = [gender] if gender != "nonbinary" else ["anyone"]
    return dice.choices((own, ["anyone"], ["woman", "man", "nonbinary"]), weights=(70, 20, 10))[0]


def _modes(dice: Random, home: Meeting) -> list[str]:
    far = dice.sample(("phone", "video", "text"), k=dice.choice((1, 2, 3)))
    return far if home.attendance == "online" and dice.random() < 0.6 else ["in_person", *far]


def week(dice: Random, *meetings: Meeting) -> Week:
    """Free hours around the meetings somebody goes to, and some of the usual evenings and weekend hours."""
    hours: set[int] = set()
    for meeting in meetings:
        if meeting.day is not None and meeting.starts is not None:
            # Meeting Guide counts from Sunday, a week from Monday.
            start = (meeting.day + 6) % 7 * 24 + meeting.starts.hour
            hours |= {(start + offset) % 168 for offset in (-1, 0, 1)}
    for day in dice.sample(range(5), k=dice.choice((1, 2, 3))):
        hours |= {day * 24 + hour for hour in EVENING}
    if dice.random() < 0.5:
        hours |= {dice.choice((5, 6)) * 24 + hour for hour in WEEKEND}
    return Week.of(hours)
