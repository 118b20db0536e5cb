"""What is seen at first glance only bounds: answers stay exact as the day goes on, people change, and tags are many."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Facts, Person, Pool, Suggestion, recheck, suggest
from recovery_match.bench.crowd import facts as crowd_facts
from tests.engine.crowd import crowd
from tests.engine.strategies import MODERATE, calm, facts, persons, willing

FEW = st.integers(1, 6).map(lambda number: UUID(int=1000 + number))
crowds = st.lists(st.builds(replace, willing | persons, id=FEW), max_size=6, unique_by=lambda one: one.id)
NEWCOMERS, SPONSORS = crowd(20, 400)


def by_hand(newcomer: Person, sponsors: list[Person], facts: Facts) -> list[Suggestion]:
    """Look at each pair alone, keep the ten best."""
    found = [recheck(newcomer, one, facts).suggestion for one in sponsors]
    taken = {one.id: (one.seats_taken, one.last_offer_at.timestamp() if one.last_offer_at else -1) for one in sponsors}
    fitting = [one for one in found if one is not None]
    return sorted(fitting, key=lambda one: (-one.score, *taken[one.sponsor], one.sponsor))[:10]


@MODERATE
@given(willing, crowds, crowds, calm | facts, calm | facts, st.timedeltas(timedelta(hours=-30), timedelta(hours=30)))
def test_a_pool_asked_then_changed_answers_at_any_later_moment_as_a_new_one(
    newcomer: Person, before: list[Person], changes: list[Person], first: Facts, then: Facts, later: timedelta
) -> None:
    then = replace(then, monday=first.monday, now=first.now + later)
    pool = Pool.of(before, first)
    suggest(newcomer, pool, 10)
    left = {one.id: one for one in before} | {one.id: one for one in changes}
    for facts_ in (then, replace(first, now=then.now)):
        expected = suggest(newcomer, Pool.of(list(left.values()), facts_), 10)
        assert suggest(newcomer, pool.changed(changes).under(facts_), 10) == expected


@pytest.mark.parametrize("hours", [-12, -1, 3, 11.99, 12, 30])
def test_one_glance_serves_a_whole_day_and_no_other(hours: float) -> None:
    pool = Pool.of(SPONSORS, crowd_facts())
    suggest(NEWCOMERS[0], pool)
    facts_ = replace(crowd_facts(), now=crowd_facts().now + timedelta(hours=hours))
    later = pool.under(facts_)
    assert (later.glance is pool.glance) == (-12 <= hours < 12)
    for newcomer in NEWCOMERS[:5]:
        assert suggest(newcomer, later, 10) == by_hand(newcomer, SPONSORS, facts_)


def test_a_changed_pool_looks_only_at_who_is_new_and_finds_them() -> None:
    pool = Pool.of(SPONSORS[:300], crowd_facts())
    suggest(NEWCOMERS[0], pool)
    gone = [one.id for one in SPONSORS[:50]]
    changed = pool.changed(SPONSORS[300:], gone).changed([SPONSORS[0]], [SPONSORS[60].id])
    left = [one for one in [SPONSORS[0], *SPONSORS[50:]] if one.id != SPONSORS[60].id]
    for newcomer in NEWCOMERS:
        assert suggest(newcomer, changed, 10) == by_hand(newcomer, left, crowd_facts())


def test_tags_that_a_mark_takes_for_one_are_told_apart() -> None:
    people = [replace(one, experiences=(f"tag {at % 70}", f"tag {at * 7 % 70}")) for at, one in enumerate(SPONSORS)]
    pool = Pool.of(people, crowd_facts())
    for at, newcomer in enumerate(NEWCOMERS):
        asking = replace(newcomer, experiences=(f"tag {at}", f"tag {at + 32}", "unheard of"))
        assert suggest(asking, pool, 10) == by_hand(asking, people, crowd_facts())
