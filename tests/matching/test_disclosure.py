"""Small counts are not shown, and can't be worked out."""

from hypothesis import given
from hypothesis import strategies as st

from matching.disclosure import SMALL, disclosed, share, shown

COUNTS = st.lists(st.integers(0, 40), max_size=8)


def test_one_small_count_takes_another_with_it() -> None:
    assert disclosed([50, 3, 20, 30]) == [50, None, None, 30]


def test_two_small_counts_that_are_small_together_take_a_third() -> None:
    assert disclosed([50, 3, 2, 30]) == [50, None, None, None]


def test_two_that_are_many_together_hide_each_other() -> None:
    assert disclosed([50, 6, 5, 30]) == [50, None, None, 30]


def test_a_count_alone_is_shown_from_ten_on() -> None:
    assert (shown(9), shown(10)) == (None, 10)


def test_a_share_is_shown_when_both_its_parts_are() -> None:
    assert (share(9, 90), share(90, 9), share(30, 10)) == (None, None, 0.75)


@given(COUNTS)
def test_what_is_hidden_can_not_be_told_from_the_sum(counts: list[int]) -> None:
    told = disclosed(counts)
    hidden = [count for count, one in zip(counts, told, strict=True) if one is None]
    assert all(one is None or one >= SMALL for one in told)
    assert not hidden or len(hidden) == len(counts) or (len(hidden) > 1 and sum(hidden) >= SMALL)


@given(COUNTS)
def test_what_is_shown_is_true(counts: list[int]) -> None:
    assert all(one in (None, count) for count, one in zip(counts, disclosed(counts), strict=True))
