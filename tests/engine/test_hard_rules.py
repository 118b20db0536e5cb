"""No hard rule can be outscored: not by any weight, any score, or any company of other rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import RULES, Component, Facts, Person, Policy, Pool, Rule, recheck, suggest
from matching.engine.broken import KEPT, first_broken, met
from tests.engine import naive
from tests.engine.moments import TODAY, date_before, days_ago
from tests.engine.strategies import MODERATE, Pair, facts, perfect_pair, persons

SPONSOR = UUID(int=2)
NEWCOMER = UUID(int=1)


def of_sponsor(**changes: object) -> Callable[[Pair], Pair]:
    return lambda pair: replace(pair, sponsor=replace(pair.sponsor, **changes))  # type: ignore[arg-type]


def of_facts(**changes: object) -> Callable[[Pair], Pair]:
    return lambda pair: replace(pair, facts=replace(pair.facts, **changes))  # type: ignore[arg-type]


def only_far_away(pair: Pair) -> Pair:
    return replace(
        pair,
        newcomer=replace(pair.newcomer, modes=frozenset({"in_person"})),
        sponsor=replace(pair.sponsor, area=2, latitude=41.0),
    )


def no_common_way(pair: Pair) -> Pair:
    return replace(
        pair,
        newcomer=replace(pair.newcomer, modes=frozenset({"phone"})),
        sponsor=replace(pair.sponsor, modes=frozenset({"video"})),
    )


SPOILERS: Mapping[Rule, Callable[[Pair], Pair]] = {
    Rule.FELLOWSHIP: of_sponsor(fellowship=2),
    Rule.ACTIVE: of_sponsor(active=False),
    Rule.OFFERS: of_sponsor(is_sponsor=False),
    Rule.APPROVED: of_sponsor(approved=False),
    Rule.CONFIRMED: of_sponsor(confirmed_at=days_ago(36)),
    Rule.PAUSED: of_sponsor(paused_until=TODAY + timedelta(days=1)),
    Rule.BARRED: of_facts(barred=frozenset({(SPONSOR, NEWCOMER)})),
    Rule.GENDER: of_sponsor(gender="man"),
    Rule.LANGUAGE: of_sponsor(languages=frozenset({"es"})),
    Rule.NEEDS: of_sponsor(can_meet=frozenset()),
    Rule.SEATS: of_sponsor(seats_taken=2),
    Rule.MINIMUM_TIME: of_sponsor(recovery_since=date_before(364)),
    Rule.HAS_SPONSOR: of_sponsor(has_sponsor=False),
    Rule.STEPS: of_sponsor(steps_worked=11),
    Rule.DISTANCE: only_far_away,
    Rule.WAY_TO_MEET: no_common_way,
    Rule.HOURS: of_sponsor(week=1),
    Rule.CHAIN: of_facts(chain={SPONSOR: {UUID(int=9)}, UUID(int=9): {NEWCOMER}}),
}
"""One way to break each rule; in this order, since no common way undoes a distance."""

NAMED = (
    Rule.FELLOWSHIP,
    Rule.GENDER,
    Rule.LANGUAGE,
    Rule.BARRED,
    Rule.SEATS,
    Rule.WAY_TO_MEET,
    Rule.MINIMUM_TIME,
    Rule.CHAIN,
)


def spoil(rules: set[Rule]) -> Pair:
    pair = perfect_pair()
    for rule, spoiler in SPOILERS.items():
        if rule in rules:
            pair = spoiler(pair)
    return pair


def suggested(pair: Pair) -> list[UUID]:
    return [one.sponsor for one in suggest(pair.newcomer, Pool.of([pair.sponsor], pair.facts))]


def test_the_perfect_pair_breaks_nothing_and_scores_a_hundred_points() -> None:
    pair = perfect_pair()
    verdict = recheck(pair.newcomer, pair.sponsor, pair.facts)
    assert verdict.eligible
    assert verdict.suggestion is not None
    assert verdict.suggestion.score == 100_000


def test_rules_are_asked_in_the_order_of_the_design() -> None:
    assert [rule.value for rule in RULES] == [
        *("fellowship", "active", "offers", "approved", "confirmed", "paused", "barred", "gender", "language"),
        *("needs", "seats", "minimum_time", "has_sponsor", "steps", "way_to_meet", "distance", "hours", "chain"),
    ]


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone_excludes_a_perfect_sponsor(rule: Rule) -> None:
    pair = spoil({rule})
    assert recheck(pair.newcomer, pair.sponsor, pair.facts).broken == rule
    assert suggested(pair) == []


@pytest.mark.parametrize("size", range(1, len(NAMED) + 1))
def test_every_combination_of_broken_rules_excludes_and_names_the_first(size: int) -> None:
    for rules in combinations(NAMED, size):
        pair = spoil(set(rules))
        assert recheck(pair.newcomer, pair.sponsor, pair.facts).broken == naive.first(set(rules))
        assert suggested(pair) == []


weights = st.dictionaries(st.sampled_from(list(Component)), st.integers(0, 10**6))


@MODERATE
@given(st.sets(st.sampled_from(list(SPOILERS)), min_size=1), weights)
def test_no_weights_bring_back_an_excluded_sponsor(rules: set[Rule], weights: dict[Component, int]) -> None:
    pair = spoil(rules)
    policy = Policy(weights=weights)
    poor = replace(
        perfect_pair().sponsor,
        id=UUID(int=3),
        confirmed_at=days_ago(35),
        recovery_since=date_before(365),
        seats=8,
        seats_taken=7,
    )
    poor = replace(
        poor, recovery_since=date_before(365), fellowship=pair.newcomer.fellowship, modes=pair.newcomer.modes
    )
    found = suggest(pair.newcomer, Pool.of([pair.sponsor, poor], replace(pair.facts, policy=policy)))
    assert [one.sponsor for one in found] == [poor.id]


def test_gender_is_acceptable_both_ways_or_not_at_all() -> None:
    pair = perfect_pair()
    genders = ("woman", "man", "nonbinary", "")
    words = ("woman", "man", "nonbinary", "anyone")
    comforts = [frozenset(some) for size in range(5) for some in combinations(words, size)]
    sponsors = [
        replace(pair.sponsor, id=UUID(int=100 + at), gender=gender, comfortable_with=comfort)
        for at, (gender, comfort) in enumerate(product(genders, comforts))
    ]
    pool = Pool.of(sponsors, pair.facts)
    for gender, comfort in product(genders, comforts):
        newcomer = replace(pair.newcomer, gender=gender, comfortable_with=comfort)
        found = {one.sponsor for one in suggest(newcomer, pool, k=len(sponsors))}
        expected = {one.id for one in sponsors if naive.welcomes(newcomer, one) and naive.welcomes(one, newcomer)}
        assert found == expected


def test_an_unstated_gender_is_acceptable_only_to_who_ticked_anyone() -> None:
    pair = perfect_pair()
    unstated = replace(pair.sponsor, gender="")
    everything = replace(pair.newcomer, comfortable_with=frozenset({"woman", "man", "nonbinary"}))
    anyone = replace(pair.newcomer, comfortable_with=frozenset({"anyone"}))
    assert recheck(everything, unstated, pair.facts).broken == Rule.GENDER
    assert recheck(anyone, unstated, pair.facts).eligible


@MODERATE
@given(persons, st.lists(persons, max_size=4), facts)
def test_the_rules_agree_with_their_plain_peer(newcomer: Person, sponsors: list[Person], facts: Facts) -> None:
    pool = Pool.of(sponsors, facts)
    ask = pool.ask(newcomer)
    expected = [naive.broken(newcomer, sponsor, facts) for sponsor in sponsors]
    for rule in RULES:
        assert met(rule, ask, pool.rows).tolist() == [rule not in rules for rules in expected]
    firsts = [naive.first(rules) for rules in expected]
    codes = first_broken(ask, pool.rows).tolist()
    assert codes == [KEPT if rule is None else RULES.index(rule) for rule in firsts]


@MODERATE
@given(persons, st.lists(persons, min_size=1, max_size=4), facts)
def test_one_pair_is_judged_as_it_is_in_a_pool(newcomer: Person, sponsors: list[Person], facts: Facts) -> None:
    pool = Pool.of(sponsors, facts)
    codes = first_broken(pool.ask(newcomer), pool.rows)
    for sponsor, code in zip(sponsors, codes.tolist(), strict=True):
        assert recheck(newcomer, sponsor, facts).broken == (None if code == KEPT else RULES[code])


def test_a_language_or_need_that_no_sponsor_knows_is_never_met() -> None:
    pair = perfect_pair()
    signer = replace(pair.newcomer, languages=frozenset({"bfi"}))
    unheard = replace(pair.newcomer, needs=frozenset({"guide_dog"}))
    assert recheck(signer, pair.sponsor, pair.facts).broken == Rule.LANGUAGE
    assert recheck(unheard, pair.sponsor, pair.facts).broken == Rule.NEEDS


def test_vocabularies_of_hundreds_of_words_are_kept_apart() -> None:
    pair = perfect_pair()
    sponsors = [
        replace(pair.sponsor, id=UUID(int=100 + at), languages=frozenset({f"language {at}"})) for at in range(200)
    ]
    pool = Pool.of(sponsors, pair.facts)
    for at in (0, 62, 63, 64, 127, 128, 199):
        newcomer = replace(pair.newcomer, languages=frozenset({f"language {at}", "unknown"}))
        assert [one.sponsor for one in suggest(newcomer, pool)] == [UUID(int=100 + at)]


def test_a_block_bars_one_person_and_nobody_whose_id_looks_alike() -> None:
    pair = perfect_pair()
    lookalike = UUID(int=(1 << 64) + SPONSOR.int)
    facts = replace(pair.facts, barred=frozenset({(NEWCOMER, lookalike)}))
    assert recheck(pair.newcomer, pair.sponsor, facts).eligible
    assert recheck(pair.newcomer, replace(pair.sponsor, id=lookalike), facts).broken == Rule.BARRED


def test_nobody_sponsors_themself_or_whom_they_descend_from_even_on_a_cycle() -> None:
    pair = perfect_pair()
    cycle = {UUID(int=3): {UUID(int=4)}, UUID(int=4): {UUID(int=3), NEWCOMER}}
    facts = replace(pair.facts, chain=cycle)
    assert facts.lineage(NEWCOMER) == {NEWCOMER, UUID(int=3), UUID(int=4)}
    assert recheck(pair.newcomer, replace(pair.sponsor, id=NEWCOMER), facts).broken == Rule.CHAIN
    assert recheck(pair.newcomer, replace(pair.sponsor, id=UUID(int=3)), facts).broken == Rule.CHAIN
    assert recheck(pair.newcomer, pair.sponsor, facts).eligible


def test_a_fellowship_that_the_policy_does_not_name_asks_a_year() -> None:
    pair = perfect_pair()
    fresh = replace(pair.sponsor, recovery_since=date_before(10))
    relaxed = replace(pair.facts, policy=Policy(minimum_days={1: 0}))
    assert recheck(pair.newcomer, fresh, pair.facts).broken == Rule.MINIMUM_TIME
    assert recheck(pair.newcomer, fresh, relaxed).eligible
    assert recheck(pair.newcomer, replace(fresh, recovery_since=None), relaxed).eligible


@pytest.mark.parametrize(("metres", "within"), [(30_000, True), (30_001, False)])
def test_in_person_only_keeps_to_the_nearer_limit_of_the_two(metres: int, within: bool) -> None:
    pair = only_far_away(perfect_pair())
    degrees = np.degrees(metres / 6_371_008.8)
    sponsor = replace(pair.sponsor, latitude=40.0 + float(degrees), max_km=500)
    assert recheck(pair.newcomer, sponsor, pair.facts).eligible is within


def test_an_unknown_place_is_within_no_limit_but_any() -> None:
    pair = only_far_away(perfect_pair())
    nowhere = replace(pair.sponsor, area=None, latitude=None, longitude=None, max_km=None)
    assert recheck(pair.newcomer, nowhere, pair.facts).broken == Rule.DISTANCE
    assert recheck(replace(pair.newcomer, max_km=None), nowhere, pair.facts).eligible
