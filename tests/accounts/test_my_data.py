"""A member sees who looked at them, and takes a copy of what is kept."""

import json

import pytest
from django.urls import reverse

from accounts import clock, privacy
from accounts.actions.people import view_person
from accounts.models import Bar, User
from matching.actions import pairings
from matching.models import EndReason
from tests.accounts.walk import new_account
from tests.conftest import signed_in
from tests.matching import story

pytestmark = pytest.mark.django_db


def test_each_look_at_a_member_is_shown_to_that_member_alone(ana: User, bea: User, olga: User) -> None:
    view_person(by=bea, member=ana, intergroup_id=None)
    assert "A coordinator" in signed_in(ana).get(reverse("my_data")).content.decode()
    assert "Nobody so far" in signed_in(olga).get(reverse("my_data")).content.decode()


def test_ones_own_look_does_not_count(bea: User) -> None:
    view_person(by=bea, member=bea, intergroup_id=None)
    assert "Nobody so far" in signed_in(bea).get(reverse("my_data")).content.decode()


def test_the_copy_holds_what_was_told_and_nothing_of_others(ana: User, olga: User) -> None:
    Bar.objects.create(by=olga, other=ana, kind="block", at=clock.now())
    response = signed_in(ana).post(reverse("my_data_export"))
    kept = json.loads(response.content)
    assert response["Content-Disposition"].startswith("attachment")
    assert kept["account"]["email"] == ana.email
    assert kept["profile"]["first_name"] == "Ana"
    assert kept["profile"]["week"][:3] == [18, 19, 20]
    assert kept["contact"]["phone"] == "+1 555 010 0001"
    assert kept["people_kept_apart_by_me"] == []
    assert str(olga.pk) not in response.content.decode()


def test_a_copy_is_never_made_by_a_link(ana: User) -> None:
    assert signed_in(ana).get(reverse("my_data_export")).status_code == 405


def test_the_data_page_is_there_before_the_welcome_is_over() -> None:
    client = signed_in(new_account())
    assert client.get(reverse("my_data")).status_code == 200
    assert client.post(reverse("my_data_export")).status_code == 200


def test_why_a_pairing_ended_is_in_the_copy_of_whoever_ended_it_alone(ana: User, rosa: User, bea: User) -> None:
    pairings.end_pairing(story.paired(ana, rosa, bea), by=ana, reason=EndReason.NO_TIME)
    reasons = [privacy.export(one)["matching"]["pairings"][0]["end_reason"] for one in (ana, rosa)]
    assert reasons == ["no_time", ""]
