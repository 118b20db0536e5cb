"""S3: who types an address learns nothing of whether there is an account: not by the answer, and not by its time."""

import re
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import even_answers
from accounts.even_answers import ASKED_OF_STRANGERS
from accounts.models import User
from tests import factories
from tests.security import access

pytestmark = pytest.mark.django_db

STEP = 0.25
MOST = 0.010
PAIRS = 9
MAIL_SERVER_TAKES = 0.08
CONSENTS = {"adult": "on", "agree_store": "on", "agree_conduct": "on"}
_numbers = count(1)


class Clock:
    """Time as one thread spends it: its own work, and what it was told to wait.

    Whatever else a busy machine does meanwhile does not count, so that the figures are the same everywhere.
    """

    def __init__(self) -> None:
        self.waited = threading.local()

    def monotonic(self) -> float:
        return time.thread_time() + getattr(self.waited, "seconds", 0.0)

    def sleep(self, seconds: float) -> None:
        self.waited.seconds = getattr(self.waited, "seconds", 0.0) + seconds


clock = Clock()


class SlowServer(BaseEmailBackend):
    """A mail server that takes its time, as those on a network do."""

    def send_messages(self, messages: Any) -> int:
        clock.sleep(MAIL_SERVER_TAKES)
        return len(messages)


@dataclass(frozen=True)
class Answer:
    """What a visitor gets back, without what differs each time anyhow."""

    status: int
    place: str
    body: str
    headers: tuple[str, ...]
    cookies: tuple[str, ...]
    after: str


def known() -> str:
    return factories.account(email=f"known{next(_numbers):03d}@example.org").email


def with_password() -> str:
    user = User.objects.get(email=known())
    user.set_password("correct horse battery staple")
    user.save()
    return user.email


def unknown() -> str:
    return f"other{next(_numbers):03d}@example.org"


def ask(name: str, address: str) -> tuple[Answer, float]:
    """Type an address into one of the forms: the answer, the page after it, and the seconds until the answer."""
    cache.clear()
    client = Client()
    began = clock.monotonic()
    answer = client.post(reverse(name), {"email": address, "login": address, "password": "x" * 15, **CONSENTS})
    seconds = clock.monotonic() - began
    after = client.get(answer["Location"], follow=True).content.decode() if answer.status_code == 302 else ""
    return (
        Answer(
            status=answer.status_code,
            place=answer.headers.get("Location", ""),
            body=_plain(answer.content.decode(), address),
            headers=tuple(sorted(answer.headers)),
            cookies=tuple(sorted(answer.cookies)),
            after=_plain(after, address),
        ),
        seconds,
    )


def _plain(page: str, address: str) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page).replace(address, "(address)")


@pytest.mark.parametrize("name", sorted(ASKED_OF_STRANGERS))
def test_the_answer_is_the_same_for_known_and_unknown(name: str) -> None:
    assert ask(name, known())[0] == ask(name, unknown())[0]


def test_a_wrong_password_is_answered_alike_where_there_is_one_where_there_is_none_and_where_nobody_is() -> None:
    answers = [ask("password_sign_in", address)[0] for address in (with_password(), known(), unknown())]
    assert answers[0] == answers[1] == answers[2]
    assert "do not go together" in answers[0].body


@pytest.mark.parametrize("name", ["account_signup", "account_request_login_code"])
def test_a_wrong_code_is_answered_alike_too(name: str) -> None:
    said = []
    for address in (known(), unknown()):
        cache.clear()
        client = Client()
        place = client.post(reverse(name), {"email": address, **CONSENTS})["Location"]
        answers = [client.post(place, {"code": "AAAA-AAAA"}, follow=True) for _ in range(4)]
        said.append([(one.status_code, one.redirect_chain, _plain(one.content.decode(), address)) for one in answers])
    assert said[0] == said[1]


def test_control_an_answer_with_a_word_more_would_be_noticed(settings: Settings) -> None:
    """The negative control of the comparison: allauth as it comes tells at sign-up that there is an account."""
    settings.ACCOUNT_PREVENT_ENUMERATION = False
    assert ask("account_signup", known())[0] != ask("account_signup", unknown())[0]


def test_every_form_that_takes_an_address_from_a_stranger_is_among_them() -> None:
    forms = set()
    for name in access.SIGNING_IN:
        page = Client().get(reverse(name, args=access.ALLAUTH_ARGS.get(name, [])), follow=True).content.decode()
        if 'name="email"' in page.split("<main")[-1] or 'name="login"' in page.split("<main")[-1]:
            forms.add(name)
    assert forms <= ASKED_OF_STRANGERS | LEAD_TO_SIGN_IN
    assert forms >= ASKED_OF_STRANGERS - {"account_signup_by_passkey"}


LEAD_TO_SIGN_IN = access.SIGNING_IN - ASKED_OF_STRANGERS
"""Without a beginning these lead back to one of the forms."""


@pytest.fixture
def deployed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Answers at even moments, and a mail server beside them that takes its time."""
    monkeypatch.setattr(even_answers, "time", clock)
    settings.ANSWER_STEP_SECONDS, settings.MAILS_BESIDE_ANSWERS = STEP, True
    settings.EMAIL_BACKEND = f"{__name__}.SlowServer"
    yield settings
    wait([even_answers._beside.submit(time.sleep, 0) for _ in range(8)])


def gap(name: str, pairs: int = PAIRS) -> float:
    """The difference of the medians in seconds, known and unknown asked by turns."""
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * pairs):
        there = number % 2 == 0
        took[there].append(ask(name, known() if there else unknown())[1])
    return abs(statistics.median(took[True]) - statistics.median(took[False]))


@pytest.mark.parametrize("name", ["account_signup", "account_request_login_code", "password_sign_in"])
def test_the_time_is_the_same_for_known_and_unknown(name: str, deployed: Settings) -> None:
    assert gap(name) <= MOST


def test_control_without_even_moments_the_mail_server_tells(deployed: Settings) -> None:
    """The negative control of the time."""
    deployed.ANSWER_STEP_SECONDS, deployed.MAILS_BESIDE_ANSWERS = 0, False
    assert gap("account_request_login_code", 3) > MOST


def test_control_even_moments_alone_do_not_help_against_a_slow_mail_server(
    deployed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.MAIL_SERVER_TAKES", STEP)
    deployed.MAILS_BESIDE_ANSWERS = False
    assert gap("account_request_login_code", 3) > MOST


def test_what_is_not_typed_by_strangers_does_not_wait(deployed: Settings) -> None:
    before = getattr(clock.waited, "seconds", 0.0)
    Client().get(reverse("landing"))
    assert getattr(clock.waited, "seconds", 0.0) == before
