"""What comes between two people after the offer was sent stops the yes and the approval, whoever says it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import Bar, Coordinator, Profile, Sponsor, User
from matching.actions.errors import NoLongerFits, NotAllowed, TooLate
from matching.actions.offers import accept_offer, propose_offer
from matching.actions.reviews import approve_offer, reject_offer
from matching.models import OutboxMessage, Pairing
from matching.states import OfferState
from tests import factories
from tests.matching import story

Change = Callable[[User, User], object]

CHANGES: dict[str, Change] = {
    "barred": lambda ana, rosa: Bar.objects.create(by=ana, other=rosa, kind="block", at=clock.now()),
    "barred the other way": lambda ana, rosa: Bar.objects.create(by=rosa, other=ana, kind="not_again", at=clock.now()),
    "gender": lambda ana, rosa: Profile.objects.filter(pk=ana.pk).update(comfortable_with=["man"]),
    "gender the other way": lambda ana, rosa: Profile.objects.filter(pk=rosa.pk).update(comfortable_with=["man"]),
    "language": lambda ana, rosa: Profile.objects.filter(pk=rosa.pk).update(languages=["fr"]),
    "needs": lambda ana, rosa: Profile.objects.filter(pk=ana.pk).update(needs=["sign_language"]),
    "active": lambda ana, rosa: User.objects.filter(pk=rosa.pk).update(is_active=False),
    "approved": lambda ana, rosa: Sponsor.objects.filter(pk=rosa.pk).update(approved_at=None),
    "minimum_time": lambda ana, rosa: Profile.objects.filter(pk=rosa.pk).update(recovery_date=factories.today()),
    "has_sponsor": lambda ana, rosa: Sponsor.objects.filter(pk=rosa.pk).update(has_own_sponsor=False),
    "way_to_meet": lambda ana, rosa: Profile.objects.filter(pk=rosa.pk).update(modes=["video"]),
    "offers": lambda ana, rosa: Profile.objects.filter(pk=rosa.pk).update(intergroup=factories.intergroup("hillside")),
}


@pytest.mark.parametrize("broken", CHANGES)
def test_a_rule_broken_after_the_offer_stops_the_sponsors_yes(broken: str, ana: User, rosa: User) -> None:
    offer = story.offered(ana, rosa)
    CHANGES[broken](ana, rosa)
    with pytest.raises(NoLongerFits, match=broken.split()[0]):
        accept_offer(offer, by=rosa)
    assert story.seats_taken(rosa) == 0


@pytest.mark.parametrize("broken", CHANGES)
def test_a_rule_broken_after_the_yes_stops_the_approval(broken: str, ana: User, rosa: User, bea: User) -> None:
    offer = story.accepted(ana, rosa)
    CHANGES[broken](ana, rosa)
    with pytest.raises(NoLongerFits, match=broken.split()[0]):
        approve_offer(offer, by=bea)
    assert not Pairing.objects.exists()
    reject_offer(offer, by=bea, reason="other")
    assert story.seats_taken(rosa) == 0


@pytest.mark.parametrize("broken", CHANGES)
def test_no_coordinator_proposes_against_a_hard_rule(broken: str, ana: User, rosa: User, bea: User) -> None:
    request = story.asked(ana)
    CHANGES[broken](ana, rosa)
    with pytest.raises(NoLongerFits, match=broken.split()[0]):
        propose_offer(request, rosa.pk, by=bea)


def test_a_pause_after_the_yes_keeps_new_offers_away_and_no_more(ana: User, rosa: User, bea: User) -> None:
    offer = story.accepted(ana, rosa)
    Sponsor.objects.filter(pk=rosa.pk).update(paused_until=factories.today() + timedelta(days=30))
    assert approve_offer(offer, by=bea).sponsor == rosa


def test_the_seat_that_the_yes_holds_does_not_stand_in_its_own_way(ana: User, bea: User) -> None:
    rosa = factories.sponsor(side={"seats": 1})
    pairing = story.paired(ana, rosa, bea)
    assert (pairing.sponsor, story.seats_taken(rosa)) == (rosa, 1)


def test_a_coordinator_decides_nothing_that_concerns_themself(ana: User, rosa: User, bea: User) -> None:
    for member, sponsor, judge in ((ana, rosa, rosa), (factories.newcomer(), rosa, None)):
        offer = story.accepted(member, sponsor)
        judge = judge or member
        Coordinator.objects.create(
            user=judge, intergroup=factories.intergroup(), starts_on="2020-01-01", ends_on="2999-01-01"
        )
        with pytest.raises(NotAllowed):
            approve_offer(offer, by=judge)
        with pytest.raises(NotAllowed):
            reject_offer(offer, by=judge, reason="other")
    assert not Pairing.objects.exists()


def test_a_coordinator_of_another_intergroup_decides_nothing_here(ana: User, rosa: User) -> None:
    elsewhere = factories.coordinator(factories.intergroup("hillside"))
    offer = story.accepted(ana, rosa)
    for decide in (approve_offer, lambda offer, by: reject_offer(offer, by=by, reason="other")):
        with pytest.raises(NotAllowed):
            decide(offer, by=elsewhere)
    with pytest.raises(NotAllowed):
        propose_offer(story.asked(factories.newcomer()), rosa.pk, by=elsewhere)


def test_a_coordinator_whose_term_is_over_decides_nothing(ana: User, rosa: User, bea: User) -> None:
    offer = story.accepted(ana, rosa)
    Coordinator.objects.update(ends_on=factories.today() - timedelta(days=2))
    with pytest.raises(NotAllowed):
        approve_offer(offer, by=bea)


def test_two_coordinators_who_decide_the_same_offer_decide_it_once(ana: User, rosa: User, bea: User) -> None:
    offer = story.accepted(ana, rosa)
    other = factories.coordinator()
    approve_offer(offer, by=bea)
    for decide in (approve_offer, lambda offer, by: reject_offer(offer, by=by, reason="other")):
        with pytest.raises(TooLate):
            decide(offer, by=other)
    assert story.seats_taken(rosa) == 1


def test_a_rejection_frees_the_seat_tells_the_sponsor_and_asks_the_next(ana: User, bea: User) -> None:
    rosa, ruth = factories.sponsor(), factories.sponsor()
    offer = accept_offer(story.offered(ana, rosa, ruth), by=rosa)
    reject_offer(offer, by=bea, reason="too_far")
    offer.refresh_from_db()
    assert (offer.state, offer.reject_reason) == (OfferState.REJECTED, "too_far")
    assert story.seats_taken(rosa) == 0
    assert offer.request.offers.get(state=OfferState.SENT).sponsor == ruth
    assert OutboxMessage.objects.filter(topic="not_this_time", recipient=rosa).exists()
