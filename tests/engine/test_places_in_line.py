"""A waiting person's place gets worse by nothing but a scarcer pool."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import Person, Policy, Pool, Standing, match_round
from tests.engine.moments import NOW
from tests.engine.plain import Office, offices
from tests.engine.strategies import MODERATE, persons, willing


def served(office: Office) -> set[UUID]:
    found = match_round(office.newcomers, Pool.of(office.sponsors, office.facts))
    return {one.newcomer for one in found.assignments}


def standing(office: Office) -> Standing:
    return Standing(office.newcomers, Pool.of(office.sponsors, office.facts))


def in_place(round_: Standing) -> set[UUID]:
    return {one.newcomer for one in round_.round().assignments}


@MODERATE
@given(offices(least=1), st.integers(1, 30), st.data())
def test_whoever_is_served_is_still_served_after_more_days_of_waiting(
    office: Office, days: int, data: st.DataObject
) -> None:
    policy = replace(office.facts.policy, waiting_bonus=10)
    office = replace(office, facts=replace(office.facts, policy=policy))
    one = data.draw(st.sampled_from(office.newcomers))
    assume(one.id in served(office))
    longer = replace(one, waiting_since=(one.waiting_since or NOW) - timedelta(days=days))
    others = [each for each in office.newcomers if each.id != one.id]
    assert one.id in served(replace(office, newcomers=[*others, longer]))


@MODERATE
@given(offices(least=1), willing | persons)
def test_whoever_is_served_stays_so_when_a_sponsor_joins(office: Office, sponsor: Person) -> None:
    round_ = standing(office)
    before = in_place(round_)
    round_.sponsor_joins(replace(sponsor, id=UUID(int=99)))
    assert before <= in_place(round_)


@MODERATE
@given(offices(least=2), st.data())
def test_whoever_is_served_stays_so_when_another_newcomer_leaves(office: Office, data: st.DataObject) -> None:
    round_ = standing(office)
    before = in_place(round_)
    gone = data.draw(st.sampled_from(office.newcomers)).id
    round_.leave(gone)
    assert before - {gone} <= in_place(round_)


@MODERATE
@given(offices(least=1), willing)
def test_another_newcomer_takes_at_most_one_place(office: Office, newcomer: Person) -> None:
    round_ = standing(office)
    before = in_place(round_)
    round_.join(replace(newcomer, id=UUID(int=99)))
    assert len(before - in_place(round_)) <= 1


@MODERATE
@given(offices(least=1), st.integers(1, 50))
def test_other_weights_serve_as_many_people(office: Office, weight: int) -> None:
    policy = Policy(weights=dict.fromkeys(office.facts.policy.weights, weight), waiting_bonus=10)
    assert len(served(office)) == len(served(replace(office, facts=replace(office.facts, policy=policy))))
