"""Locks are taken in one order: people who act at the same moment wait for each other, and never in a circle."""

from datetime import timedelta
from functools import partial

import pytest

from accounts import clock
from accounts.models import User
from matching.actions.checkins import remind_due
from matching.actions.deadlines import expire_offers
from matching.actions.offers import accept_offer, decline_offer
from matching.actions.pairings import end_pairing
from matching.models import CheckIn, CheckInPlan, Offer, SponsorRequest, Suggestion
from matching.states import CheckInState, OfferState
from tests import factories
from tests.matching import story
from tests.matching.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def _ranked(request: SponsorRequest, *sponsors: User) -> Offer:
    for rank, sponsor in enumerate(sponsors, start=1):
        Suggestion.objects.create(
            request=request, sponsor=sponsor, place=rank, rank=rank, score=1, at=clock.now(), parts={}
        )
    return story.held_out(request, sponsors[0])


def test_two_sponsors_whose_noes_pass_requests_on_to_each_other() -> None:
    rosa, ruth = factories.sponsor(), factories.sponsor()
    offers = [_ranked(story.looking(), *pair) for pair in [(rosa, ruth), (ruth, rosa)] * 8]
    answers = race([partial(decline_offer, offer, by=offer.sponsor) for offer in offers])
    assert answers == [None] * len(offers)
    assert Offer.objects.filter(state=OfferState.SENT).count() == len(offers)


def test_noes_yeses_and_ticks_at_once() -> None:
    sponsors = [factories.sponsor(side={"seats": 8}) for _ in range(3)]
    offers = [_ranked(story.looking(), *(sponsors[at % 3 :] + sponsors[: at % 3])) for at in range(12)]
    Offer.objects.filter(pk__in=[one.pk for one in offers[8:]]).update(expires_at=clock.now())
    answers = race(
        [
            *[partial(decline_offer, one, by=one.sponsor) for one in offers[:4]],
            *[partial(accept_offer, one, by=one.sponsor) for one in offers[4:8]],
            *[expire_offers] * 3,
        ]
    )
    assert not [one for one in answers if isinstance(one, Exception)]
    expire_offers()
    assert all(story.seats_taken(one) == story.seats_held(one) for one in sponsors)


def test_pairings_that_end_while_the_tick_asks() -> None:
    rosa = factories.sponsor(side={"seats": 8})
    pairings = [story.paired_at_once(rosa) for _ in range(8)]
    clock.move_on(timedelta(days=2))
    story.due_now()
    answers = race([*[partial(end_pairing, one, by=rosa) for one in pairings], *[remind_due] * 3])
    assert not [one for one in answers if isinstance(one, Exception)]
    assert not CheckIn.objects.filter(state=CheckInState.OPEN).exists()
    assert not CheckInPlan.objects.filter(next_at__isnull=False).exists()
    assert story.seats_taken(rosa) == 0
