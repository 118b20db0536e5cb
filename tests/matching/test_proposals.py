"""A coordinator proposes; nothing happens without the newcomer's yes, and then the sponsor's."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import AuditEntry, User
from matching.actions.deadlines import expire_offers
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.offers import accept_offer, answer_proposal, propose_offer
from matching.actions.requests import choose
from matching.actions.reviews import approve_offer
from matching.models import Offer
from matching.states import OfferState, RequestState
from tests import factories
from tests.matching import story


@pytest.fixture
def proposal(ana: User, rosa: User, bea: User) -> Offer:
    return propose_offer(story.asked(ana), rosa.pk, by=bea)


def test_the_sponsor_does_not_see_it_before_the_newcomer_said_yes(proposal: Offer, ana: User, rosa: User) -> None:
    assert not Offer.objects.for_sponsor(rosa).exists()
    answer_proposal(proposal, by=ana, yes=True)
    assert Offer.objects.for_sponsor(rosa).get().state == OfferState.SENT


def test_it_goes_the_whole_way_to_a_pairing(proposal: Offer, ana: User, rosa: User, bea: User) -> None:
    offer = answer_proposal(proposal, by=ana, yes=True)
    assert approve_offer(accept_offer(offer, by=rosa), by=bea).sponsee == ana


def test_a_no_leaves_the_request_open(proposal: Offer, ana: User) -> None:
    answer_proposal(proposal, by=ana, yes=False)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.request.state) == (OfferState.REFUSED, RequestState.OPEN)
    with pytest.raises(TooLate):
        answer_proposal(proposal, by=ana, yes=True)


def test_neither_the_sponsor_nor_the_coordinator_answers_for_the_newcomer(
    proposal: Offer, rosa: User, bea: User
) -> None:
    for other in (rosa, bea):
        with pytest.raises(NotAllowed):
            answer_proposal(proposal, by=other, yes=True)
    with pytest.raises(TooLate):
        accept_offer(proposal, by=rosa)


def test_a_proposal_runs_out_after_three_days_even_before_the_tick(proposal: Offer, ana: User) -> None:
    clock.move_on(timedelta(hours=73))
    with pytest.raises(TooLate):
        answer_proposal(proposal, by=ana, yes=True)
    assert expire_offers() == 1
    proposal.refresh_from_db()
    assert proposal.state == OfferState.EXPIRED


def test_the_same_proposal_twice_is_too_late(proposal: Offer, rosa: User, bea: User) -> None:
    with pytest.raises(TooLate):
        propose_offer(proposal.request, rosa.pk, by=bea)


def test_a_newcomer_may_choose_by_themself_whom_the_coordinator_had_in_mind(
    proposal: Offer, ana: User, rosa: User
) -> None:
    offer = choose(proposal.request, [rosa.pk], by=ana)
    proposal.refresh_from_db()
    assert (offer.state, proposal.state) == (OfferState.SENT, OfferState.WITHDRAWN)


def test_a_pairing_ends_the_proposals_beside_it(proposal: Offer, ana: User, bea: User) -> None:
    ruth = factories.sponsor(first_name="Ruth")
    other = propose_offer(proposal.request, ruth.pk, by=bea)
    offer = answer_proposal(proposal, by=ana, yes=True)
    with pytest.raises(TooLate):
        answer_proposal(other, by=ana, yes=True)
    approve_offer(accept_offer(offer, by=offer.sponsor), by=bea)
    other.refresh_from_db()
    assert other.state == OfferState.WITHDRAWN
    assert AuditEntry.objects.filter(verb="offer.withdrawn", target_id=str(other.pk)).count() == 1
