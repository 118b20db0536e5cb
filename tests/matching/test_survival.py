"""Pairs kept: the estimate for what still lasts."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.survival import Span, Step, curve, kept_at

SPANS = st.lists(st.builds(Span, st.integers(0, 120), st.booleans()), max_size=40)


def test_the_estimate_of_a_textbook() -> None:
    """Six in the drug arm's beginning of Freireich et al. (1963), as every textbook has it: 6, 6, 6, 6+, 7, 9+, 10."""
    days = [(6, True)] * 3 + [(6, False), (7, True), (9, False), (10, True), (10, False), (11, False), (13, True)]
    later = [(16, True), (17, False), (19, False), (20, False), (22, True), (23, True), (25, False), (32, False)]
    rest = [(32, False), (34, False), (35, False)]
    spans = [Span(*one) for one in days + later + rest]
    assert len(spans) == 21
    found = {step.day: round(step.kept, 4) for step in curve(spans)}
    expected = {0: 1.0, 6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert found == expected


def test_nothing_seen_keeps_everything() -> None:
    assert curve([]) == [Step(0, 0, 1.0)]


def test_a_span_of_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter than nothing"):
        curve([Span(-1, True)])


@given(st.lists(st.integers(0, 120), min_size=1, max_size=40), st.integers(0, 130))
def test_when_everything_ended_it_is_the_plain_share(days: list[int], day: int) -> None:
    spans = [Span(one, True) for one in days]
    assert isclose(kept_at(spans, day).kept, sum(one > day for one in days) / len(days), abs_tol=1e-9)


@given(SPANS, st.integers(0, 130))
def test_the_share_only_falls_and_stays_between_none_and_all(spans: list[Span], day: int) -> None:
    shares = [step.kept for step in curve(spans)]
    assert shares == sorted(shares, reverse=True)
    assert all(-1e-9 <= one <= 1 for one in shares)
    assert kept_at(spans, day).at_risk == sum(one.days >= day for one in spans)


@given(SPANS)
def test_the_order_changes_nothing(spans: list[Span]) -> None:
    assert curve(spans) == curve(spans[::-1])
