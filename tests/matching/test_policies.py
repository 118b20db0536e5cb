"""The settings of an intergroup: tried out first, written down, taken back; other weights change nothing."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.errors import ChangedSince
from accounts.actions.policies import NotTheirs, change_policy, undo_change
from accounts.models import AuditEntry, Intergroup, Policy, PolicyChange, User
from matching.engine import DEFAULT_WEIGHTS
from matching.models import Round
from tests import factories
from tests.conftest import signed_in
from tests.matching import office
from tests.matching.round_story import crowd, waits

URL = "/coordinate/riverside/settings/"
WEIGHTS = "/coordinate/riverside/weights/"


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def settings(**other: Any) -> dict[str, Any]:
    """What the form sends when nothing was changed, and the changes."""
    usual = {"review_required": "on", "offer_hours": 24, "stuck_hours": 72, "confirm_days": 35, "steps_needed": 12}
    points = {component.value: value for component, value in DEFAULT_WEIGHTS.items()}
    return {name: value for name, value in {**usual, **points, **other}.items() if value is not None}


def policy() -> Policy:
    return Policy.objects.get(pk=factories.intergroup().pk)


def test_a_change_is_tried_out_before_it_is_saved(desk: Client) -> None:
    factories.sponsor(side={"steps_worked": 8})
    factories.sponsor(side={"steps_worked": 3})
    text = desk.post(URL, settings(steps_needed=5)).content.decode()
    assert "1 approved sponsor could get offers." in text
    assert "Now there are 0." in text
    assert policy().steps_needed == 12
    assert desk.post(URL, {**settings(steps_needed=5), "save": "1"}, follow=True).status_code == 200
    assert policy().steps_needed == 5


def test_other_weights_are_tried_out_on_those_who_wait(desk: Client) -> None:
    factories.sponsor()
    office.asked()
    text = desk.post(URL, settings(availability=60)).content.decode()
    assert "Everybody who waits, matched at once" in text
    assert policy().weights == {}
    desk.post(URL, {**settings(availability=60), "save": "1"})
    assert policy().weights == {"availability": 60}


def test_each_change_is_written_down_with_whose_it_was(desk: Client, bea: User) -> None:
    desk.post(URL, {**settings(offer_hours=48, review_required=None), "save": "1"})
    change = PolicyChange.objects.get()
    assert change.actor == bea.pk
    assert change.before == {"review_required": True, "offer_hours": 24}
    assert change.after == {"review_required": False, "offer_hours": 48}
    assert AuditEntry.objects.filter(verb="policy.changed", actor=bea.pk).count() == 1
    text = office.page(desk, URL)
    assert "Hours a sponsor has to answer: 24, then 48" in text
    assert "Bea K." in text


def test_saving_what_stands_already_writes_nothing(desk: Client) -> None:
    assert "Nothing was changed." in desk.post(URL, {**settings(), "save": "1"}, follow=True).content.decode()
    assert not PolicyChange.objects.exists()


def test_a_change_is_taken_back_once(desk: Client) -> None:
    desk.post(URL, {**settings(offer_hours=48, availability=60), "save": "1"})
    undo = reverse("policy_undo", args=[PolicyChange.objects.get().pk])
    assert "Taken back." in desk.post(undo, follow=True).content.decode()
    assert (policy().offer_hours, policy().weights) == (24, {})
    assert desk.post(undo).status_code == 409
    assert PolicyChange.objects.count() == 2


def test_taking_back_spares_what_was_changed_later_and_elsewhere(intergroup: Intergroup, bea: User) -> None:
    first = change_policy(intergroup, {"offer_hours": 48}, by=bea)
    change_policy(intergroup, {"steps_needed": 6}, by=bea)
    assert first is not None
    undo_change(first, by=bea)
    assert (policy().offer_hours, policy().steps_needed) == (24, 6)


def test_what_somebody_changed_again_is_not_taken_back(intergroup: Intergroup, bea: User) -> None:
    first = change_policy(intergroup, {"offer_hours": 48}, by=bea)
    change_policy(intergroup, {"offer_hours": 72}, by=bea)
    assert first is not None
    with pytest.raises(ChangedSince):
        undo_change(first, by=bea)
    assert policy().offer_hours == 72


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("offer_hours", 0),
        ("confirm_days", 6),
        ("steps_needed", 13),
        ("availability", -1),
        ("nearness", "x"),
        ("stuck_hours", ""),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_a_word(desk: Client, field: str, value: Any) -> None:
    answer = desk.post(URL, {**settings(**{field: value}), "save": "1"})
    assert answer.status_code == 422
    assert "Write a whole number from" in answer.content.decode()
    assert not PolicyChange.objects.exists()


def test_only_the_coordinators_of_an_intergroup_change_its_policy(intergroup: Intergroup, rosa: User) -> None:
    elsewhere = factories.coordinator(factories.intergroup("hillside"))
    for somebody in (rosa, elsewhere):
        assert signed_in(somebody).post(URL, {**settings(offer_hours=48), "save": "1"}).status_code == 404
        with pytest.raises(NotTheirs):
            change_policy(intergroup, {"offer_hours": 48}, by=somebody)
    assert policy().offer_hours == 24


def test_a_field_that_is_no_setting_is_none(intergroup: Intergroup, bea: User) -> None:
    with pytest.raises(ValueError, match="do not set"):
        change_policy(intergroup, {"intergroup_id": 7}, by=bea)


def test_weights_side_by_side_write_nothing(desk: Client) -> None:
    factories.sponsor()
    office.asked()
    points = {f"{name}-{one.value}": value for name in "ab" for one, value in DEFAULT_WEIGHTS.items()}
    text = office.page(desk, WEIGHTS, **{**points, "b-availability": "0", "try": "1"})
    assert "What a round would find" in text
    assert policy().weights == {}
    assert not Round.objects.exists()
    assert not PolicyChange.objects.exists()


def test_a_setting_that_pleases_is_taken_over_by_the_settings_page(desk: Client) -> None:
    factories.sponsor()
    office.asked()
    points = {f"{name}-{one.value}": value for name in "ab" for one, value in DEFAULT_WEIGHTS.items()}
    text = office.page(desk, WEIGHTS, **{**points, "a-availability": "77", "try": "1"})
    form = text.split('action="/coordinate/riverside/settings/"')[1].split("</form>")[0]
    assert '<input type="hidden" name="availability" value="77">' in form
    assert '<input type="hidden" name="review_required" value="on">' in form


def test_weights_that_make_no_sense_are_refused(desk: Client, intergroup: Intergroup) -> None:
    assert desk.get(WEIGHTS, {"try": "1", "a-availability": "101"}).status_code == 422


def test_the_pages_take_few_queries(desk: Client, bea: User, intergroup: Intergroup) -> None:
    for hours in range(30, 45):
        change_policy(intergroup, {"offer_hours": hours}, by=bea)
    for url in (URL, WEIGHTS):
        office.page(desk, url)
        with office.at_most(8):
            office.page(desk, url)


def side_by_side(desk: Client, **other: str) -> str:
    points = {f"{name}-{one.value}": value for name in "ab" for one, value in DEFAULT_WEIGHTS.items()}
    return office.page(desk, WEIGHTS, **{**points, **other, "try": "1"})


def test_the_comparison_names_who_would_be_with_somebody_else(desk: Client) -> None:
    """Nina shares more hours with one of them, and a home group with the other."""
    group = factories.meeting()
    waits(first_name="Nina", home_group=group, languages=["en"])
    factories.sponsor(first_name="Hour", side={"seats": 1})
    few = f"{1 << 19 | 1 << 43:0168b}"[::-1]
    factories.sponsor(first_name="Group", home_group=group, week=few, side={"seats": 1})
    html = side_by_side(desk, **{"a-availability": "100", "a-home_group": "0", "b-availability": "0"})
    assert re.findall(r'data-label="(?:As it is|Setting [AB])">([A-Z][^<]+)<', html)[1:] == ["Hour M.", "Group M."]
    assert "Sponsors who get 1 person" in html
    assert "These settings bring the same people together." in side_by_side(desk)


def test_the_comparison_asks_the_same_questions_however_many_wait(desk: Client) -> None:
    asked = []
    for number in (3, 30):
        crowd(number, number)
        with office.at_most(8) as queries:
            side_by_side(desk, **{"a-availability": "0"})
        asked.append(len(queries))
    assert asked[0] == asked[1]
