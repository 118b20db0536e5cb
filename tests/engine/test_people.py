"""Values outside the vocabularies are refused with the name of the field, and without the value."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from matching.engine import Component, Policy
from tests.engine.strategies import perfect_pair


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gender", "anyone"),
        ("comfortable_with", frozenset({"everyone"})),
        ("modes", frozenset({"letter"})),
        ("approach", "other"),
        ("week", 1 << 168),
        ("week", -1),
        ("steps_worked", 13),
        ("seats", -1),
        ("answered_in_time", 1.01),
        ("answered_in_time", float("nan")),
        ("latitude", 90.1),
        ("longitude", float("nan")),
        ("max_km", -0.1),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{field} is out of range$"):
        replace(perfect_pair().newcomer, **{field: value})


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="moment without zone"):
        replace(perfect_pair().newcomer, last_offer_at=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "changes",
    [
        {"steps_needed": 13},
        {"confirm_within_days": -1},
        {"minimum_days": {1: -1}},
        {"weights": {Component.APPROACH: -1}},
    ],
)
def test_a_policy_of_impossible_figures_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="out of range"):
        Policy(**changes)
