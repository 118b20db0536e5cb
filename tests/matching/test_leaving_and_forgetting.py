"""Who leaves leaves no seat taken and nobody waiting; what is forgotten by itself takes nothing along that lives."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import clock, privacy
from accounts.models import AuditEntry, User
from matching.actions.offers import accept_offer, decline_offer
from matching.actions.pairings import end_pairing
from matching.actions.retention import close_unmatched, forget
from matching.actions.reviews import approve_offer
from matching.models import Offer, OutboxMessage, Pairing, SponsorRequest
from matching.states import OfferState, RequestState
from tests import factories
from tests.matching import story


@pytest.fixture
def ruth(db: None) -> User:
    """Another sponsor."""
    return factories.sponsor(first_name="Ruth")


def test_a_newcomer_who_leaves_frees_the_seat(ana: User, rosa: User, bea: User) -> None:
    story.paired(ana, rosa, bea)
    privacy.erase(ana)
    assert story.seats_taken(rosa) == 0
    assert not Pairing.objects.exists()
    assert OutboxMessage.objects.filter(topic="pairing_ended", recipient=rosa).exists()


def test_a_newcomer_who_leaves_during_the_review_frees_the_seat(ana: User, rosa: User, bea: User) -> None:
    story.accepted(ana, rosa)
    privacy.erase(ana)
    assert story.seats_taken(rosa) == 0
    assert not SponsorRequest.objects.exists()


@pytest.mark.parametrize("said_yes", [False, True])
def test_what_was_held_out_to_a_sponsor_who_leaves_goes_on(
    said_yes: bool, ana: User, rosa: User, ruth: User, bea: User
) -> None:
    offer = story.offered(ana, rosa, ruth)
    if said_yes:
        accept_offer(offer, by=rosa)
    privacy.erase(rosa)
    assert Offer.objects.get().sponsor == ruth
    assert SponsorRequest.objects.get().state == RequestState.OFFERED


def test_a_pairing_that_lives_outlives_the_request_it_came_from(ana: User, rosa: User, ruth: User, bea: User) -> None:
    """The request also holds an offer that came to nothing: that must not make it look like one that led nowhere."""
    first = story.offered(ana, ruth, rosa)
    decline_offer(first, by=ruth)
    second = first.request.offers.get(state=OfferState.SENT)
    pairing = approve_offer(accept_offer(second, by=rosa), by=bea)
    clock.move_on(timedelta(days=400))
    forget()
    assert Pairing.objects.live().get() == pairing
    assert story.seats_taken(rosa) == story.seats_held(rosa) == 1


def test_what_ended_a_year_ago_is_forgotten(ana: User, rosa: User, bea: User) -> None:
    end_pairing(story.paired(ana, rosa, bea), by=ana)
    clock.move_on(timedelta(days=360))
    forget()
    assert Pairing.objects.count() == 1
    clock.move_on(timedelta(days=10))
    forget()
    assert not Pairing.objects.exists()
    assert not SponsorRequest.objects.exists()


def test_a_request_that_found_nobody_is_closed_after_sixty_days(ana: User, rosa: User, bea: User) -> None:
    offer = story.accepted(ana, rosa)
    clock.move_on(timedelta(days=59))
    assert close_unmatched() == 0
    clock.move_on(timedelta(days=2))
    assert (close_unmatched(), close_unmatched()) == (1, 0)
    offer.request.refresh_from_db()
    assert offer.request.state == RequestState.CLOSED
    assert story.seats_taken(rosa) == 0


def test_the_audit_lets_go_after_twelve_months_and_never_changes(ana: User) -> None:
    old = AuditEntry.objects.create(at=clock.now() - timedelta(days=400), verb="x", target_kind="x", target_id="1")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=old.pk).update(verb="y")
    forget()
    assert not AuditEntry.objects.filter(pk=old.pk).exists()
