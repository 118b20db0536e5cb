"""A fellowship goes by the name that its members use in the reader's language."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import Intergroup, User
from tests import factories
from tests.accounts.walk import new_account
from tests.conftest import signed_in
from tests.matching import round_story

pytestmark = pytest.mark.django_db

AA = {"en": "Alcoholics Anonymous", "es": "Alcohólicos Anónimos", "fr": "Alcooliques Anonymes"}


@pytest.mark.parametrize(("language", "name"), AA.items())
def test_the_welcome_asks_for_it_in_the_readers_language(intergroup: Intergroup, language: str, name: str) -> None:
    member = signed_in(new_account())
    member.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert name in member.get(reverse("welcome_step", args=["fellowship"])).content.decode()


@pytest.mark.parametrize(("language", "name"), AA.items())
def test_the_settings_of_an_office_call_it_so_too(bea: User, language: str, name: str) -> None:
    office = signed_in(bea)
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert name in office.get(reverse("policy_fellowships", args=["riverside"])).content.decode()


def test_without_a_name_in_a_language_it_keeps_the_one_it_has() -> None:
    gray = factories.fellowship("gray", name="Gray Sheeters Anonymous")
    for language in AA:
        with translation.override(language):
            assert str(gray) == "Gray Sheeters Anonymous"


@pytest.mark.parametrize(("language", "name"), AA.items())
def test_what_a_change_would_bring_calls_it_so_too(bea: User, language: str, name: str) -> None:
    office = signed_in(bea)
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    sent = office.post(reverse("policy_fellowships", args=["riverside"]), {"serves-aa": "on", "days-aa": "400"})
    lines = [line for line in sent.content.decode().splitlines() if "400" in line and name in line]
    assert lines, "The preview names it otherwise."


@pytest.mark.parametrize(("language", "name"), AA.items())
def test_a_search_for_sponsors_is_read_in_another_language_than_it_was_asked_in(
    bea: User, language: str, name: str
) -> None:
    factories.intergroup().fellowships.add(factories.fellowship("gray", name="Gray Sheeters Anonymous"))
    round_story.crowd(8, 2)
    office = signed_in(bea)
    office.post(reverse("why_ask", args=["riverside"]))
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert name in office.get(reverse("why", args=["riverside"])).content.decode()
