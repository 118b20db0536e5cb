"""What keeps up is as good as what is made anew."""

import pytest

from matching.engine import Pool
from recovery_match.bench.crowd import crowd, facts
from recovery_match.bench.mending import TIMES, MendTask, mend
from recovery_match.bench.upkeep import catching_up


@pytest.mark.parametrize(("newcomers", "sponsors"), [(120, 80), (80, 120), (3, 5)])
def test_a_mended_round_is_as_good_as_one_solved_anew(newcomers: int, sponsors: int) -> None:
    answer = mend(MendTask(newcomers=newcomers, sponsors=sponsors))
    assert answer.same
    assert len(answer.changes) == 4
    assert {len(seconds) for seconds in answer.changes.values()} == {min(TIMES, newcomers, sponsors)}


def test_a_small_pool_hears_of_changes_too() -> None:
    _, sponsors = crowd(0, 20)
    assert len(catching_up(Pool.of(sponsors, facts()), sponsors)) == 5
