"""When nobody fits: counts by rule for coordinators, and for the newcomer only what they could widen."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from matching.engine import ADJUSTABLE, Facts, Person, Pool, Rule, suggest, what_would_help, why_nobody
from tests.engine import naive
from tests.engine.strategies import MODERATE, facts, perfect_pair, persons, willing


@MODERATE
@given(persons, st.lists(persons, max_size=4), facts)
def test_every_excluded_sponsor_is_counted_once_under_the_first_rule(
    newcomer: Person, sponsors: list[Person], facts: Facts
) -> None:
    pool = Pool.of(sponsors, facts)
    counts = why_nobody(newcomer, pool)
    firsts = [naive.first(naive.broken(newcomer, sponsor, facts)) for sponsor in sponsors]
    assert counts == {rule: firsts.count(rule) for rule in Rule if rule in firsts}
    assert sum(counts.values()) + len(suggest(newcomer, pool, k=len(sponsors))) == len(sponsors)


@MODERATE
@given(willing, st.lists(willing | persons, max_size=4), facts)
def test_widening_is_proposed_only_where_it_alone_would_help(
    newcomer: Person, sponsors: list[Person], facts: Facts
) -> None:
    broken = [naive.broken(newcomer, sponsor, facts) for sponsor in sponsors]
    expected = [rule for rule in ADJUSTABLE if {rule} in broken]
    assert what_would_help(newcomer, Pool.of(sponsors, facts)) == expected


def test_nobody_is_told_to_widen_gender_or_safety() -> None:
    pair = perfect_pair()
    man = replace(pair.sponsor, gender="man")
    blocked = replace(pair.sponsor, id=UUID(int=3))
    facts = replace(pair.facts, barred=frozenset({(blocked.id, pair.newcomer.id)}))
    pool = Pool.of([man, blocked], facts)
    assert why_nobody(pair.newcomer, pool) == {Rule.BARRED: 1, Rule.GENDER: 1}
    assert what_would_help(pair.newcomer, pool) == []


def test_widening_one_thing_is_not_proposed_where_two_stand_in_the_way() -> None:
    pair = perfect_pair()
    newcomer = replace(pair.newcomer, modes=frozenset({"in_person"}))
    far = replace(pair.sponsor, area=2, latitude=41.0)
    assert what_would_help(newcomer, Pool.of([far], pair.facts)) == [Rule.DISTANCE]
    assert what_would_help(newcomer, Pool.of([replace(far, week=1)], pair.facts)) == []


def test_an_empty_pool_excludes_nobody_and_proposes_nothing() -> None:
    pair = perfect_pair()
    pool = Pool.of([], pair.facts)
    assert why_nobody(pair.newcomer, pool) == {}
    assert what_would_help(pair.newcomer, pool) == []
