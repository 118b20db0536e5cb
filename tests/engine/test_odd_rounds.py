"""Rounds of odd people end in an answer or a clear error."""

from dataclasses import replace
from uuid import UUID

import pytest

from matching.engine import (
    Component,
    Person,
    Policy,
    Pool,
    Round,
    Rule,
    check_round,
    check_stable,
    match_round,
    match_stable,
    suggest,
)
from tests.engine.strategies import ALL_HOURS, perfect_pair

PAIR = perfect_pair()


def many(person: Person, count: int, first: int) -> list[Person]:
    return [replace(person, id=UUID(int=first + at)) for at in range(count)]


def checked(newcomers: list[Person], sponsors: list[Person], policy: Policy | None = None) -> Round:
    facts = replace(PAIR.facts, policy=policy or PAIR.facts.policy)
    pool = Pool.of(sponsors, facts)
    found = match_round(newcomers, pool)
    check_round(newcomers, sponsors, facts, found)
    check_stable(newcomers, sponsors, facts, match_stable(newcomers, pool))
    return found


@pytest.mark.parametrize(("newcomers", "sponsors"), [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_a_side_serves_nobody(newcomers: int, sponsors: int) -> None:
    found = checked(many(PAIR.newcomer, newcomers, 1), many(PAIR.sponsor, sponsors, 100))
    assert (found.assignments, len(found.left), found.certificate.bound) == ((), newcomers, 0)


def test_no_eligible_pair_serves_nobody_and_says_why() -> None:
    found = checked(many(replace(PAIR.newcomer, week=0), 2, 1), many(PAIR.sponsor, 3, 100))
    assert [(one.eligible, one.excluded) for one in found.left] == [(0, {Rule.HOURS: 3})] * 2


def test_sponsors_of_no_seats_serve_nobody() -> None:
    found = checked(
        many(PAIR.newcomer, 2, 1), [replace(PAIR.sponsor, seats=0), *many(replace(PAIR.sponsor, seats_taken=9), 2, 50)]
    )
    assert [one.excluded for one in found.left] == [{Rule.SEATS: 3}] * 2


def test_all_tied_fill_every_seat() -> None:
    found = checked(many(PAIR.newcomer, 60, 1), many(PAIR.sponsor, 20, 100), Policy(weights={}, waiting_bonus=0))
    assert (len(found.assignments), len(found.left), found.total) == (40, 20, 0)


@pytest.mark.parametrize(("newcomers", "sponsors", "served"), [(2000, 1500, 2000), (2000, 500, 1000)])
def test_thousands_alike_are_all_served_as_far_as_seats_go(newcomers: int, sponsors: int, served: int) -> None:
    found = match_round(many(PAIR.newcomer, newcomers, 1), Pool.of(many(PAIR.sponsor, sponsors, 10**6), PAIR.facts))
    assert (len(found.assignments), found.total) == (served, served * 100_000)


def test_a_sponsor_may_ask_in_the_same_round_but_never_gets_themself() -> None:
    both = replace(PAIR.sponsor, seats=5)
    found = checked([both, PAIR.newcomer], [both])
    assert [(one.newcomer, one.sponsor) for one in found.assignments] == [(PAIR.newcomer.id, both.id)]


def test_somebody_twice_on_one_side_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        match_round([PAIR.newcomer, PAIR.newcomer], Pool.of([PAIR.sponsor], PAIR.facts))
    with pytest.raises(ValueError, match="twice"):
        match_round([PAIR.newcomer], Pool.of([PAIR.sponsor, PAIR.sponsor], PAIR.facts))


def test_weights_too_high_for_exact_sums_are_an_error() -> None:
    facts = replace(PAIR.facts, policy=Policy(weights={Component.RECOVERY: 1 << 40}))
    with pytest.raises(OverflowError):
        match_round([PAIR.newcomer], Pool.of([PAIR.sponsor], facts))


def test_a_crowd_of_which_nobody_can_be_passed_over_is_refused_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.engine.board.MOST_LOOKS", 30 * 40 - 1)
    for newcomer, sponsor in (
        (PAIR.newcomer, PAIR.sponsor),
        (replace(PAIR.newcomer, area=None, latitude=None), replace(PAIR.sponsor, area=None, latitude=None)),
    ):
        with pytest.raises(OverflowError, match="alike"):
            match_round(many(newcomer, 30, 1), Pool.of(many(sponsor, 40, 100), PAIR.facts))
        assert match_round(many(newcomer, 20, 1), Pool.of(many(sponsor, 40, 100), PAIR.facts)).assignments


@pytest.mark.parametrize("week", [0, 1, ALL_HOURS])
@pytest.mark.parametrize("one_bucket", [True, False])
def test_weeks_of_no_hour_and_of_all_hours_end_in_an_answer(week: int, one_bucket: bool) -> None:
    newcomers = many(replace(PAIR.newcomer, week=week), 4, 1)
    sponsors = many(replace(PAIR.sponsor, week=week), 3, 100)
    if not one_bucket:
        sponsors[0] = replace(sponsors[0], modes=frozenset({"phone"}), approach="secular")
    assert len(checked(newcomers, sponsors).assignments) == (4 if week else 0)


def test_very_many_alike_are_told_apart_by_their_ids(long: bool) -> None:
    """A million with --long."""
    sponsors = many(PAIR.sponsor, 1_000_000 if long else 20_000, 10**6)
    found = suggest(PAIR.newcomer, Pool.of(sponsors, PAIR.facts), 5)
    assert [one.sponsor.int for one in found] == [10**6 + at for at in range(5)]
    assert {one.score for one in found} == {100_000}
