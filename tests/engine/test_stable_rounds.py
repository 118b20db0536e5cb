"""In a stable round no two people would both rather have each other."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Assignment, Facts, Pool, Refused, StableRound, check_stable, match_round, match_stable
from tests.engine.crowd import crowd
from tests.engine.moments import NOW
from tests.engine.plain import Office, offices, table
from tests.engine.strategies import MODERATE, ORDINARY

CROWD = Office(*crowd(80, 30), Facts(now=NOW, monday=ORDINARY))


def stable(office: Office) -> StableRound:
    return match_stable(office.newcomers, Pool.of(office.sponsors, office.facts))


def check(office: Office, found: StableRound) -> None:
    check_stable(office.newcomers, office.sponsors, office.facts, found)


@MODERATE
@given(offices())
def test_a_stable_round_has_no_blocking_pair(office: Office) -> None:
    check(office, stable(office))


def test_the_stable_round_of_a_crowd_has_no_blocking_pair() -> None:
    found = stable(CROWD)
    assert found.assignments
    assert found.left
    check(CROWD, found)


@MODERATE
@given(offices(least=2), st.data())
def test_two_who_are_exchanged_make_a_blocking_pair(office: Office, data: st.DataObject) -> None:
    """All wishes are strict and scores are mutual, so the stable round is the only one."""
    found, scores = stable(office), table(office)
    exchanges = [
        (one, other)
        for one, other in product(found.assignments, repeat=2)
        if one.sponsor < other.sponsor
        and (one.newcomer, other.sponsor) in scores
        and (other.newcomer, one.sponsor) in scores
    ]
    if not exchanges:
        return
    one, other = data.draw(st.sampled_from(exchanges))
    rest = [each for each in found.assignments if each not in (one, other)]
    crossed = [
        Assignment(one.newcomer, other.sponsor, scores[one.newcomer, other.sponsor]),
        Assignment(other.newcomer, one.sponsor, scores[other.newcomer, one.sponsor]),
    ]
    with pytest.raises(Refused, match="rather"):
        check(office, replace(found, assignments=(*rest, *crossed)))


def test_the_round_of_the_highest_total_is_not_always_stable() -> None:
    best = match_round(CROWD.newcomers, Pool.of(CROWD.sponsors, CROWD.facts))
    assert len(best.assignments) >= len(stable(CROWD).assignments)
    with pytest.raises(Refused, match="rather"):
        check(CROWD, StableRound(best.assignments, best.left))


@MODERATE
@given(offices(), st.randoms(use_true_random=False))
def test_the_order_of_the_people_changes_nothing(office: Office, random: Random) -> None:
    shuffled = replace(
        office,
        newcomers=random.sample(office.newcomers, len(office.newcomers)),
        sponsors=random.sample(office.sponsors, len(office.sponsors)),
    )
    assert stable(shuffled) == stable(office)
