"""Mail by a provider's interface (django-anymail): the same letters, nothing counted, and troubles told apart."""

from typing import Any

import anymail.backends.test
import pytest
import requests
from anymail.exceptions import AnymailRequestsAPIError
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from accounts.models import User
from matching.actions.outbox import post, send_outbox
from matching.models import OutboxMessage
from matching.states import OutboxState
from recovery_match.mail import NO_TRACKING, PROVIDERS, provider_settings

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "Ab-Cd%3AEf"


class Troubled(anymail.backends.test.EmailBackend):  # type: ignore[misc]
    """A provider that answers with what the test wants."""

    trouble: Exception

    def post_to_esp(self, payload: Any, message: Any) -> Any:
        raise self.trouble


@pytest.fixture
def provider(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    settings.ANYMAIL = {"SEND_DEFAULTS": NO_TRACKING}


def _after(trouble: Exception, settings: Settings, member: User) -> tuple[str, int]:
    settings.EMAIL_BACKEND = f"{__name__}.Troubled"
    Troubled.trouble = trouble
    post("not_this_time", member, key="one")
    assert send_outbox() == 0
    return OutboxMessage.objects.values_list("state", "attempts").get()


def _answered(status: int) -> Exception:
    response = requests.Response()
    response.status_code = status
    error: Exception = AnymailRequestsAPIError(response=response)
    return error


def _unanswered(cause: requests.RequestException) -> Exception:
    """As the backends raise it."""
    kind: type[Exception] = type("AnymailRequestsAPIError", (AnymailRequestsAPIError, type(cause)), {})
    error = kind("Error posting")
    error.__cause__ = cause
    return error


@pytest.mark.usefixtures("provider")
def test_a_letter_goes_out_with_its_headers_and_nothing_of_it_is_counted(ana: User) -> None:
    post("not_this_time", ana, key="one")
    assert send_outbox() == 1
    sent: Any = mail.outbox[0]
    told = sent.anymail_test_params
    assert (told["track_opens"], told["track_clicks"]) == (False, False)
    assert str(OutboxMessage.objects.get().pk) in told["extra_headers"]["Message-ID"]
    assert told["extra_headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told["extra_headers"]["List-Unsubscribe"].startswith("<http")


@pytest.mark.parametrize("scheme", PROVIDERS)
def test_every_provider_we_offer_takes_our_letter_and_is_told_to_count_nothing(
    scheme: str, ana: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request is made in full and caught on its way: a provider that can't be told would raise."""
    caught: list[Any] = []

    def catch(session: Any, **asked: Any) -> requests.Response:
        caught.append(asked)
        return _answered(503).response  # type: ignore[attr-defined]

    monkeypatch.setattr(requests.Session, "request", catch)
    between = ":other" if PROVIDERS[scheme].password else ""
    found = provider_settings(f"{scheme}://{SECRET}{between}@mail.example.org")
    assert found is not None
    for name, value in found.items():
        setattr(settings, name, value)
    post("not_this_time", ana, key="one")
    send_outbox()
    (asked,) = caught
    told = f"{asked.get('data')}{asked.get('json')}".lower()
    assert "track" in told or "click" in told
    assert "list-unsubscribe=one-click" in told
    assert asked["timeout"] == 20
    assert OutboxMessage.objects.get().attempts == 0


def test_an_address_is_read_with_its_capitals_signs_and_further_settings() -> None:
    found = provider_settings(f"mailgun://{SECRET}@mg.example.org?api_url=https%3A%2F%2Feu.example.org%2Fv3")
    assert found is not None
    assert found["EMAIL_BACKEND"] == "anymail.backends.mailgun.EmailBackend"
    assert found["ANYMAIL"]["MAILGUN_API_KEY"] == "Ab-Cd:Ef"
    assert found["ANYMAIL"]["MAILGUN_SENDER_DOMAIN"] == "mg.example.org"
    assert found["ANYMAIL"]["MAILGUN_API_URL"] == "https://eu.example.org/v3"
    alone = provider_settings("postmark://Ab-Cd")
    assert alone is not None
    assert alone["ANYMAIL"]["POSTMARK_SERVER_TOKEN"] == "Ab-Cd"


def test_an_smtp_address_is_left_to_django_and_a_half_one_is_refused_without_its_secret() -> None:
    assert provider_settings("smtp+tls://user:password@mail.example.org:587") is None
    with pytest.raises(ImproperlyConfigured, match="MAILJET_SECRET_KEY") as refused:
        provider_settings("mailjet://the-key")
    assert "the-key" not in str(refused.value)


@pytest.mark.parametrize("status", [401, 429, 503])
def test_a_provider_that_turns_everything_away_counts_as_nobodys_attempt(
    status: int, ana: User, settings: Settings
) -> None:
    assert _after(_answered(status), settings, ana) == (OutboxState.WAITING, 0)


@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_provider_that_refuses_this_letter_counts_as_its_attempt(status: int, ana: User, settings: Settings) -> None:
    assert _after(_answered(status), settings, ana) == (OutboxState.WAITING, 1)


def test_a_provider_that_was_never_reached_counts_as_nobodys_attempt(ana: User, settings: Settings) -> None:
    with pytest.raises(requests.ConnectionError) as never:
        requests.post("http://127.0.0.1:1", timeout=1)
    assert _after(_unanswered(never.value), settings, ana) == (OutboxState.WAITING, 0)


def test_a_provider_that_fell_silent_with_the_letter_counts_as_an_attempt(ana: User, settings: Settings) -> None:
    """It may have taken it: tried again at once and for ever, it would be sent again and again."""
    assert _after(_unanswered(requests.ReadTimeout()), settings, ana) == (OutboxState.WAITING, 1)
