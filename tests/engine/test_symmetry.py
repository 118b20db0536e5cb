"""What two people have in common does not depend on who asks."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from matching.engine import Component, Facts, Person, Pool, Rule
from matching.engine.broken import met
from matching.engine.closer import PARTS, closely
from matching.engine.scoring import COMPONENTS
from tests.engine.strategies import MODERATE, calm, facts, persons, willing

SYMMETRIC_RULES = (
    Rule.FELLOWSHIP,
    Rule.ACTIVE,
    Rule.BARRED,
    Rule.GENDER,
    Rule.LANGUAGE,
    Rule.NEEDS,
    Rule.WAY_TO_MEET,
    Rule.DISTANCE,
    Rule.HOURS,
)
SYMMETRIC_COMPONENTS = (Component.AVAILABILITY, Component.NEARNESS, Component.HOME_GROUP, Component.APPROACH)


def holds(rule: Rule, newcomer: Person, sponsor: Person, facts: Facts) -> bool:
    pool = Pool.of([sponsor], facts)
    return bool(met(rule, pool.ask(newcomer), pool.rows)[0])


def points(newcomer: Person, sponsor: Person, facts: Facts) -> dict[Component, int]:
    pool = Pool.of([sponsor], facts)
    return dict(zip(COMPONENTS, closely(pool.ask(newcomer), pool.rows)[0, :PARTS].tolist(), strict=True))


@MODERATE
@given(persons, persons, facts)
def test_a_rule_between_two_people_reads_the_same_both_ways(one: Person, other: Person, facts: Facts) -> None:
    for rule in SYMMETRIC_RULES:
        assert holds(rule, one, other, facts) == holds(rule, other, one, facts)


@MODERATE
@given(persons, persons, facts)
def test_what_is_shared_scores_the_same_both_ways(one: Person, other: Person, facts: Facts) -> None:
    there, back = points(one, other, facts), points(other, one, facts)
    for component in SYMMETRIC_COMPONENTS:
        assert there[component] == back[component]


@MODERATE
@given(willing, calm)
def test_two_alike_score_alike_both_ways(one: Person, facts: Facts) -> None:
    twin = replace(one, last_offer_at=one.last_offer_at and one.last_offer_at + timedelta(days=1))
    assert points(one, twin, facts) == points(twin, one, facts)
