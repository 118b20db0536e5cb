"""People, weeks and pools for property tests, drawn from small vocabularies so that they often meet."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, permutations
from typing import TypeVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from matching.engine import Component, Facts, Person, Policy
from tests.engine.moments import NOW, TODAY, date_before, days_ago

T = TypeVar("T")

# How long it takes to draw somebody says more about what else the machine does than about the strategy.
MODERATE = settings(
    max_examples=int(os.environ.get("ENGINE_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

ALL_HOURS = (1 << 168) - 1
EVENINGS = sum(1 << (24 * day + hour) for day in range(7) for hour in (18, 19, 20))

ORDINARY = date(2026, 6, 1)
MONDAYS = (
    ORDINARY,
    date(2026, 3, 2),  # clocks go forward in America on the 8th
    date(2026, 3, 23),  # forward in Europe on the 29th
    date(2026, 3, 30),  # back by half an hour on Lord Howe on 5 April
    date(2026, 9, 28),  # forward by half an hour on Lord Howe on 4 October
    date(2026, 10, 19),  # back in Europe on the 25th
    date(2026, 10, 26),  # back in America, Havana at midnight, on 1 November
    date(2011, 12, 26),  # Samoa has no Friday
)
ZONES = (
    "UTC",
    "America/New_York",
    "America/Los_Angeles",
    "America/Havana",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Paris",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
MODES = ("in_person", "phone", "video", "text")
TAGS = ("parent", "veteran", "lgbtq", "young_people", "secular")
NEEDS = ("wheelchair", "sign_language", "childcare")

mondays = st.sampled_from(MONDAYS)
zones = st.sampled_from(ZONES)
ids = st.integers(1, 12).map(lambda number: UUID(int=number * 0x1_0000_0000_0000_0001))
weeks = st.one_of(
    st.sampled_from((0, 1, 1 << 167, EVENINGS, ALL_HOURS)),
    st.integers(0, ALL_HOURS),
    st.sets(st.integers(0, 167), max_size=4).map(lambda hours: sum(1 << hour for hour in hours)),
)


def subsets(*things: T, most: int | None = None) -> st.SearchStrategy[frozenset[T]]:
    """Any subset, of so many at most, the smaller ones first: drawn whole, which is quicker than one by one."""
    sizes = range((len(things) if most is None else most) + 1)
    return st.sampled_from([frozenset(some) for size in sizes for some in combinations(things, size)])


def orders(*things: T, most: int) -> st.SearchStrategy[tuple[T, ...]]:
    """Any of so many things at most, each once, in any order."""
    return st.sampled_from([some for size in range(most + 1) for some in permutations(things, size)])


def maybe(low: int, high: int, value: Callable[[int], T]) -> st.SearchStrategy[T | None]:
    """Nothing, or what is made of a number from low to high: one draw, not two."""
    return st.integers(low - 1, high).map(lambda number: None if number < low else value(number))


genders = st.sampled_from(("woman", "man", "nonbinary", ""))
comforts = subsets("woman", "man", "nonbinary", "anyone")
moments = maybe(0, 20, lambda days: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days))
degrees = maybe(0, 2000, lambda number: number / 1000 - 1)

persons = st.builds(
    Person,
    id=ids,
    fellowship=st.integers(1, 2),
    active=st.booleans(),
    gender=genders,
    comfortable_with=comforts,
    languages=subsets("en", "es", "ase"),
    modes=subsets(*MODES),
    week=weeks,
    zone=zones,
    needs=subsets(*NEEDS),
    can_meet=subsets(*NEEDS),
    area=st.sampled_from((None, 1, 2, 3)),
    latitude=degrees,
    longitude=degrees,
    max_km=maybe(0, 1999, lambda number: number / 9.9),
    home_group=st.sampled_from((None, 1, 2, 3)),
    meetings=subsets(1, 2, 3, 4, 5, most=3),
    approach=st.sampled_from(("", "spiritual", "secular")),
    experiences=orders(*TAGS, most=3),
    recovery_since=maybe(-1, 4000, date_before),
    waiting_since=moments,
    is_sponsor=st.booleans(),
    approved=st.booleans(),
    confirmed_at=maybe(-1, 40, days_ago),
    paused_until=maybe(-1, 3, date_before),
    has_sponsor=st.booleans(),
    steps_worked=st.integers(0, 12),
    seats=st.integers(0, 4),
    seats_taken=st.integers(0, 4),
    answered_in_time=maybe(0, 7919, lambda number: number / 7919),
    last_offer_at=moments,
)
"""Anybody at all, sponsor or not; a random pair is rarely eligible."""


def _made_willing(person: Person) -> Person:
    seats = max(person.seats, 1)
    return replace(
        person,
        fellowship=1,
        active=True,
        comfortable_with=frozenset({"anyone"}),
        languages=frozenset({"en"}),
        modes=person.modes | {"phone"},
        week=person.week | EVENINGS,
        needs=frozenset(),
        recovery_since=min(person.recovery_since or TODAY, date_before(366)),
        is_sponsor=True,
        approved=True,
        confirmed_at=max(person.confirmed_at or NOW, days_ago(35)),
        paused_until=None,
        has_sponsor=True,
        steps_worked=12,
        seats=seats,
        seats_taken=person.seats_taken % seats,
    )


willing = persons.map(_made_willing)
"""Who passes every rule with the other willing people of these tests, unless zones part their hours."""

policies = st.builds(
    Policy,
    minimum_days=st.dictionaries(st.integers(1, 2), st.sampled_from((0, 90, 365))),
    steps_needed=st.integers(0, 12),
    weights=st.dictionaries(st.sampled_from(list(Component)), st.integers(0, 1000)),
)
facts = st.builds(
    Facts,
    now=st.just(NOW),
    monday=mondays,
    policy=policies,
    barred=st.frozensets(st.tuples(ids, ids), max_size=3),
    chain=st.dictionaries(ids, st.frozensets(ids, max_size=2), max_size=4),
)
"""Any week, policy, blocks and chain, cycles among them."""

calm = st.builds(Facts, now=st.just(NOW), monday=mondays)
"""Facts with no blocks, no chain and the default policy."""


@dataclass(frozen=True)
class Pair:
    """A newcomer, a sponsor, and what is true around them."""

    newcomer: Person
    sponsor: Person
    facts: Facts


def perfect_pair() -> Pair:
    """The best pair there can be: every rule is met and every component is full."""
    newcomer = Person(
        id=UUID(int=1),
        fellowship=1,
        active=True,
        gender="woman",
        comfortable_with=frozenset({"woman"}),
        languages=frozenset({"en"}),
        modes=frozenset({"in_person", "phone"}),
        week=EVENINGS,
        zone="America/New_York",
        needs=frozenset({"wheelchair"}),
        area=1,
        latitude=40.0,
        longitude=-75.0,
        max_km=30,
        home_group=7,
        approach="spiritual",
        experiences=("parent", "veteran"),
        recovery_since=date_before(20),
    )
    sponsor = replace(
        newcomer,
        id=UUID(int=2),
        needs=frozenset(),
        can_meet=frozenset({"wheelchair"}),
        recovery_since=date_before(4000),
        is_sponsor=True,
        approved=True,
        confirmed_at=NOW,
        has_sponsor=True,
        steps_worked=12,
        seats=2,
        answered_in_time=1.0,
    )
    return Pair(newcomer, sponsor, Facts(now=NOW, monday=ORDINARY))
