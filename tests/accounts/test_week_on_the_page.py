"""The week as check boxes and as a picture: both show exactly the hours that were given."""

import re
from itertools import pairwise

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.templatetags.ui import HOURS_A_DAY, HOURS_A_WEEK, chosen_hours, runs_of_day, week_picture

hours_of_a_week = st.frozensets(st.integers(0, HOURS_A_WEEK - 1))


class WeekForm(forms.Form):
    hours = forms.CharField(label="When are you free?", required=False)


def bits(hours: frozenset[int]) -> str:
    return "".join("1" if hour in hours else "0" for hour in range(HOURS_A_WEEK))


def drawn(value: object) -> str:
    form = WeekForm(initial={"hours": value})
    return Template("{% load ui %}{% week_input form.hours %}").render(Context({"form": form}))


@given(hours_of_a_week)
def test_bits_and_lists_of_hours_mean_the_same_week(hours: frozenset[int]) -> None:
    assert chosen_hours(bits(hours)) == hours
    assert chosen_hours([str(hour) for hour in hours]) == hours


@pytest.mark.parametrize("value", [None, "", "1" * 167, ["168", "-1", "x", "²", "9" * 30], 7])
def test_what_is_no_hour_is_left_out(value: object) -> None:
    assert chosen_hours(value) == frozenset()


@given(hours_of_a_week)
def test_runs_cover_the_chosen_hours_and_never_touch(hours: frozenset[int]) -> None:
    for day in range(7):
        runs = runs_of_day(hours, day)
        covered = {day * HOURS_A_DAY + hour for run in runs for hour in range(run.start, run.end)}
        assert covered == {hour for hour in hours if hour // HOURS_A_DAY == day}
        assert all(one.end < next_one.start for one, next_one in pairwise(runs))


def test_the_input_has_one_named_box_for_each_hour() -> None:
    page = drawn([18, 167])
    boxes = re.findall(r'<input type="checkbox" name="hours" value="(\d+)"( checked)?', page)
    assert [int(value) for value, _ in boxes] == sorted(
        range(HOURS_A_WEEK), key=lambda hour: (hour % HOURS_A_DAY, hour // HOURS_A_DAY)
    )
    assert [int(value) for value, checked in boxes if checked] == [18, 167]


def test_the_input_names_hours_as_the_reader_writes_them() -> None:
    with translation.override("en"):
        assert "6 p.m." in drawn([])
    with translation.override("fr"):
        assert "18:00" in drawn([])
        assert "lundi" in drawn([])


def test_the_picture_joins_hours_that_touch_and_says_them_in_words() -> None:
    with translation.override("en"):
        picture = week_picture(bits(frozenset({42, 43, 44, 167})), "America/New_York", ident="ruth")
    assert picture["zone"] == "America/New York"
    assert picture["count"] == 4
    assert [len(row["filled"]) for row in picture["rows"]] == [0, 1, 0, 0, 0, 0, 1]
    with translation.override("en"):
        assert [run.words for run in picture["rows"][1]["runs"]] == ["6 p.m. to 9 p.m."]
        assert [run.words for run in picture["rows"][6]["runs"]] == ["11 p.m. to midnight"]
