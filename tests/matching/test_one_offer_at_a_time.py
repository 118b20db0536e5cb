"""The newcomer ranks; one sponsor at a time has the offer; no answer and a no both pass it on."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import Sponsor, User
from matching.actions.deadlines import expire_offers
from matching.actions.errors import NoLongerFits, NotAllowed, TooLate
from matching.actions.offers import accept_offer, decline_offer
from matching.actions.requests import choose, withdraw_request
from matching.actions.suggestions import suggest
from matching.models import Offer, OutboxMessage, Pairing, SponsorRequest
from matching.states import OfferState, RequestState
from tests import factories
from tests.matching import story


@pytest.fixture
def three(db: None) -> list[User]:
    """Three sponsors who all fit."""
    return [factories.sponsor(first_name=name) for name in ("Rosa", "Ruth", "Rita")]


def _states(request: SponsorRequest) -> list[str]:
    return list(request.offers.order_by("made_at").values_list("state", flat=True))


def _posted(topic: str) -> list[User]:
    return [one.recipient for one in OutboxMessage.objects.filter(topic=topic).order_by("posted_at")]


def test_the_first_choice_has_the_offer_for_a_day(ana: User, three: list[User]) -> None:
    offer = story.offered(ana, *three)
    assert (offer.sponsor, offer.state, offer.request.state) == (three[0], OfferState.SENT, RequestState.OFFERED)
    assert offer.expires_at == offer.made_at + timedelta(hours=24)
    assert _posted("offer_sent") == [three[0]]
    assert story.seats_taken(three[0]) == 0


def test_only_suggested_people_can_be_chosen(ana: User, rosa: User, olga: User) -> None:
    request = story.asked(ana)
    for wanted in ([], [olga.pk], [rosa.pk, olga.pk]):
        with pytest.raises(TooLate):
            choose(request, wanted, by=ana)
    with pytest.raises(NotAllowed):
        choose(request, [rosa.pk], by=olga)
    assert not Offer.objects.exists()


def test_a_second_choice_while_one_is_out_is_too_late(ana: User, three: list[User]) -> None:
    offer = story.offered(ana, three[0])
    with pytest.raises(TooLate):
        choose(offer.request, [three[1].pk], by=ana)


def test_choosing_somebody_who_has_just_ceased_to_fit_changes_nothing(ana: User, rosa: User) -> None:
    request = story.asked(ana)
    Sponsor.objects.filter(pk=rosa.pk).update(approved_at=None)
    with pytest.raises(TooLate):
        choose(request, [rosa.pk], by=ana)
    request.refresh_from_db()
    assert request.state == RequestState.OPEN
    assert request.suggestions.get().rank is None


def test_a_no_passes_the_offer_on(ana: User, three: list[User]) -> None:
    offer = story.offered(ana, *three)
    decline_offer(offer, by=three[0])
    assert _states(offer.request) == ["declined", "sent"]
    assert _posted("offer_sent") == three[:2]


def test_silence_passes_the_offer_on_after_a_day(ana: User, three: list[User]) -> None:
    offer = story.offered(ana, *three)
    clock.move_on(timedelta(hours=23))
    assert expire_offers() == 0
    clock.move_on(timedelta(hours=2))
    assert expire_offers() == 1
    assert _states(offer.request) == ["expired", "sent"]


def test_an_answer_after_the_deadline_is_too_late_even_before_the_tick(ana: User, rosa: User) -> None:
    offer = story.offered(ana, rosa)
    clock.move_on(timedelta(hours=25))
    for answer in (accept_offer, decline_offer):
        with pytest.raises(TooLate):
            answer(offer, by=rosa)
    assert story.seats_taken(rosa) == 0


def test_nobody_answers_for_the_sponsor(ana: User, rosa: User, olga: User) -> None:
    offer = story.offered(ana, rosa)
    for answer in (accept_offer, decline_offer):
        with pytest.raises(NotAllowed):
            answer(offer, by=olga)


def test_a_no_with_a_pause_keeps_further_offers_away(ana: User, olga: User, rosa: User) -> None:
    decline_offer(story.offered(ana, rosa), by=rosa, pause_until=factories.today() + timedelta(days=30))
    assert list(story.asked(olga).suggestions.all()) == []


def test_a_no_without_a_pause_does_not(ana: User, olga: User, rosa: User) -> None:
    decline_offer(story.offered(ana, rosa), by=rosa)
    assert story.asked(olga).suggestions.get().sponsor == rosa


def test_when_nobody_is_left_the_newcomer_chooses_again_without_those_who_said_no(ana: User, three: list[User]) -> None:
    offer = story.offered(ana, three[0])
    decline_offer(offer, by=three[0])
    offer.request.refresh_from_db()
    assert offer.request.state == RequestState.OPEN
    assert {one.sponsor for one in offer.request.suggestions.all()} == set(three[1:])
    assert _posted("choose_again") == [ana]


def test_an_offer_that_could_only_be_refused_moves_on(ana: User, olga: User, three: list[User]) -> None:
    Sponsor.objects.filter(pk=three[0].pk).update(seats=1)
    waiting, taking = story.offered(olga, *three), story.offered(ana, three[0])
    accept_offer(taking, by=three[0])
    assert expire_offers() == 1
    assert _states(waiting.request) == ["withdrawn", "sent"]


def test_a_sponsor_whose_seat_came_free_again_can_be_chosen_after_all(ana: User, olga: User, rosa: User) -> None:
    Sponsor.objects.filter(pk=rosa.pk).update(seats=1)
    waiting, taking = story.offered(olga, rosa), story.offered(ana, rosa)
    accept_offer(taking, by=rosa)
    expire_offers()
    withdraw_request(taking.request, by=ana)
    suggest(waiting.request, by=olga)
    assert choose(waiting.request, [rosa.pk], by=olga).state == OfferState.SENT


def test_without_review_a_yes_pairs_at_once(ana: User, rosa: User) -> None:
    story.without_review()
    offer = accept_offer(story.offered(ana, rosa), by=rosa)
    pairing = Pairing.objects.get()
    assert (offer.state, pairing.sponsor, pairing.sponsee) == (OfferState.PAIRED, rosa, ana)
    assert story.seats_taken(rosa) == 1


def test_a_yes_confirms_a_sponsor_and_overlooks_no_other_rule(ana: User, rosa: User) -> None:
    """A lapsed confirmation comes before the block in the order of the rules: it must not hide it."""
    offer = story.offered(ana, rosa)
    long_ago = clock.now() - timedelta(days=40)
    Sponsor.objects.filter(pk=rosa.pk).update(confirmed_at=long_ago)
    ana.bars_made.create(other=rosa, kind="block", at=clock.now())
    with pytest.raises(NoLongerFits, match="barred"):
        accept_offer(offer, by=rosa)
    rosa.sponsor.refresh_from_db()
    assert rosa.sponsor.confirmed_at == long_ago
    ana.bars_made.all().delete()
    accept_offer(offer, by=rosa)
    rosa.sponsor.refresh_from_db()
    assert rosa.sponsor.confirmed_at > long_ago
