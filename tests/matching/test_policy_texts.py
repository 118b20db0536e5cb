"""An office's own words: checked, shown before they are saved, and standing where they belong and nowhere else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Policy, PolicyChange, User
from matching.actions.outbox import post
from matching.models import MAIL, OutboxMessage
from matching.neutral_words import outing
from matching.notices.letters import mail, write
from matching.notices.moulds import Letter
from tests import factories
from tests.conftest import signed_in
from tests.matching import office
from tests.matching.letters import html_of

URL = "/coordinate/riverside/settings/words/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def save(desk: Client, **values: Any) -> str:
    given = {key.replace("_", "-"): value for key, value in values.items()}
    answer = desk.post(URL, {"save": "1", "seen": office.seen(desk, URL), **given})
    assert answer.status_code == 302
    return office.page(desk, answer.headers["Location"])


def policy() -> Policy:
    return Policy.objects.get(pk=factories.intergroup().pk)


def test_words_are_shown_as_they_would_stand_before_they_are_saved(desk: Client, ana: User) -> None:
    office.asked(ana)
    text = desk.post(URL, {"welcome-en": "We meet for coffee.\nCome by."}).content.decode()
    assert "<p>We meet for coffee.<br>Come by.</p>" in text
    assert "1 person waits today." in text
    assert policy().texts == {}


def test_each_place_shows_its_own_words_to_members_of_the_office_alone(desk: Client, ana: User) -> None:
    save(desk, welcome_en="Coffee on Sundays.", waiting_en="It can take a week.")
    client = signed_in(ana)
    assert "Coffee on Sundays." in office.page(client, reverse("home"))
    assert "It can take a week." not in office.page(client, reverse("request"))
    office.asked(ana)
    waiting = office.page(client, reverse("request"))
    assert "It can take a week." in waiting
    assert "Coffee on Sundays." not in waiting
    elsewhere = factories.newcomer(intergroup=factories.intergroup("hillside"))
    assert "Coffee on Sundays." not in office.page(signed_in(elsewhere), reverse("home"))


def test_marks_are_shown_as_they_were_written(desk: Client, ana: User) -> None:
    save(desk, welcome_en="<b>Coffee</b>")
    assert "&lt;b&gt;Coffee&lt;/b&gt;" in office.page(signed_in(ana), reverse("home"))


def test_a_letter_ends_with_the_words_in_its_readers_language(desk: Client, ana: User, olga: User) -> None:
    save(desk, letters_en="The office is open on Fridays.", letters_es="La oficina abre los viernes.")
    User.objects.filter(pk=olga.pk).update(language="es")
    elsewhere = factories.newcomer(intergroup=factories.intergroup("hillside"))
    for one in (ana, olga, elsewhere):
        post("not_this_time", one.pk, key=f"one:{one.pk}")
    messages = list(OutboxMessage.objects.select_related("recipient"))
    bodies = {one.to[0]: _whole(one) for one in write(messages, MAIL, mail).values() if isinstance(one, Letter)}
    assert bodies[ana.email].count("The office is open on Fridays.") == 2
    assert bodies[olga.email].count("La oficina abre los viernes.") == 2
    assert "open on Fridays" not in bodies[elsewhere.email]


def _whole(letter: Letter) -> str:
    return str(letter.body) + html_of(letter)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "See you at the meeting."),
        ("es", "Nos vemos en la reunión."),
        ("fr", "Votre parrain vous attend."),
        ("fr", "See your sponsor."),
    ],
)
def test_a_word_that_gives_a_letter_away_is_refused_and_named(desk: Client, language: str, text: str) -> None:
    answer = desk.post(URL, {f"letters-{language}": text, "save": "1"})
    assert answer.status_code == 422
    (word,) = outing(text, language)
    assert f"tell whoever sees the letter what it is about: {word}" in answer.content.decode()
    assert policy().texts == {}


def test_the_same_word_may_stand_on_a_page_behind_the_sign_in(desk: Client) -> None:
    save(desk, welcome_en="See you at the meeting.")
    assert policy().texts == {"welcome": {"en": "See you at the meeting."}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Do not relapse.", "blame or label people: relapse"),
        ("Welcome!", "exclamation mark"),
        ("See https://example.org", "web address"),
        ("a" * 401, "too long"),
        ("turn\u202eround", "hidden characters"),
    ],
)
def test_what_does_not_belong_is_refused_with_a_word(desk: Client, text: str, said: str) -> None:
    answer = desk.post(URL, {"welcome-en": text, "save": "1"})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_history_says_what_was_said_before_and_takes_it_back(desk: Client, ana: User) -> None:
    save(desk, welcome_en="Coffee on Sundays.")
    text = save(desk, welcome_en="Tea on Sundays.")
    assert "On the first page of members (English): Coffee on Sundays., then Tea on Sundays." in text
    desk.post(reverse("policy_undo", args=[PolicyChange.objects.earliest("-at").pk]))
    assert "Coffee on Sundays." in office.page(signed_in(ana), reverse("home"))


def test_the_page_takes_few_queries(desk: Client) -> None:
    with office.at_most(8):
        office.page(desk, URL)
    with office.at_most(8):
        desk.post(URL, {"welcome-en": "Coffee."})
