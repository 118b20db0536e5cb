"""Reasons in both directions: stable keys with parameters, true, best first, and silent about what is private."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given

from matching.engine import Facts, Person, Reason, ReasonKey, Suggestion, recheck, recovery_band
from tests.engine import naive
from tests.engine.moments import TODAY
from tests.engine.strategies import MODERATE, Pair, calm, perfect_pair, willing


def judged(pair: Pair) -> Suggestion:
    suggestion = recheck(pair.newcomer, pair.sponsor, pair.facts).suggestion
    assert suggestion is not None
    return suggestion


def keys(reasons: tuple[Reason, ...]) -> list[ReasonKey]:
    return [reason.key for reason in reasons]


def test_a_newcomer_is_told_what_speaks_for_the_sponsor_best_first() -> None:
    assert judged(perfect_pair()).for_newcomer == (
        Reason(ReasonKey.SHARED_HOURS, {"hours": 21}),
        Reason(ReasonKey.CONFIRMED_LATELY),
        Reason(ReasonKey.EXPERIENCE, {"tag": "parent"}),
        Reason(ReasonKey.EXPERIENCE, {"tag": "veteran"}),
        Reason(ReasonKey.SAME_AREA, {"area": 1}),
        Reason(ReasonKey.SAME_HOME_GROUP, {"group": 7}),
        Reason(ReasonKey.SAME_APPROACH, {"approach": "spiritual"}),
        Reason(ReasonKey.RECOVERY_BAND, {"band": "over_10_years"}),
        Reason(ReasonKey.LANGUAGE, {"codes": ("en",)}),
        Reason(ReasonKey.WAY_TO_MEET, {"modes": ("in_person", "phone")}),
        Reason(ReasonKey.NEEDS_MET, {"needs": ("wheelchair",)}),
    )


def test_a_sponsor_is_told_of_needs_and_waiting_but_not_of_recovery_time() -> None:
    pair = perfect_pair()
    since = datetime(2026, 5, 30, tzinfo=UTC)
    reasons = judged(replace(pair, newcomer=replace(pair.newcomer, waiting_since=since))).for_sponsor
    assert Reason(ReasonKey.NEEDS_TO_MEET, {"needs": ("wheelchair",)}) in reasons
    assert Reason(ReasonKey.WAITING, {"since": since}) in reasons
    assert ReasonKey.RECOVERY_BAND not in keys(reasons)


@MODERATE
@given(willing, willing, calm)
def test_reasons_are_true_and_both_sides_hear_the_same_of_what_they_share(
    newcomer: Person, sponsor: Person, facts: Facts
) -> None:
    found = recheck(newcomer, sponsor, facts).suggestion
    assume(found is not None)
    assert found is not None
    said = {reason.key: reason.params for reason in found.for_newcomer}
    assert said[ReasonKey.SHARED_HOURS] == {"hours": naive.shared(newcomer, sponsor, facts.monday) // 4}
    assert set(newcomer.experiences) & set(sponsor.experiences) == {
        reason.params["tag"] for reason in found.for_newcomer if reason.key == ReasonKey.EXPERIENCE
    }
    own = {ReasonKey.CONFIRMED_LATELY, ReasonKey.RECOVERY_BAND, ReasonKey.WAITING}
    needs = {ReasonKey.NEEDS_MET, ReasonKey.NEEDS_TO_MEET}
    heard = [[one for one in side if one.key not in own | needs] for side in (found.for_newcomer, found.for_sponsor)]
    assert heard[0] == heard[1]


@pytest.mark.parametrize(
    ("degrees", "band"), [(0.01, "within_5_km"), (0.08, "within_10_km"), (0.2, "within_25_km"), (0.26, None)]
)
def test_distance_is_told_as_a_band_and_only_within_both_limits(degrees: float, band: str | None) -> None:
    pair = perfect_pair()
    sponsor = replace(pair.sponsor, area=2, latitude=40 + degrees, max_km=27)
    near = [one for one in judged(replace(pair, sponsor=sponsor)).for_newcomer if one.key == ReasonKey.NEAR]
    assert near == ([] if band is None else [Reason(ReasonKey.NEAR, {"band": band})])


def test_a_pair_who_meet_remotely_hears_nothing_of_distance() -> None:
    pair = perfect_pair()
    sponsor = replace(pair.sponsor, modes=frozenset({"phone"}))
    told = keys(judged(replace(pair, sponsor=sponsor)).for_newcomer)
    assert ReasonKey.SAME_AREA not in told
    assert ReasonKey.NEAR not in told


def test_shared_meetings_are_named_when_the_home_group_is_another() -> None:
    pair = perfect_pair()
    sponsor = replace(pair.sponsor, home_group=8, meetings=frozenset({7, 9}))
    told = judged(replace(pair, sponsor=sponsor)).for_newcomer
    assert Reason(ReasonKey.SHARED_MEETINGS, {"meetings": (7,)}) in told


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, "under_1_year"),
        (364, "under_1_year"),
        (365, "1_to_2_years"),
        (1000, "2_to_5_years"),
        (1826, "5_to_10_years"),
        (3652, "over_10_years"),
    ],
)
def test_recovery_time_is_told_as_a_band(days: int, band: str) -> None:
    assert recovery_band(days) == band


def test_a_pair_that_breaks_a_rule_has_no_reasons() -> None:
    pair = perfect_pair()
    verdict = recheck(
        pair.newcomer, replace(pair.sponsor, id=UUID(int=5), paused_until=TODAY + timedelta(days=1)), pair.facts
    )
    assert verdict.suggestion is None
