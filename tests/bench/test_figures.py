"""What is measured is measured by itself, and what is fitted to it is right."""

import numpy as np
import pytest

from recovery_match.bench.contest import Entry
from recovery_match.bench.growth import Size, expected_seconds, exponent
from recovery_match.bench.measure import measured
from recovery_match.bench.solve import RoundAnswer
from recovery_match.bench.texts import growth_table


def test_the_exponent_of_a_power_is_found() -> None:
    assert exponent([(size, 3 * size**1.5) for size in (1000, 3000, 10_000, 100_000)]) == pytest.approx(1.5)


def test_one_size_has_no_exponent() -> None:
    assert exponent([(1000, 2.0), (1000, 3.0)]) is None


def test_growth_is_told_from_the_smallest_size_on_and_from_large_ones_on() -> None:
    sizes = [Size(people=1000, seconds=1, peak_mb=1, one_seconds=1)]
    sizes += [Size(people=many, seconds=many / 10_000, peak_mb=1, one_seconds=1) for many in (10_000, 100_000)]
    *_, everything, large = growth_table(sizes)
    assert everything.split()[:5] == ["exponent", "from", "1,000", "on", "0.50"]
    assert large.split()[:5] == ["exponent", "from", "10,000", "on", "1.00"]


@pytest.mark.parametrize("many", [[], [500], [500, 700], [20_000, 30_000]])
def test_growth_is_told_of_whatever_was_measured(many: list[int]) -> None:
    table = list(growth_table([Size(people=each, seconds=1, peak_mb=1, one_seconds=1) for each in many]))
    assert len(table) >= 1 + len(many)


def test_a_larger_crowd_is_expected_to_take_longer_than_the_exponent_says() -> None:
    sizes = [Size(people=people, seconds=people / 1000, peak_mb=1, one_seconds=1) for people in (1000, 10_000)]
    assert expected_seconds(sizes, 100_000) > 100


def test_memory_that_was_given_back_counts_at_its_peak() -> None:
    done = measured(lambda: int(np.ones(10_000_000).sum()))
    assert done.value == 10_000_000
    assert 75 < done.peak_mb < 120


def test_a_certificate_counts_for_all_runs_only_if_all_chose_the_same_pairs() -> None:
    checked = RoundAnswer(pairs="a", certified=True)
    assert Entry("ours", [checked, RoundAnswer(pairs="a")]).certified is True
    assert Entry("ours", [checked, RoundAnswer(pairs="b")]).certified is False
    assert Entry("ours", [RoundAnswer(pairs="a", certified=False)]).certified is False
    assert Entry("greedy", [RoundAnswer(pairs="a")]).certified is None


def test_a_median_counts_and_a_slow_way_gets_no_further_run() -> None:
    entry = Entry("lapx", [RoundAnswer(seconds=seconds) for seconds in (9.0, 1.0, 2.0)], spent=41)
    assert entry.seconds == 2.0
    assert entry.is_enough(40)
    assert not entry.is_enough(None)
