"""Taking a request back: at any time, and whatever it held is free again."""

import pytest

from accounts.models import AuditEntry, User
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.offers import accept_offer
from matching.actions.requests import withdraw_request
from matching.actions.reviews import approve_offer
from matching.models import Offer, OutboxMessage, Pairing
from matching.states import OfferState, RequestState
from tests.matching import story


def test_a_held_seat_is_free_again_and_the_sponsor_hears(ana: User, rosa: User, bea: User) -> None:
    offer = story.accepted(ana, rosa)
    assert story.seats_taken(rosa) == 1
    withdraw_request(offer.request, by=ana)
    offer.refresh_from_db()
    assert (offer.state, offer.request.state) == (OfferState.WITHDRAWN, RequestState.WITHDRAWN)
    assert story.seats_taken(rosa) == 0
    assert OutboxMessage.objects.filter(topic="not_this_time", recipient=rosa).count() == 1
    assert AuditEntry.objects.filter(verb="offer.withdrawn", actor=ana.pk).count() == 1


def test_an_offer_without_an_answer_goes_quietly(ana: User, rosa: User) -> None:
    offer = story.offered(ana, rosa)
    withdraw_request(offer.request, by=ana)
    assert not Offer.objects.live().exists()
    assert not OutboxMessage.objects.filter(topic="not_this_time").exists()


def test_afterwards_nobody_can_say_yes_any_more(ana: User, rosa: User, bea: User) -> None:
    offer = story.offered(ana, rosa)
    withdraw_request(offer.request, by=ana)
    with pytest.raises(TooLate):
        accept_offer(offer, by=rosa)
    with pytest.raises(TooLate):
        approve_offer(offer, by=bea)
    with pytest.raises(TooLate):
        withdraw_request(offer.request, by=ana)
    assert not Pairing.objects.exists()


def test_a_pairing_is_not_undone_by_withdrawing_its_request(ana: User, rosa: User, bea: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    with pytest.raises(TooLate):
        withdraw_request(pairing.offer.request, by=ana)
    assert Pairing.objects.live().count() == 1


def test_only_the_one_who_asked_takes_it_back(ana: User, rosa: User) -> None:
    with pytest.raises(NotAllowed):
        withdraw_request(story.asked(ana), by=rosa)
