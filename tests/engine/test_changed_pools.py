"""A pool that was changed answers as one that is made of the changed people."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Facts, Person, Pool, suggest, what_would_help, why_nobody
from tests.engine.strategies import MODERATE, calm, facts, perfect_pair, persons, willing

FEW = st.integers(1, 6).map(lambda number: UUID(int=1000 + number))
crowds = st.lists(st.builds(replace, willing | persons, id=FEW), max_size=6, unique_by=lambda one: one.id)


def answers(newcomer: Person, pool: Pool, without: frozenset[UUID] = frozenset()) -> tuple[object, ...]:
    """Everything that a newcomer may ask a pool."""
    return (
        suggest(newcomer, pool, k=10, without=without),
        why_nobody(newcomer, pool, without=without),
        what_would_help(newcomer, pool, without=without),
    )


@MODERATE
@given(willing, crowds, crowds, st.frozensets(FEW), calm | facts)
def test_a_changed_pool_answers_as_a_new_one_of_the_same_people(
    newcomer: Person, before: list[Person], changes: list[Person], gone: frozenset[UUID], facts: Facts
) -> None:
    left = {one.id: one for one in before if one.id not in gone} | {one.id: one for one in changes}
    pool = Pool.of(before, facts)
    first = answers(newcomer, pool)
    changed = pool.changed(changes, gone)
    assert answers(newcomer, changed) == answers(newcomer, Pool.of(list(left.values()), facts))
    assert answers(newcomer, pool) == first


def test_words_that_come_with_a_change_are_told_apart_however_many() -> None:
    pair = perfect_pair()
    asking = replace(pair.newcomer, experiences=("tag 150", "tag 3"))
    one, other = (replace(pair.sponsor, id=UUID(int=1000 + at), experiences=()) for at in range(2))
    many = replace(one, experiences=tuple(f"tag {number}" for number in range(200)))
    for before, changes in (([one, other], [many]), ([many, other], [replace(other, experiences=("tag 3",))])):
        left = {each.id: each for each in [*before, *changes]}
        pool = Pool.of(before, pair.facts)
        answers(asking, pool)
        assert answers(asking, pool.changed(changes)) == answers(asking, Pool.of(list(left.values()), pair.facts))


@MODERATE
@given(willing, crowds, facts, facts, st.timedeltas(timedelta(days=-3), timedelta(days=3)))
def test_a_pool_under_other_facts_answers_as_a_new_one_under_them(
    newcomer: Person, people: list[Person], before: Facts, after: Facts, later: timedelta
) -> None:
    after = replace(after, monday=before.monday, now=after.now + later)
    assert answers(newcomer, Pool.of(people, before).under(after)) == answers(newcomer, Pool.of(people, after))


def test_a_pool_is_not_taken_to_another_week() -> None:
    pair = perfect_pair()
    pool = Pool.of([pair.sponsor], pair.facts)
    with pytest.raises(ValueError, match="Monday"):
        pool.under(replace(pair.facts, monday=pair.facts.monday + timedelta(days=7)))


@MODERATE
@given(willing, crowds, st.frozensets(FEW), calm | facts)
def test_whoever_is_left_out_is_as_good_as_not_there(
    newcomer: Person, people: list[Person], without: frozenset[UUID], facts: Facts
) -> None:
    others = Pool.of([one for one in people if one.id not in without], facts)
    assert answers(newcomer, Pool.of(people, facts), without) == answers(newcomer, others)
