"""A member may leave with everything, at once; nobody who stays is left with a held seat or a silent request."""

import pytest

from accounts import privacy
from accounts.models import AuditEntry, Contact, Profile, Sponsor, User
from matching.actions import offers, requests, reviews
from matching.models import OutboxMessage, Pairing, SponsorRequest
from matching.states import OfferState, RequestState
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_erasing_a_newcomer_frees_the_seat_and_leaves_no_row_of_theirs(ana: User, rosa: User, bea: User) -> None:
    offer = requests.choose(requests.ask(ana, by=ana), [rosa.pk], by=ana)
    reviews.approve_offer(offers.accept_offer(offer, by=rosa), by=bea)
    pk = ana.pk
    privacy.erase(ana)
    assert Sponsor.objects.get(pk=rosa.pk).seats_taken == 0
    assert not User.objects.filter(pk=pk).exists()
    assert not Profile.objects.filter(pk=pk).exists()
    assert not Contact.objects.filter(pk=pk).exists()
    assert not SponsorRequest.objects.exists()
    assert not Pairing.objects.exists()
    assert OutboxMessage.objects.filter(topic="pairing_ended", recipient=rosa).count() == 1


def test_erasing_a_sponsor_asks_the_next_one(ana: User, rosa: User) -> None:
    maria = factories.sponsor(first_name="Maria")
    request = requests.ask(ana, by=ana)
    requests.choose(request, [rosa.pk, maria.pk], by=ana)
    privacy.erase(rosa)
    request.refresh_from_db()
    assert request.state == RequestState.OFFERED
    assert request.offers.get().sponsor_id == maria.pk
    assert request.offers.get().state == OfferState.SENT


def test_the_audit_keeps_a_pseudonym(ana: User) -> None:
    pseudonym = ana.pk
    privacy.erase(ana)
    assert AuditEntry.objects.filter(verb="account.erased", actor=pseudonym).count() == 1


def test_without_the_tick_nothing_is_deleted(ana: User) -> None:
    response = signed_in(ana).post("/privacy/my-data/erase/")
    assert response.status_code == 422
    assert User.objects.filter(pk=ana.pk, is_active=True).exists()


def test_with_the_tick_the_visitor_is_signed_out_and_gone(ana: User) -> None:
    client = signed_in(ana)
    assert client.post("/privacy/my-data/erase/", {"sure": "on"}).status_code == 302
    assert not User.objects.filter(pk=ana.pk).exists()
    assert "_auth_user_id" not in client.session


def test_the_copy_holds_what_matching_knows_and_nothing_of_the_other(ana: User, rosa: User) -> None:
    requests.choose(requests.ask(ana, by=ana), [rosa.pk], by=ana)
    copy = privacy.export(ana)
    assert copy["matching"]["requests"][0]["state"] == RequestState.OFFERED
    assert "Rosa" not in str(copy)
