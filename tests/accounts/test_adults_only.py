"""Nothing is kept about somebody who does not say that they are 18 or older."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Consent, Profile, User

pytestmark = pytest.mark.django_db

ADDRESS = "very.young@example.org"
AGREED = {"agree_store": "on", "agree_conduct": "on"}


def test_without_the_tick_nothing_is_stored(client: Client) -> None:
    response = client.post(reverse("account_signup"), {"email": ADDRESS, **AGREED})
    html = response.content.decode()
    assert response.status_code in (200, 422)
    assert "18 and older" in html
    assert reverse("too_young") in html
    assert ADDRESS in html
    for model in (User, EmailAddress, Profile, Consent, AuditEntry):
        assert not model.objects.exists()
    assert mail.outbox == []


def test_without_the_tick_no_session_holds_the_address(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": ADDRESS, **AGREED})
    assert not any(ADDRESS in str(session.get_decoded()) for session in Session.objects.all())
    assert not any(ADDRESS in cookie.value for cookie in client.cookies.values())


@pytest.mark.parametrize("missing", ["agree_store", "agree_conduct"])
def test_without_a_consent_nothing_is_stored(client: Client, missing: str) -> None:
    fields = {"email": ADDRESS, "adult": "on", **AGREED}
    del fields[missing]
    client.post(reverse("account_signup"), fields)
    assert not User.objects.exists()
    assert mail.outbox == []


def test_with_all_ticks_the_account_opens_with_its_consents(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": ADDRESS, "adult": "on", **AGREED})
    user = User.objects.get()
    assert set(user.consents.values_list("kind", flat=True)) == {"store", "conduct"}
    assert Profile.objects.get(user=user).completed_at is None
    assert len(mail.outbox) == 1


def test_the_page_for_the_young_asks_for_nothing(client: Client) -> None:
    response = client.get(reverse("too_young"))
    assert response.status_code == 200
    assert 'type="email"' not in response.content.decode()
    assert not Session.objects.exists()
