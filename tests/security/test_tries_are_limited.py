"""S4: a thousand tries at once, each with another forged X-Forwarded-For, are ten tries."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.matching.race import race

pytestmark = pytest.mark.django_db(transaction=True)

TRIES, AT_ONCE, MOST = 1000, 10, 12
WENT_ON = 302
"""Led to the page after the form; a try that is refused stays on it (200) or is sent away (429)."""


def knock(number: int, url: str) -> int:
    """One try, from one machine that claims to be another each time."""
    forged = {"X-Forwarded-For": f"198.51.{number // 250}.{number % 250}"}
    sent = {"email": f"nobody{number}@example.org"}
    return Client().post(url, sent, headers=forged).status_code


def passed(url: str, tries: int = TRIES) -> int:
    """How many of so many tries went on, several at the same moment all along."""

    def some(first: int) -> list[int]:
        return [knock(number, url) for number in range(first, tries, AT_ONCE)]

    runs: list[Callable[[], object]] = [partial(some, first) for first in range(AT_ONCE)]
    answers: list[int] = []
    for one in race(runs):
        assert isinstance(one, list), one
        answers += one
    assert len(answers) == tries
    return sum(answer == WENT_ON for answer in answers)


def test_a_thousand_tries_are_ten() -> None:
    cache.clear()
    assert 1 <= passed(reverse("account_request_login_code")) <= MOST


def test_a_thousand_passwords_are_ten(ana: User) -> None:
    """Each for another address, the last of them right: one machine looks into ten of them at most."""
    cache.clear()
    ana.set_password(PASSWORD)
    ana.save()
    answers = race([partial(_try_some, first, ana.email) for first in range(AT_ONCE)])
    looked_into = sum(said == WRONG for one in answers if isinstance(one, list) for said in one)
    assert 1 <= looked_into <= MOST
    assert sum(len(one) for one in answers if isinstance(one, list)) == TRIES


WRONG, REFUSED = "wrong", "refused"
PASSWORD = "correct horse battery staple"


def _try_some(first: int, address: str) -> list[str]:
    said = []
    for number in range(first, TRIES, AT_ONCE):
        forged = {"X-Forwarded-For": f"198.51.{number // 250}.{number % 250}"}
        login, password = (address, PASSWORD) if number == TRIES - 1 else (f"nobody{number}@example.org", "x" * 15)
        answer = Client().post(reverse("password_sign_in"), {"login": login, "password": password}, headers=forged)
        page = answer.content.decode()
        assert answer.status_code != WENT_ON
        said.append(WRONG if "do not go together" in page else REFUSED)
    return said


def test_control_whoever_is_believed_about_their_address_is_never_refused(settings: Settings) -> None:
    """The negative control: trust a header that nobody has checked, and forging it sets every limit aside."""
    cache.clear()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert passed(reverse("account_request_login_code"), 100) == 100
