"""What goes to another machine comes back as it was, to the last bit."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Facts, Part, Person, Policy, Pool, match_round, match_stable, wire
from tests.engine.crowd import crowd
from tests.engine.moments import NOW
from tests.engine.plain import Office, offices
from tests.engine.strategies import MODERATE, ORDINARY, facts, persons, policies


def sent(plain: Any) -> Any:
    """Through text, as strict JSON has it."""
    return json.loads(json.dumps(plain, allow_nan=False))


@MODERATE
@given(persons)
def test_a_person_comes_back(one: Person) -> None:
    assert wire.to_person(sent(wire.from_person(one))) == one


@MODERATE
@given(policies)
def test_a_policy_comes_back(policy: Policy) -> None:
    assert wire.to_policy(sent(wire.from_policy(policy))) == policy


@MODERATE
@given(facts)
def test_facts_come_back(around: Facts) -> None:
    back = wire.to_facts(sent(wire.from_facts(around)))
    assert back == around
    assert all(back.lineage(one) == around.lineage(one) for one in around.chain)


@MODERATE
@given(st.lists(persons, max_size=3), st.lists(persons, max_size=3), facts)
def test_a_part_comes_back(newcomers: list[Person], sponsors: list[Person], around: Facts) -> None:
    part = Part(tuple(newcomers), tuple(sponsors), around)
    assert wire.to_part(wire.unpack(wire.pack(wire.from_part(part)))) == part


@MODERATE
@given(offices())
def test_rounds_come_back(office: Office) -> None:
    pool = Pool.of(office.sponsors, office.facts)
    best, stable = match_round(office.newcomers, pool), match_stable(office.newcomers, pool)
    assert wire.to_round(sent(wire.from_round(best))) == best
    assert wire.to_stable_round(sent(wire.from_round(stable))) == stable


@MODERATE
@given(facts)
def test_the_mark_is_that_of_the_people_and_not_of_the_time(around: Facts) -> None:
    newcomers, sponsors = crowd(2, 2)
    part = Part(tuple(newcomers), tuple(sponsors), around)
    later = replace(around, now=around.now + timedelta(days=3), monday=around.monday + timedelta(days=7))
    assert wire.mark(replace(part, facts=later)) == wire.mark(part)
    busier = replace(sponsors[0], seats_taken=sponsors[0].seats_taken + 1)
    assert wire.mark(replace(part, sponsors=(busier, sponsors[1]))) != wire.mark(part)
    heavier = replace(around, policy=replace(around.policy, waiting_bonus=around.policy.waiting_bonus + 1))
    assert wire.mark(replace(part, facts=heavier)) != wire.mark(part)


def test_a_packed_crowd_is_small() -> None:
    newcomers, sponsors = crowd(500, 500)
    part = Part(tuple(newcomers), tuple(sponsors), Facts(now=NOW, monday=ORDINARY))
    assert len(wire.pack(wire.from_part(part))) < 150_000
