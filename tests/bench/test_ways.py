"""All ways of solving a round reach what ours reaches, except those that promise less."""

import sys

import pytest

from recovery_match.bench.solve import NotSoError, RoundTask, require_allowed, solve_round
from recovery_match.bench.ways import names
from recovery_match.bench.ways.market import Choice, Crowd

EXACT = [way for way in names.READY if way not in (names.OURS, *names.APPROXIMATE)]
SIZES = [(120, 80), (80, 120)]


@pytest.mark.parametrize(("newcomers", "sponsors"), SIZES)
@pytest.mark.parametrize("way", EXACT)
def test_every_exact_way_serves_as_many_with_the_same_total(way: str, newcomers: int, sponsors: int) -> None:
    ours = solve_round(RoundTask(way=names.OURS, newcomers=newcomers, sponsors=sponsors))
    other = solve_round(RoundTask(way=way, newcomers=newcomers, sponsors=sponsors))
    assert ours.served > 0
    assert (other.served, other.total, other.worth) == (ours.served, ours.total, ours.worth)


@pytest.mark.parametrize(("newcomers", "sponsors"), SIZES)
@pytest.mark.parametrize("way", names.APPROXIMATE)
def test_no_approximate_way_beats_ours(way: str, newcomers: int, sponsors: int) -> None:
    ours = solve_round(RoundTask(way=names.OURS, newcomers=newcomers, sponsors=sponsors))
    other = solve_round(RoundTask(way=way, newcomers=newcomers, sponsors=sponsors))
    assert (0, 0) < (other.served, other.worth) <= (ours.served, ours.worth)


def test_our_certificate_is_checked_when_asked_and_only_then() -> None:
    task = RoundTask(way=names.OURS, newcomers=60, sponsors=50, check=True)
    assert solve_round(task).certified is True
    assert solve_round(RoundTask(way=names.OURS, newcomers=60, sponsors=50)).certified is None
    assert solve_round(RoundTask(way="greedy", newcomers=60, sponsors=50, check=True)).certified is None


@pytest.mark.parametrize("way", list(names.READY))
def test_a_round_without_anybody_is_solved_too(way: str) -> None:
    assert solve_round(RoundTask(way=way, newcomers=0, sponsors=30)).served == 0
    assert solve_round(RoundTask(way=way, newcomers=30, sponsors=0)).served == 0


def test_a_way_whose_package_is_not_here_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lap", None)
    assert solve_round(RoundTask(way="lapx", newcomers=20, sponsors=20)).missing == "lap"


def test_a_choice_that_is_not_allowed_is_refused() -> None:
    crowd = Crowd.drawn(60, 50, seed=1)
    good: Choice = names.READY["greedy"](crowd)()
    require_allowed(crowd, good)
    twice = Choice(good.newcomers[[0, 0]], good.sponsors[[0, 1]], good.scores[[0, 1]])
    crowded = Choice(good.newcomers[:9], good.sponsors[[0] * 9], good.scores[:9])
    dearer = Choice(good.newcomers, good.sponsors, good.scores + 1)
    for bad, reason in ((twice, "twice"), (crowded, "seats"), (dearer, "score")):
        with pytest.raises(NotSoError, match=reason):
            require_allowed(crowd, bad)
