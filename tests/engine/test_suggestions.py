"""The best few are exactly the best few, whatever else is in the pool."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Facts, Person, Pool, Suggestion, recheck, suggest
from tests.engine import naive
from tests.engine.strategies import ALL_HOURS, MODERATE, calm, facts, perfect_pair, persons, willing

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


def number(people: list[Person]) -> list[Person]:
    """Give everybody an id of their own, falling, so that the order of a pool is not that of its ids."""
    return [replace(person, id=UUID(int=1000 - at)) for at, person in enumerate(people)]


def chosen(found: list[Suggestion]) -> list[tuple[UUID, int]]:
    return [(one.sponsor, one.score) for one in found]


def brute_force(newcomer: Person, sponsors: list[Person], facts: Facts, k: int) -> list[tuple[UUID, int]]:
    """Judge each pair alone, sort them all, keep the first k."""
    ranked = []
    for sponsor in sponsors:
        if naive.broken(newcomer, sponsor, facts):
            continue
        suggestion = recheck(newcomer, sponsor, facts).suggestion
        assert suggestion is not None
        last = sponsor.last_offer_at or LONG_AGO
        ranked.append((-suggestion.score, sponsor.seats_taken, last, sponsor.id))
    return [(sponsor_id, -negative) for negative, _, _, sponsor_id in sorted(ranked)[:k]]


@MODERATE
@given(willing, st.lists(willing, max_size=6).map(number), calm, st.integers(0, 14))
def test_the_best_few_equal_brute_force(newcomer: Person, sponsors: list[Person], facts: Facts, k: int) -> None:
    expected = brute_force(newcomer, sponsors, facts, k)
    assert chosen(suggest(newcomer, Pool.of(sponsors, facts), k)) == expected


@MODERATE
@given(persons, st.lists(persons | willing, max_size=6).map(number), facts)
def test_the_best_few_equal_brute_force_among_anybody(newcomer: Person, sponsors: list[Person], facts: Facts) -> None:
    assert chosen(suggest(newcomer, Pool.of(sponsors, facts))) == brute_force(newcomer, sponsors, facts, 3)


@MODERATE
@given(willing, st.lists(willing, max_size=4).map(number), calm, st.randoms(use_true_random=False))
def test_the_order_of_the_pool_changes_nothing(
    newcomer: Person, sponsors: list[Person], facts: Facts, random: Random
) -> None:
    shuffled = sorted(sponsors, key=lambda _: random.random())
    assert suggest(newcomer, Pool.of(shuffled, facts)) == suggest(newcomer, Pool.of(sponsors, facts))


@MODERATE
@given(willing, st.lists(willing, max_size=4).map(number), st.lists(persons, max_size=4), facts)
def test_adding_sponsors_who_are_not_eligible_changes_nothing(
    newcomer: Person, sponsors: list[Person], others: list[Person], facts: Facts
) -> None:
    excluded = [other for other in others if naive.broken(newcomer, other, facts)]
    alone = suggest(newcomer, Pool.of(sponsors, facts))
    assert suggest(newcomer, Pool.of([*excluded, *sponsors], facts)) == alone


def test_equal_scores_go_to_the_fewest_sponsees() -> None:
    pair = perfect_pair()
    policy = replace(pair.facts.policy, weights={})
    busy = replace(pair.sponsor, id=UUID(int=3), seats_taken=1)
    idle = replace(pair.sponsor, id=UUID(int=4), last_offer_at=datetime(2026, 5, 1, tzinfo=UTC))
    found = suggest(pair.newcomer, Pool.of([busy, idle], replace(pair.facts, policy=policy)))
    assert [one.sponsor for one in found] == [idle.id, busy.id]


def test_then_to_the_longest_since_the_last_offer_and_then_by_id() -> None:
    pair = perfect_pair()
    moments = [datetime(2026, 5, 2, tzinfo=UTC), datetime(1960, 5, 1, tzinfo=UTC), None, None]
    sponsors = [replace(pair.sponsor, id=UUID(int=9 - at), last_offer_at=one) for at, one in enumerate(moments)]
    found = suggest(pair.newcomer, Pool.of(sponsors, pair.facts), k=4)
    assert [one.sponsor.int for one in found] == [6, 7, 8, 9]


def test_ids_are_compared_whole() -> None:
    pair = perfect_pair()
    numbers = [1 << 127, (1 << 64) + 5, (1 << 64) - 1, 1 << 64, 7]
    sponsors = [replace(pair.sponsor, id=UUID(int=one)) for one in numbers]
    found = suggest(pair.newcomer, Pool.of(sponsors, pair.facts), k=5)
    assert [one.sponsor.int for one in found] == sorted(numbers)


def test_nobody_in_the_pool_suggests_nobody() -> None:
    pair = perfect_pair()
    assert suggest(pair.newcomer, Pool.of([], pair.facts)) == []


@pytest.mark.parametrize(("week", "found"), [(0, 0), (ALL_HOURS, 1)])
def test_a_week_of_no_hour_or_of_all_hours_ends_in_an_answer(week: int, found: int) -> None:
    pair = perfect_pair()
    sponsor = replace(pair.sponsor, week=week, zone="Asia/Kathmandu")
    newcomer = replace(pair.newcomer, week=week)
    assert len(suggest(newcomer, Pool.of([sponsor], pair.facts))) == found


def test_a_sponsor_of_no_seats_is_not_suggested() -> None:
    pair = perfect_pair()
    sponsors = [replace(pair.sponsor, seats=0), replace(pair.sponsor, seats=1, seats_taken=5)]
    assert suggest(pair.newcomer, Pool.of(sponsors, pair.facts)) == []


def test_thousands_of_identical_sponsors_are_told_apart_by_id() -> None:
    pair = perfect_pair()
    sponsors = [replace(pair.sponsor, id=UUID(int=one)) for one in range(5000, 2, -1)]
    found = suggest(pair.newcomer, Pool.of(sponsors, pair.facts))
    assert [one.sponsor.int for one in found] == [3, 4, 5]
