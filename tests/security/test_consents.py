"""Consents are asked for one by one, name the wording that was seen, and can be taken back."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.people import WORDING, save_contact
from accounts.forms.signup import SignupForm
from accounts.forms.sponsoring import ContactForm
from accounts.models import AuditEntry, Consent, ConsentKind, Contact, User
from accounts.views import summary
from tests.conftest import signed_in
from tests.matching import story

pytestmark = pytest.mark.django_db

SIGN_UP = {"email": "new@example.org", "adult": "on", "agree_store": "on", "agree_conduct": "on"}
WORDINGS = {"2026-11": "915e69b36a0c6613", "2026-11-27": "c98dc6a96414e533"}
"""A fingerprint of the sentences that people agreed to, for each version."""


def sentences() -> str:
    """What somebody agrees to, as it reads in English."""
    labels = [str(SignupForm.base_fields[name].label) for name in ("agree_store", "agree_conduct")]
    return sha256("\n".join([*labels, str(ContactForm.purpose)]).encode()).hexdigest()[:16]


def test_a_changed_sentence_needs_a_version_of_its_own() -> None:
    assert WORDINGS[WORDING] == sentences()


@pytest.mark.parametrize("left_out", ["adult", "agree_store", "agree_conduct"])
def test_each_is_asked_for_apart_and_none_is_ticked_beforehand(left_out: str) -> None:
    page = Client().get(reverse("account_signup")).content.decode()
    assert f'name="{left_out}"' in page
    assert " checked" not in page.split("<main")[1]
    Client().post(reverse("account_signup"), {name: sent for name, sent in SIGN_UP.items() if name != left_out})
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["account_signup", "account_signup_by_passkey"])
def test_whoever_signs_up_has_agreed_to_both_in_the_wording_of_today(name: str) -> None:
    Client().post(reverse(name), SIGN_UP)
    given = Consent.objects.filter(user__email="new@example.org", withdrawn_at=None)
    assert set(given.values_list("kind", "version")) == {("store", WORDING), ("conduct", WORDING)}


def test_what_a_partner_sees_can_be_taken_back_and_is_gone_at_once(ana: User, rosa: User, bea: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    save_contact(Contact(user=ana, phone="+1 555 010 4242", email="", hint="text first"), by=ana)
    sponsor, url = signed_in(rosa), reverse("pairing", args=[pairing.pk])
    assert "010 4242" in sponsor.get(url).content.decode()
    client = signed_in(ana)
    assert "Take my consent back" in client.get(reverse("my_data")).content.decode()
    client.post(reverse("my_data_withdraw"))
    page = sponsor.get(url).content.decode()
    assert "010 4242" not in page
    assert "text first" not in page
    contact = Contact.objects.get(pk=ana.pk)
    assert (contact.phone, contact.email, contact.hint) == ("", "", "")
    assert Consent.objects.get(user=ana, kind=ConsentKind.CONTACT).withdrawn_at is not None
    assert "You took it back" in client.get(reverse("my_data")).content.decode()
    client.post(reverse("my_data_withdraw"))
    assert AuditEntry.objects.filter(verb="contact.withdrawn").count() == 1


def test_it_can_be_given_anew_and_both_stay_on_record(ana: User) -> None:
    for _ in range(2):
        save_contact(Contact(user=ana, phone="+1 555 010 4242"), by=ana)
        signed_in(ana).post(reverse("my_data_withdraw"))
    assert Consent.objects.filter(user=ana, kind=ConsentKind.CONTACT).count() == 2


def test_nobody_takes_back_what_is_anothers(ana: User, olga: User) -> None:
    save_contact(Contact(user=ana, phone="+1 555 010 4242"), by=ana)
    signed_in(olga).post(reverse("my_data_withdraw"))
    assert Contact.objects.get(pk=ana.pk).phone == "+1 555 010 4242"


def test_ones_own_number_is_shown_by_its_ends_until_one_has_shown_who_one_is(ana: User) -> None:
    """S5: whoever finds a phone lying open reads no number and no address in it."""
    save_contact(Contact(user=ana, phone="+1 555 010 4242", email="ana.private@example.org", hint="my aunt"), by=ana)
    old = signed_in(ana, by="code", ago=timedelta(hours=1)).get(reverse("profile")).content.decode()
    assert not [text for text in ("010 4242", "ana.private", "my aunt") if text in old]
    assert "•••42" in old
    assert "a•••@example.org" in old
    fresh = signed_in(ana).get(reverse("profile")).content.decode()
    assert "010 4242" in fresh


def test_control_without_the_ends_alone_a_number_would_be_read(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    save_contact(Contact(user=ana, phone="+1 555 010 4242"), by=ana)
    monkeypatch.setattr(summary, "_ends", lambda text: text)
    assert "010 4242" in signed_in(ana, by="code", ago=timedelta(hours=1)).get(reverse("profile")).content.decode()
