"""The operators' admin reads states and times; it tells no words and changes nothing."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matching.models import CheckIn, Offer, Pairing, ServiceEntry
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db

LISTED = ("sponsorrequest", "offer", "pairing", "outboxmessage", "heartbeat")


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(User.objects.create_superuser("operator@example.org"))


def test_every_list_opens_and_offers_nothing_to_add(operator: Client) -> None:
    office.in_review()
    for name in LISTED:
        answer = operator.get(reverse(f"admin:matching_{name}_changelist"))
        assert answer.status_code == 200
        assert operator.get(reverse(f"admin:matching_{name}_add")).status_code == 403


def test_an_offer_shows_no_note_no_name_and_no_reasons(operator: Client) -> None:
    offer = office.in_review(note="CANARY-note")
    text = operator.get(reverse("admin:matching_offer_change", args=[offer.pk])).content.decode()
    for secret in ("CANARY", "Rosa", "Ana", str(offer.sponsor_id), "shared_hours"):
        assert secret not in text


def test_nothing_can_be_changed_or_deleted_by_hand(operator: Client) -> None:
    offer = office.in_review()
    assert (
        operator.post(reverse("admin:matching_offer_change", args=[offer.pk]), {"state": "paired"}).status_code == 403
    )
    assert operator.post(reverse("admin:matching_offer_delete", args=[offer.pk]), {"post": "yes"}).status_code == 403
    assert Offer.objects.get().state == "in_review"
    assert not Pairing.objects.exists()


def test_answers_and_service_are_not_listed_at_all() -> None:
    assert not admin.site.is_registered(CheckIn)
    assert not admin.site.is_registered(ServiceEntry)
