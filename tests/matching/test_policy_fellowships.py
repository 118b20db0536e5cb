"""An office serves its fellowships in its own words and asks its own time: tried out, written down, taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.errors import ChangedSince
from accounts.actions.policies import change_policy, undo_change
from accounts.models import Fellowship, Intergroup, Policy, PolicyChange, Profile, User
from matching.queries.everybody import policy as engine_policy
from matching.roster.facts import policy_of
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

URL = "/coordinate/riverside/settings/fellowships/"
OWN = {"en": "sobriety date", "es": "fecha de sobriedad", "fr": "date de sobriété"}


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


@pytest.fixture
def na(intergroup: Intergroup) -> Fellowship:
    """Exists on the site, and is not served here."""
    return factories.fellowship("na", name="Narcotics Anonymous", date_words={"en": "clean date"})


def sponsor_since(days: int) -> User:
    return factories.sponsor(recovery_date=factories.today() - timedelta(days=days))


def save(desk: Client, **values: Any) -> str:
    given = {"serves-aa": "on", **{key.replace("_", "-"): value for key, value in values.items()}}
    answer = desk.post(URL, {"save": "1", "seen": office.seen(desk, URL), **given})
    assert answer.status_code == 302
    return office.page(desk, answer.headers["Location"])


def policy() -> Policy:
    return Policy.objects.get(pk=factories.intergroup().pk)


def test_another_time_is_tried_out_on_todays_queue_before_it_is_saved(desk: Client) -> None:
    sponsor_since(200)
    office.asked()
    text = desk.post(URL, {"serves-aa": "on", "days-aa": "180"}).content.decode()
    assert "180 days are asked instead of 365" in text
    assert "1 approved sponsor has that time; now it is 0." in text
    rows = text.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.index("<td>0</td>") < rows.index("<td>1</td>")
    assert policy().minimum_days == {}


def test_the_engine_goes_by_the_offices_own_time_at_once(desk: Client, ana: User) -> None:
    sponsor_since(200)
    request = office.asked()
    assert not request.suggestions.exists()
    save(desk, days_aa="180")
    for rules in (policy_of(type(request).objects.get(pk=request.pk)), engine_policy(factories.intergroup())):
        assert rules.days_asked(factories.fellowship().pk) == 180
    assert office.asked(ana).suggestions.exists()


def test_another_office_is_asked_nothing_else(desk: Client) -> None:
    save(desk, days_aa="180")
    hillside = factories.intergroup("hillside")
    assert engine_policy(hillside).days_asked(factories.fellowship().pk) == 365


def test_the_checklist_of_an_application_goes_by_it_too(desk: Client) -> None:
    factories.sponsor(recovery_date=factories.today() - timedelta(days=200), side={"approved_at": None})
    url = f"{reverse('coordinate_sponsors')}?state=applied"
    before = office.page(desk, url)
    save(desk, days_aa="180")
    assert before != office.page(desk, url)


@pytest.mark.parametrize(
    ("language", "name"), [("en", "My first day"), ("es", "Fecha de sobriedad"), ("fr", "Date de sobriété")]
)
def test_the_date_has_the_offices_name_where_it_gave_one(desk: Client, ana: User, language: str, name: str) -> None:
    save(desk, **{"words_aa_en": "my first day"})
    client = signed_in(ana)
    client.cookies["django_language"] = language
    answer = client.get(reverse("profile_edit", args=["date"]), headers={"accept-language": language})
    assert name in answer.content.decode()


def test_new_members_choose_among_what_is_served_and_nobody_is_put_out(desk: Client, na: Fellowship, ana: User) -> None:
    office.asked(ana)
    text = desk.post(URL, {"serves-na": "on"}).content.decode()
    assert "New members can choose Narcotics Anonymous." in text
    assert "Nobody new can choose Alcoholics Anonymous. Whoever is here stays." in text
    assert "1 of them waits for a sponsor and keeps their place." in text
    save(desk, **{"serves_aa": "", "serves_na": "on"})
    new = Profile.objects.create(user=factories.account())
    choice = office.page(signed_in(new.user), reverse("welcome_step", args=["fellowship"]))
    assert f"-{na.pk}" in choice
    ana.refresh_from_db()
    assert ana.profile.fellowship == factories.fellowship()


def test_an_office_serves_at_least_one(desk: Client, intergroup: Intergroup) -> None:
    answer = desk.post(URL, {"save": "1"})
    assert answer.status_code == 422
    assert "serves at least one fellowship" in answer.content.decode()
    assert intergroup.fellowships.count() == 1


@pytest.mark.parametrize("days", ["-1", "3654", "x"])
def test_a_time_that_makes_no_sense_is_refused_with_a_word(desk: Client, days: str) -> None:
    answer = desk.post(URL, {"serves-aa": "on", "days-aa": days, "save": "1"})
    assert answer.status_code == 422
    assert "Write a whole number from" in answer.content.decode()


def test_what_is_as_the_fellowship_has_it_is_not_kept(desk: Client) -> None:
    assert "Nothing was changed." in save(desk, days_aa="365", words_aa_en=OWN["en"])
    assert not PolicyChange.objects.exists()


def test_the_history_says_what_changed_and_takes_it_back(desk: Client, na: Fellowship) -> None:
    text = save(desk, **{"serves_na": "on", "days_aa": "180", "words_aa_es": "mi primer día"})
    assert "Fellowships: Alcoholics Anonymous, then Alcoholics Anonymous, Narcotics Anonymous" in text
    assert "Alcoholics Anonymous, days before somebody may sponsor: as usual, then 180" in text
    assert "Alcoholics Anonymous, name of the date (Spanish): as usual, then mi primer día" in text
    desk.post(reverse("policy_undo", args=[PolicyChange.objects.get().pk]))
    assert (policy().minimum_days, policy().date_words) == ({}, {})
    assert list(factories.intergroup().fellowships.values_list("code", flat=True)) == ["aa"]


def test_a_fellowship_that_is_gone_is_not_brought_back(bea: User, intergroup: Intergroup, na: Fellowship) -> None:
    change_policy(intergroup, {"fellowships": ["aa", "na"]}, by=bea)
    change = change_policy(intergroup, {"fellowships": ["aa"]}, by=bea)
    assert change is not None
    na.delete()
    with pytest.raises(ChangedSince):
        undo_change(change, by=bea)


def test_the_page_takes_few_queries_however_many_fellowships(desk: Client, na: Fellowship) -> None:
    for number in range(5):
        factories.fellowship(f"f{number}", name=f"Fellowship {number}")
    with office.at_most(8):
        office.page(desk, URL)
