"""Reasons as sentences: every key has words, names are looked up once, and times are the viewer's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts import clock
from accounts.models import User
from matching import words
from matching.engine.explain import DISTANCE_BANDS, LONGEST_BAND, RECOVERY_BANDS, ReasonKey
from tests import factories
from tests.matching import office

pytestmark = pytest.mark.django_db

PARAMS: dict[ReasonKey, dict[str, Any]] = {
    ReasonKey.SHARED_HOURS: {"hours": 3},
    ReasonKey.CONFIRMED_LATELY: {},
    ReasonKey.EXPERIENCE: {"tag": "parent"},
    ReasonKey.SAME_AREA: {"area": 0},
    ReasonKey.NEAR: {"band": "within_5_km"},
    ReasonKey.SAME_HOME_GROUP: {"group": 0},
    ReasonKey.SHARED_MEETINGS: {"meetings": [0]},
    ReasonKey.SAME_APPROACH: {"approach": "secular"},
    ReasonKey.RECOVERY_BAND: {"band": "2_to_5_years"},
    ReasonKey.LANGUAGE: {"codes": ["ase", "en"]},
    ReasonKey.WAY_TO_MEET: {"modes": ["phone"]},
    ReasonKey.NEEDS_MET: {"needs": ["wheelchair"]},
    ReasonKey.NEEDS_TO_MEET: {"needs": ["large_print"]},
    ReasonKey.WAITING: {"since": "2026-03-03T03:30:00+00:00"},
}


def said(key: str, viewer: User, **params: Any) -> list[str]:
    return words.reasons_in_words([{"key": key, "params": params}], viewer=viewer.profile)


@pytest.mark.parametrize("key", list(ReasonKey))
def test_every_reason_has_words(ana: User, key: ReasonKey) -> None:
    meeting = factories.meeting()
    params = dict(PARAMS[key])
    for name in ("area", "group", "meetings"):
        if name in params:
            params[name] = {"area": meeting.area_id, "group": meeting.pk, "meetings": [meeting.pk]}[name]
    (sentence,) = said(key, ana, **params)
    assert sentence.endswith(".")
    assert "%" not in sentence


@pytest.mark.parametrize("band", [*(band for _, band in DISTANCE_BANDS)])
def test_every_distance_has_words(ana: User, band: str) -> None:
    assert said(ReasonKey.NEAR, ana, band=band)


@pytest.mark.parametrize("band", [*(band for _, band in RECOVERY_BANDS), LONGEST_BAND])
def test_every_band_of_recovery_has_words_of_its_fellowship(ana: User, band: str) -> None:
    dated = said(ReasonKey.RECOVERY_BAND, ana, band=band)
    ana.profile.fellowship = factories.fellowship("al-anon", name="Al-Anon", date_words={})
    dateless = said(ReasonKey.RECOVERY_BAND, ana, band=band)
    assert "recovery" in dated[0]
    assert "program" in dateless[0]


def test_a_reason_of_an_older_version_is_left_out(ana: User) -> None:
    assert said("star_sign", ana, sign="lion") == []


def test_a_meeting_that_is_gone_leaves_no_hole(ana: User) -> None:
    assert said(ReasonKey.SAME_HOME_GROUP, ana, group=0) == ["Same home group as you."]
    assert said(ReasonKey.SHARED_MEETINGS, ana, meetings=[0]) == []


def test_names_of_several_people_take_one_question() -> None:
    meeting = factories.meeting()
    lists = [
        [{"key": "same_area", "params": {"area": meeting.area_id}}],
        [{"key": "same_home_group", "params": {"group": meeting.pk}}],
    ]
    with office.at_most(1):
        names = words.names_in(*lists)
    assert (names.areas, names.meetings) == ({meeting.area_id: "North side"}, {meeting.pk: "Monday Lamp"})


def test_a_day_is_the_one_in_the_viewers_zone(ana: User) -> None:
    assert said(ReasonKey.WAITING, ana, since="2026-03-03T03:30:00+00:00") == [
        "Has looked for a sponsor since March 2."
    ]


def test_a_moment_within_days_needs_no_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 12, tzinfo=UTC))
    tuesday, later = datetime(2026, 3, 3, 18, tzinfo=UTC), datetime(2026, 3, 13, 18, tzinfo=UTC)
    with timezone.override("UTC"):
        assert words.moment(tuesday) == "Tuesday, 6 p.m."
        assert words.moment(later) == "Friday, March 13, 6 p.m."
        with translation.override("fr"):
            assert "18:00" in words.moment(tuesday)
