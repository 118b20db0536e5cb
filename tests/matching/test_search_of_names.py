"""A name is found although it is misspelt, and stands in no address, log or session in the clear."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import MemberKey, User
from accounts.models.member_key import forget_keys
from matching.queries.name_search import named_like, searching
from matching.queries.sponsors import listed
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def found(user: User, word: str) -> list[str]:
    with searching(word):
        return [one.user.profile.first_name for one in listed(user, {}, word)]


@pytest.fixture
def crowd(db: None) -> None:
    for name in ("Rosa", "Ruth", "Maria", "Theodora", "José", "John"):
        factories.sponsor(first_name=name)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Ruth", "Ruth"),
        ("roth", "Ruth"),
        ("ru", "Ruth"),
        ("Ruht", "Ruth"),
        ("mareia", "Maria"),
        ("theo", "Theodora"),
        ("jose", "José"),
        ("ruth m", "Ruth"),
        ("jhon", "John"),
    ],
)
def test_a_name_half_typed_or_misspelt_is_found_first(word: str, name: str, bea: User, crowd: None) -> None:
    assert found(bea, word)[:1] == [name]


@pytest.mark.parametrize("word", ["xaver", "%", "_", "'; --", "ruth' or 1=1"])
def test_what_is_like_nobody_finds_nobody_else(word: str, bea: User, crowd: None) -> None:
    assert found(bea, word) in ([], ["Ruth"])


def test_control_with_postgresqls_own_bound_the_misspelt_name_is_not_found(bea: User, crowd: None) -> None:
    assert named_like(listed(bea, {}), "roth", "user__profile__").count() == 0


def test_a_search_goes_by_the_index(bea: User, crowd: None) -> None:
    with searching("roth"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        from accounts.models import Profile

        plan = named_like(Profile.objects.all(), "roth").explain()
    assert "profile_name_search" in plan


@pytest.mark.parametrize(("where", "url"), [("sponsors", "coordinate_sponsors"), ("newcomers", "newcomers")])
def test_a_search_is_posted_kept_and_cleared_and_the_filter_stays(where: str, url: str, desk: Client) -> None:
    for name in ("Ruth", "Maria"):
        factories.sponsor(first_name=name) if where == "sponsors" else factories.newcomer(first_name=name)
    answer = desk.post(reverse("people_search") + "?language=en&page=3", {"word": "Roth", "where": where})
    assert answer.headers["Location"] == reverse(url) + "?language=en"
    text = office.page(desk, reverse(url), language="en")
    assert "Ruth M." in text or "Ruth L." in text
    assert "Maria" not in text
    assert "Names like “Roth”" in text
    desk.post(reverse("people_search"), {"word": "", "where": where})
    assert "Maria" in office.page(desk, reverse(url))


def test_the_name_stands_in_no_address_log_or_session_in_the_clear(
    desk: Client, crowd: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = desk.post(reverse("people_search"), {"word": "Theodora", "where": "sponsors"}, follow=True)
        desk.get(reverse("coordinate_sponsors") + "?sort=name")
    assert "theodora" not in str(answer.redirect_chain).lower()
    told = [record.getMessage().lower() for record in caplog.records if not record.name.startswith("django.db")]
    assert not any("theodora" in line for line in told)
    assert all("theodora" not in str(session.get_decoded()).lower() for session in Session.objects.all())


def test_a_search_whose_key_is_gone_is_forgotten(desk: Client, crowd: None, bea: User) -> None:
    desk.post(reverse("people_search"), {"word": "Theodora", "where": "sponsors"})
    MemberKey.objects.filter(member=bea).delete()
    forget_keys()
    assert "Maria M." in office.page(desk, reverse("coordinate_sponsors"))


def test_hidden_characters_are_refused_with_what_to_do(desk: Client, crowd: None) -> None:
    answer = desk.post(reverse("people_search"), {"word": "Ru\u202eth", "where": "sponsors"}, follow=True)
    assert "Type it again instead of pasting it." in answer.content.decode()
