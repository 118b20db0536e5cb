"""A round solved in parts, by whomever and in whatever order, is the round solved as a whole."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import (
    Cancelled,
    Facts,
    Part,
    Pool,
    Round,
    StableRound,
    check_round,
    check_stable,
    join,
    join_stable,
    match_round,
    match_stable,
    service_of,
    split,
)
from tests.engine.crowd import crowd
from tests.engine.moments import NOW
from tests.engine.plain import Office, bonus, number, offices
from tests.engine.strategies import MODERATE, ORDINARY, ids, persons, willing

CROWD = Office(*crowd(80, 60, fellowships=3), Facts(now=NOW, monday=ORDINARY))


@st.composite
def divided(draw: st.DrawFn) -> Office:
    """People of two fellowships and languages, so that there are several parts, and some who are in none."""
    office = draw(offices())
    words = st.tuples(st.integers(1, 2), st.sampled_from(("en", "es")))
    people = [
        [replace(one, fellowship=of, languages=frozenset({word})) for one in side for of, word in [draw(words)]]
        for side in (office.newcomers, office.sponsors)
    ]
    chain = draw(st.dictionaries(ids, st.frozensets(ids, max_size=2), max_size=3))
    return Office(people[0], people[1], replace(office.facts, chain=chain))


def parts_of(office: Office) -> list[Part]:
    return split(office.newcomers, office.sponsors, office.facts)


def solved(office: Office, service: int) -> list[Round]:
    return [match_round(one.newcomers, Pool.of(one.sponsors, one.facts), service=service) for one in parts_of(office)]


def joined(office: Office, *, room: int = 1) -> Round:
    service = room * service_of(office.newcomers, office.facts)
    return join(solved(office, service), office.newcomers, office.sponsors, office.facts, service=service)


def reached(office: Office, round_: Round | StableRound) -> tuple[int, int]:
    served = {one.newcomer for one in round_.assignments}
    waited = sum(bonus(one, office.facts.policy) for one in office.newcomers if one.id in served)
    return len(served), sum(one.score for one in round_.assignments) + waited


@MODERATE
@given(divided() | offices())
def test_parts_joined_serve_as_many_with_the_same_total_as_the_whole_and_are_accepted(office: Office) -> None:
    whole = match_round(office.newcomers, Pool.of(office.sponsors, office.facts))
    found = joined(office)
    assert reached(office, found) == reached(office, whole)
    check_round(office.newcomers, office.sponsors, office.facts, found)


@MODERATE
@given(divided())
def test_room_for_people_who_join_later_changes_neither_count_nor_total(office: Office) -> None:
    assert reached(office, joined(office, room=2)) == reached(office, joined(office))
    check_round(office.newcomers, office.sponsors, office.facts, joined(office, room=2))


@MODERATE
@given(divided())
def test_stable_parts_joined_are_the_stable_round_of_the_whole(office: Office) -> None:
    rounds = [match_stable(one.newcomers, Pool.of(one.sponsors, one.facts)) for one in parts_of(office)]
    found = join_stable(rounds, office.newcomers, office.sponsors, office.facts)
    assert found == match_stable(office.newcomers, Pool.of(office.sponsors, office.facts))
    check_stable(office.newcomers, office.sponsors, office.facts, found)


@MODERATE
@given(divided(), st.randoms(use_true_random=False))
def test_the_order_in_which_parts_come_back_changes_nothing(office: Office, random: Random) -> None:
    service = service_of(office.newcomers, office.facts)
    rounds = solved(office, service)
    again = random.sample(rounds, len(rounds))
    whole = office.newcomers, office.sponsors, office.facts
    assert join(again, *whole, service=service) == join(rounds, *whole, service=service)


@MODERATE
@given(divided())
def test_nobody_is_in_two_parts_and_no_pair_is_torn_apart(office: Office) -> None:
    parts = parts_of(office)
    placed = [one.id for part in parts for one in (*part.newcomers, *part.sponsors)]
    assert len(placed) == len(set(placed))
    of = {one.id: at for at, part in enumerate(parts) for one in (*part.newcomers, *part.sponsors)}
    whole = match_round(office.newcomers, Pool.of(office.sponsors, office.facts))
    assert all(of[one.newcomer] == of[one.sponsor] for one in whole.assignments)


def test_a_crowd_falls_into_parts_of_one_fellowship_each() -> None:
    fellowships = [{one.fellowship for one in (*part.newcomers, *part.sponsors)} for part in parts_of(CROWD)]
    assert set().union(*fellowships) == {1, 2, 3}
    assert all(len(some) == 1 for some in fellowships)
    check_round(CROWD.newcomers, CROWD.sponsors, CROWD.facts, joined(CROWD))


def test_a_part_knows_the_blocks_and_lines_of_its_own_people_only() -> None:
    one, two = CROWD.newcomers[:2]
    mine = next(part for part in parts_of(CROWD) if one in part.newcomers)
    outside = next(part for part in parts_of(CROWD) if one not in part.newcomers)
    here, there = mine.sponsors[0].id, outside.sponsors[0].id
    facts = replace(
        CROWD.facts,
        barred=frozenset({(here, one.id), (one.id, there), (two.id, one.id)}),
        chain={here: frozenset({one.id, there}), there: frozenset({here}), two.id: frozenset({outside.sponsors[1].id})},
    )
    found = next(part for part in split(CROWD.newcomers, CROWD.sponsors, facts) if one in part.newcomers)
    assert found.facts.barred == {(here, one.id)}
    assert found.facts.lineage(one.id) == facts.lineage(one.id)
    assert two.id not in found.facts.chain


def test_without_anybody_there_is_nothing_to_join() -> None:
    nobody = Office([], [], CROWD.facts)
    assert parts_of(nobody) == []
    check_round([], [], CROWD.facts, joined(nobody))


def test_a_part_solved_with_another_service_is_refused() -> None:
    service = service_of(CROWD.newcomers, CROWD.facts)
    rounds = [*solved(CROWD, service)[1:], *solved(CROWD, service + 1)[:1]]
    with pytest.raises(ValueError, match="another service"):
        join(rounds, CROWD.newcomers, CROWD.sponsors, CROWD.facts, service=service)


def test_a_service_that_scores_could_outweigh_is_refused() -> None:
    with pytest.raises(ValueError, match="outweigh"):
        match_round(CROWD.newcomers, Pool.of(CROWD.sponsors, CROWD.facts), service=1000)
    with pytest.raises(OverflowError):
        match_round(CROWD.newcomers, Pool.of(CROWD.sponsors, CROWD.facts), service=1 << 60)


def test_a_round_that_nobody_wants_any_more_ends_between_passes() -> None:
    asked = []

    def still_wanted() -> bool:
        asked.append(1)
        return len(asked) < 2

    pool = Pool.of(CROWD.sponsors, CROWD.facts)
    with pytest.raises(Cancelled):
        match_round(CROWD.newcomers, pool, still_wanted=still_wanted)
    assert len(asked) >= 2, "the parts may be solved side by side"
    assert match_round(CROWD.newcomers, pool, still_wanted=lambda: True) == match_round(CROWD.newcomers, pool)


@MODERATE
@given(st.lists(persons | willing, max_size=4).map(lambda some: number(some, 1)))
def test_anybody_at_all_can_be_split(people: list[object]) -> None:
    office = Office(people, people, CROWD.facts)  # type: ignore[arg-type]
    check_round(office.newcomers, office.sponsors, office.facts, joined(office))
