"""A round serves as many people as can be served, and among those choices has the highest total."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import (
    DEFAULT_WEIGHTS,
    Component,
    Facts,
    Person,
    Policy,
    Pool,
    Round,
    auction,
    match_round,
    optimum,
    rough,
)
from matching.engine.edges import Field
from matching.engine.search import ANYTHING
from tests.engine.crowd import crowd
from tests.engine.moments import NOW, days_ago
from tests.engine.plain import Office, best, bonus, dense, offices
from tests.engine.strategies import MODERATE, ORDINARY, perfect_pair


def round_of(office: Office) -> Round:
    return match_round(office.newcomers, Pool.of(office.sponsors, office.facts))


def reached(office: Office, found: Round) -> tuple[int, int]:
    served = {one.newcomer for one in found.assignments}
    waited = sum(bonus(one, office.facts.policy) for one in office.newcomers if one.id in served)
    return len(found.assignments), found.total + waited


def at_a_time(patch: pytest.MonkeyPatch, few: int) -> None:
    """Let so many pairs of each be looked at in the beginning, and be added at once."""
    for name in ("FIRST_FEW", "NEXT_FEW", "FEW_MORE"):
        patch.setattr(rough, name, few)
    patch.setattr(optimum, "FEW_MORE", few)


@MODERATE
@given(offices(), st.integers(1, 5))
def test_the_best_pairs_of_each_are_found_without_looking_at_all(office: Office, few: int) -> None:
    field = Field.of(office.newcomers, Pool.of(office.sponsors, office.facts))
    nothing = np.zeros(len(field.rows), dtype=np.int64)
    found = field.best(nothing, np.zeros(len(field.newcomers), dtype=np.int64), ANYTHING, few)
    for at in range(len(field.newcomers)):
        best = sorted(field.edges(at).worths.tolist(), reverse=True)[:few]
        assert sorted(found.worths[found.newcomers == at].tolist(), reverse=True) == best


@MODERATE
@given(offices())
def test_a_round_equals_the_best_of_all_choices(office: Office) -> None:
    assert reached(office, round_of(office)) == best(office)


@MODERATE
@given(offices())
def test_pairs_that_were_left_out_at_first_are_found_by_their_prices(office: Office) -> None:
    with pytest.MonkeyPatch.context() as patch:
        at_a_time(patch, 1)
        assert reached(office, round_of(office)) == best(office)


@pytest.mark.parametrize(("newcomers", "sponsors", "seed"), [(60, 60, 1), (90, 40, 2), (40, 90, 3), (110, 80, 4)])
def test_a_round_of_a_crowd_equals_the_dense_solver(newcomers: int, sponsors: int, seed: int) -> None:
    office = Office(*crowd(newcomers, sponsors, seed=seed), Facts(now=NOW, monday=ORDINARY))
    assert reached(office, round_of(office)) == dense(office)


@MODERATE
@given(st.integers(8, 28), st.integers(8, 28), st.integers(1, 3), st.integers(0, 10**6))
def test_a_round_of_any_medium_crowd_equals_the_dense_solver(
    newcomers: int, sponsors: int, fellowships: int, seed: int
) -> None:
    """Scored pair by pair in plain Python, and solved by scipy."""
    people = crowd(newcomers, sponsors, fellowships=fellowships, seed=seed)
    office = Office(*people, Facts(now=NOW, monday=ORDINARY))
    assert reached(office, round_of(office)) == dense(office)


@MODERATE
@given(offices(), st.randoms(use_true_random=False))
def test_the_order_of_the_people_changes_nothing(office: Office, random: Random) -> None:
    shuffled = Office(
        random.sample(office.newcomers, len(office.newcomers)),
        random.sample(office.sponsors, len(office.sponsors)),
        office.facts,
    )
    assert round_of(shuffled) == round_of(office)


@pytest.mark.parametrize(
    ("stride", "small", "few", "steps", "enough"),
    [
        (7, 20, 20, (100, 30, 10), 1.0),
        (256, 1, 20, (100,), 0.0),
        (256, 2, 1, (1000, 0), 0.0),
        (7, 1, 2, (0, 0, 0), 99.0),
    ],
)
def test_how_the_work_is_cut_up_changes_nothing(
    stride: int, small: int, few: int, steps: tuple[int, ...], enough: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for newcomers, sponsors in ((80, 60), (90, 30)):
        office = Office(*crowd(newcomers, sponsors, fellowships=2), Facts(now=NOW, monday=ORDINARY))
        expected = dense(office)
        monkeypatch.setattr("matching.engine.edges.STRIDE", stride)
        monkeypatch.setattr(rough, "SMALL", small)
        monkeypatch.setattr(rough, "STEPS", steps)
        monkeypatch.setattr(rough, "ENOUGH", enough)
        at_a_time(monkeypatch, few)
        assert reached(office, round_of(office)) == expected


def test_how_many_threads_work_at_it_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(*crowd(90, 70, fellowships=3), Facts(now=NOW, monday=ORDINARY))
    monkeypatch.setattr("matching.engine.edges.STRIDE", 7)
    found = []
    for threads in (1, 2, 5):
        for module in ("edges", "rounds"):
            monkeypatch.setattr(f"matching.engine.{module}.processors", lambda many=threads: many)
        found.append(round_of(office))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("most", [4, 30])
def test_many_experiences_are_told_apart(most: int) -> None:
    """More than the search can tell apart at a glance."""
    dice, tags = Random(most), [f"tag {number}" for number in range(40)]

    def with_tags(people: list[Person]) -> list[Person]:
        return [replace(one, experiences=tuple(dice.sample(tags, dice.randint(0, most)))) for one in people]

    newcomers, sponsors = crowd(70, 60, fellowships=1)
    facts = Facts(now=NOW, monday=ORDINARY, policy=Policy(weights={**DEFAULT_WEIGHTS, Component.EXPERIENCE: 60}))
    office = Office(with_tags(newcomers), with_tags(sponsors), facts)
    assert reached(office, round_of(office)) == dense(office)


def test_an_auction_that_is_cut_short_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(*crowd(90, 70, fellowships=2), Facts(now=NOW, monday=ORDINARY))
    expected = dense(office)
    for bids in (0, 1):
        monkeypatch.setattr(auction, "MOST_BIDS", bids)
        assert reached(office, round_of(office)) == expected


def test_more_people_served_outweighs_any_score() -> None:
    pair = perfect_pair()
    picky = replace(pair.newcomer, id=UUID(int=9), comfortable_with=frozenset({"man"}))
    picky = replace(picky, experiences=(), home_group=None, approach="secular", area=2)
    man = replace(pair.sponsor, id=UUID(int=8), gender="man", comfortable_with=frozenset({"anyone"}), seats=1)
    woman = replace(pair.sponsor, confirmed_at=days_ago(35), answered_in_time=0.0, home_group=None, approach="secular")
    easy = replace(pair.newcomer, comfortable_with=frozenset({"anyone"}))
    office = Office([easy, picky], [man, woman], pair.facts)
    assert [(one.newcomer, one.sponsor) for one in round_of(office).assignments] == [
        (easy.id, woman.id),
        (picky.id, man.id),
    ]


def test_of_two_alike_the_one_who_waited_longer_is_served() -> None:
    pair = perfect_pair()
    old = replace(pair.newcomer, id=UUID(int=9), waiting_since=NOW - timedelta(days=9))
    new = replace(pair.newcomer, waiting_since=NOW - timedelta(days=2))
    found = round_of(Office([new, old], [replace(pair.sponsor, seats=1)], pair.facts))
    assert [one.newcomer for one in found.assignments] == [old.id]
    assert [(one.newcomer, one.eligible, one.excluded) for one in found.left] == [(new.id, 1, {})]


def test_no_waiting_outweighs_one_point() -> None:
    pair = perfect_pair()
    policy = Policy(weights={Component.EXPERIENCE: 2}, waiting_bonus=1000)
    old = replace(pair.newcomer, id=UUID(int=9), waiting_since=NOW - timedelta(days=900))
    old = replace(old, experiences=())
    found = round_of(Office([pair.newcomer, old], [replace(pair.sponsor, seats=1)], replace(pair.facts, policy=policy)))
    assert [one.newcomer for one in found.assignments] == [pair.newcomer.id]
