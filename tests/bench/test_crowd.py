"""The crowd that is measured is the same for everybody, and is what its description promises."""

import pytest

from recovery_match.bench import crowd as made_up
from recovery_match.bench.crowd import crowd
from recovery_match.bench.population import CrowdTask, look_at
from tests.engine.moments import NOW


def test_the_same_numbers_and_seed_give_the_same_people() -> None:
    assert crowd(50, 40, seed=3) == crowd(50, 40, seed=3)


def test_another_seed_gives_other_people() -> None:
    assert crowd(50, 40, seed=3) != crowd(50, 40, seed=4)


def test_nobody_is_drawn_twice() -> None:
    newcomers, sponsors = crowd(3000, 3000)
    assert len({one.id for one in [*newcomers, *sponsors]}) == 6000


@pytest.mark.parametrize("people", [1000, 4000, 10_000])
def test_about_nine_of_a_hundred_pairs_are_eligible_in_crowds_of_any_size(people: int) -> None:
    assert 0.08 < look_at(CrowdTask(newcomers=people, sponsors=people)).eligible < 0.1


def test_areas_grow_with_the_crowd() -> None:
    assert look_at(CrowdTask(newcomers=0, sponsors=10_000)).areas == 40
    assert look_at(CrowdTask(newcomers=0, sponsors=2500)).areas == 10


def test_every_sponsor_of_the_crowd_has_a_free_seat() -> None:
    _, sponsors = crowd(0, 5000)
    free = [one.seats - one.seats_taken for one in sponsors]
    assert min(free) == 1
    assert 1.1 < sum(free) / len(free) < 1.2


def test_the_crowd_lives_at_the_moment_of_the_engine_tests() -> None:
    assert made_up.NOW == NOW


def test_nobody_is_drawn_where_nobody_is_wanted() -> None:
    assert crowd(0, 0) == ([], [])
