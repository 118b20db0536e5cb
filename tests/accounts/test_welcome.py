"""The welcome asks one question a page, keeps each answer at once, and ends in a summary."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.forms.steps import steps_for
from accounts.models import Consent, Contact, Intergroup, Profile, Sponsor, Week
from tests import factories
from tests.accounts.walk import ANSWERS, answer, new_account, place_of, stored, walk
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def al_anon(intergroup: Intergroup) -> Intergroup:
    """The same intergroup, which also serves a fellowship that has no date."""
    fellowship = factories.fellowship("alanon", name="Al-Anon", date_words={})
    intergroup.fellowships.add(fellowship)
    return intergroup


def test_a_member_who_answers_everything_has_a_complete_profile(intergroup: Intergroup) -> None:
    user = new_account()
    client = signed_in(user)
    walk(client, intergroup)
    summary = client.get(reverse("welcome_summary")).content.decode()
    assert "Ruth B." in summary
    assert "This is right" in summary
    done = client.post(reverse("welcome_done"))
    assert done["Location"] == reverse("home")
    profile = Profile.objects.get(pk=user.pk)
    assert profile.completed_at is not None
    assert (profile.first_name, profile.initial) == ("Ruth", "B")
    assert profile.recovery_date == date(2024, 2, 29)
    assert profile.languages == ["en", "ase"]
    assert profile.comfortable_with == ["woman", "nonbinary"]
    assert profile.week == Week.of([18, 19, 167])
    assert profile.zone == "America/Chicago"
    assert profile.experiences == ["grief", "parent"]
    assert profile.looking
    assert Contact.objects.get(pk=user.pk).hint == "Text first"
    assert Consent.objects.filter(user=user, kind="contact").count() == 1


@pytest.mark.parametrize(
    ("left_at", "asked"),
    [
        ("name", "name"),
        ("people", "people"),
        ("approach", "approach"),
        # A home group that was left open leaves no trace; nor does looking for a sponsor, as everybody does at first.
        ("week", "home-group"),
        ("contact", "why"),
    ],
)
def test_a_welcome_that_was_left_goes_on_after_the_last_answer(
    intergroup: Intergroup, left_at: str, asked: str
) -> None:
    user = new_account()
    walk(signed_in(user), intergroup, until=left_at)
    another_device = signed_in(user)
    assert another_device.get(reverse("welcome"))["Location"] == reverse("welcome_step", args=[asked])


@pytest.mark.parametrize("left_at", ["week", "approach", "needs", "why", "contact"])
def test_in_the_same_browser_it_goes_on_at_the_very_question(intergroup: Intergroup, left_at: str) -> None:
    client = signed_in(new_account())
    walk(client, intergroup, until=left_at)
    client.get(reverse("welcome_step", args=[left_at]))
    assert client.get(reverse("welcome"))["Location"] == reverse("welcome_step", args=[left_at])
    assert client.get(reverse("home"), follow=True).redirect_chain[-1][0] == reverse("welcome_step", args=[left_at])


def test_a_question_opened_ahead_of_a_needed_one_is_not_gone_on_with(intergroup: Intergroup) -> None:
    client = signed_in(new_account())
    walk(client, intergroup, until="languages")
    client.get(reverse("welcome_step", args=["needs"]))
    assert client.get(reverse("welcome"))["Location"] == reverse("welcome_step", args=["languages"])


def test_whoever_left_at_the_summary_comes_back_to_it(intergroup: Intergroup) -> None:
    client = signed_in(new_account())
    walk(client, intergroup)
    client.get(reverse("welcome_step", args=["contact"]))
    client.get(reverse("welcome_summary"))
    assert client.get(reverse("welcome"))["Location"] == reverse("welcome_summary")


def test_every_question_says_what_it_is_for_and_who_sees_the_answer(intergroup: Intergroup) -> None:
    client = signed_in(new_account())
    walk(client, intergroup)
    for step in steps_for(Profile.objects.get()):
        page = client.get(reverse("welcome_step", args=[step.slug])).content.decode()
        said = page.partition("<h1>")[2].partition("Who sees this:</strong>")
        question, _, purpose = said[0].partition("</h1>")
        assert question, step.slug
        assert purpose.partition("<p>")[2].partition("</p>")[0], step.slug
        assert said[2].partition("</p>")[0].strip(), step.slug


def test_a_question_that_may_be_left_open_does_not_stop_anybody(intergroup: Intergroup) -> None:
    user = new_account()
    client = signed_in(user)
    walk(client, intergroup, until="approach")
    for step in ("approach", "needs"):
        assert answer(client, step, {}).status_code == 302
    answer(client, "why", ANSWERS["why"])
    answer(client, "contact", ANSWERS["contact"])
    assert client.post(reverse("welcome_done"))["Location"] == reverse("home")


def test_no_question_comes_before_the_fellowship(intergroup: Intergroup) -> None:
    client = signed_in(new_account())
    response = answer(client, "week", ANSWERS["week"])
    assert response["Location"] == reverse("welcome_step", args=["fellowship"])


def test_a_fellowship_of_another_intergroup_cannot_be_chosen(intergroup: Intergroup) -> None:
    elsewhere = factories.intergroup("hillside", name="Hillside")
    fellowship = factories.fellowship("ca", name="Cocaine Anonymous")
    elsewhere.fellowships.add(fellowship)
    user = new_account()
    response = answer(signed_in(user), "fellowship", {"place": f"{intergroup.pk}-{fellowship.pk}"})
    assert response.status_code == 422
    assert Profile.objects.get(pk=user.pk).intergroup_id is None


def test_the_date_is_asked_in_the_fellowships_words(intergroup: Intergroup) -> None:
    client = signed_in(new_account())
    walk(client, intergroup, until="date")
    page = client.get(reverse("welcome_step", args=["date"])).content.decode()
    assert "What is your sobriety date?" in page
    assert "sobriety" not in page.split("</title>")[0]


def test_a_fellowship_without_a_date_is_never_asked_for_one(al_anon: Intergroup) -> None:
    user = new_account()
    client = signed_in(user)
    answer(client, "fellowship", place_of(al_anon, "alanon"))
    response = answer(client, "name", ANSWERS["name"])
    assert response["Location"] == reverse("welcome_step", args=["languages"])
    assert client.get(reverse("welcome_step", args=["date"])).status_code == 404


def test_somebody_who_would_sponsor_is_asked_how(intergroup: Intergroup) -> None:
    user = new_account()
    client = signed_in(user)
    walk(client, intergroup, until="why")
    response = answer(client, "why", {"looking": "no"})
    assert response["Location"] == reverse("welcome_step", args=["sponsor"])
    assert "program_since" not in client.get(response["Location"]).content.decode()
    response = answer(client, "sponsor", {"seats": "2", "steps_worked": "12", "has_own_sponsor": "yes"})
    assert response["Location"] == reverse("welcome_step", args=["contact"])
    side = Sponsor.objects.get(pk=user.pk)
    assert (side.seats, side.steps_worked, side.has_own_sponsor, side.approved_at) == (2, 12, True, None)


def test_without_a_date_a_sponsor_is_asked_for_the_month_of_joining(al_anon: Intergroup) -> None:
    user = new_account()
    client = signed_in(user)
    answer(client, "fellowship", place_of(al_anon, "alanon"))
    answer(client, "why", {"looking": "no"})
    fields = {"seats": "1", "steps_worked": "9", "has_own_sponsor": "no"}
    assert answer(client, "sponsor", fields).status_code == 422
    assert not Sponsor.objects.filter(pk=user.pk).exists()
    assert answer(client, "sponsor", {**fields, "program_since": "2019-05"}).status_code == 302
    assert Profile.objects.get(pk=user.pk).program_since == date(2019, 5, 1)


def test_an_answer_changed_from_the_summary_leads_back_to_it(intergroup: Intergroup) -> None:
    client = signed_in(new_account())
    walk(client, intergroup)
    url = reverse("welcome_step", args=["name"]) + "?from=summary"
    assert url in client.get(reverse("welcome_summary")).content.decode()
    assert client.post(url, {"first_name": "Ruthie"})["Location"] == reverse("welcome_summary")


def test_who_changes_their_mind_in_the_summary_is_asked_what_is_then_missing(intergroup: Intergroup) -> None:
    client = signed_in(new_account())
    walk(client, intergroup)
    response = client.post(reverse("welcome_step", args=["why"]) + "?from=summary", {"looking": "no"})
    assert response["Location"] == reverse("welcome_step", args=["sponsor"]) + "?from=summary"
    response = client.post(response["Location"], {"seats": "1", "steps_worked": "12", "has_own_sponsor": "yes"})
    assert response["Location"] == reverse("welcome_summary")


def test_the_welcome_does_not_end_while_a_needed_answer_is_missing(intergroup: Intergroup) -> None:
    user = new_account()
    client = signed_in(user)
    walk(client, intergroup, until="week")
    assert client.post(reverse("welcome_done"))["Location"] == reverse("welcome_step", args=["week"])
    assert Profile.objects.get(pk=user.pk).completed_at is None


def test_the_last_button_pressed_twice_ends_the_welcome_once(intergroup: Intergroup) -> None:
    user = new_account()
    client = signed_in(user)
    walk(client, intergroup)
    client.post(reverse("welcome_done"))
    after_one = stored(user)
    assert client.post(reverse("welcome_done"))["Location"] == reverse("home")
    assert stored(user) == after_one


@pytest.mark.parametrize("step", ANSWERS)
def test_an_answer_sent_twice_is_stored_once(intergroup: Intergroup, step: str) -> None:
    user = new_account()
    client = signed_in(user)
    walk(client, intergroup)
    after_one = stored(user)
    assert answer(client, step, ANSWERS[step]).status_code == 302
    assert stored(user) == after_one
    assert Consent.objects.filter(user=user).count() == 3


def test_a_finished_welcome_is_over(intergroup: Intergroup) -> None:
    client = signed_in(factories.newcomer())
    assert client.get(reverse("welcome"))["Location"] == reverse("home")
    assert client.get(reverse("welcome_summary"))["Location"] == reverse("profile")
    assert client.get(reverse("welcome_step", args=["name"]))["Location"] == reverse("profile")


def test_members_with_an_open_welcome_are_sent_there(intergroup: Intergroup) -> None:
    client = signed_in(new_account())
    assert client.get(reverse("profile"))["Location"] == reverse("welcome")


def test_an_operators_account_is_no_member() -> None:
    client = signed_in(factories.account(is_staff=True))
    assert client.get(reverse("profile"))["Location"] == reverse("landing")
    assert client.get(reverse("welcome"))["Location"] == reverse("landing")


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    response = client.get(reverse("profile"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("step", ["", *(step for step in ANSWERS if step != "contact"), "contact", "sponsor"])
def test_a_page_of_the_profile_costs_at_most_eight_queries(
    step: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(factories.sponsor(home_group=factories.meeting()))
    with django_assert_max_num_queries(8):
        assert client.get(f"/profile/{step}/" if step else "/profile/").status_code == 200


def test_the_summary_costs_at_most_eight_queries(
    intergroup: Intergroup, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(factories.sponsor(completed_at=None))
    with django_assert_max_num_queries(8):
        assert client.get(reverse("welcome_summary")).status_code == 200
