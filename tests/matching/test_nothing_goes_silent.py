"""Three refusals or three days: then a coordinator has the task, once, and the newcomer knows."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import Profile, User
from matching.actions.deadlines import expire_offers
from matching.actions.offers import decline_offer
from matching.actions.requests import withdraw_request
from matching.models import OutboxMessage
from matching.states import RequestState
from tests import factories
from tests.matching import story


def _told() -> list[tuple[str, User]]:
    topics = ("looked_after", "needs_coordinator")
    messages = OutboxMessage.objects.filter(topic__in=topics).select_related("recipient").order_by("topic")
    return [(one.topic, one.recipient) for one in messages]


def test_three_refusals_call_a_coordinator(ana: User, bea: User) -> None:
    sponsors = [factories.sponsor() for _ in range(3)]
    request = story.offered(ana, *sponsors).request
    for refusals, sponsor in enumerate(sponsors, start=1):
        request.refresh_from_db()
        assert not request.needs_coordinator
        decline_offer(request.offers.live().get(), by=sponsor)
        request.refresh_from_db()
        assert request.refusals == refusals
    assert request.needs_coordinator
    assert request.state == RequestState.OPEN
    assert _told() == [("looked_after", ana), ("needs_coordinator", bea)]


def test_three_days_call_a_coordinator_once(ana: User, bea: User) -> None:
    request = story.asked(ana)
    clock.move_on(timedelta(hours=71))
    expire_offers()
    assert _told() == []
    clock.move_on(timedelta(hours=2))
    expire_offers()
    expire_offers()
    request.refresh_from_db()
    assert request.needs_coordinator
    assert _told() == [("looked_after", ana), ("needs_coordinator", bea)]


def test_a_request_that_was_taken_back_calls_nobody(ana: User, bea: User) -> None:
    withdraw_request(story.asked(ana), by=ana)
    clock.move_on(timedelta(hours=100))
    expire_offers()
    assert _told() == []


def test_a_coordinator_is_not_called_for_their_own_request(bea: User) -> None:
    """Somebody else of the office is; the one who waits hears that it is looked after, and no more."""
    other = factories.coordinator()
    story.asked(bea)
    clock.move_on(timedelta(hours=73))
    expire_offers()
    assert _told() == [("looked_after", bea), ("needs_coordinator", other)]


def test_every_live_request_has_a_moment_by_which_something_happens(ana: User, olga: User, bea: User) -> None:
    rosa = factories.sponsor()
    waiting, held = story.asked(olga), story.offered(ana, rosa).request
    for request in (waiting, held):
        request.refresh_from_db()
        assert request.decide_by > clock.now()
    assert held.decide_by == held.offers.get().expires_at


def test_a_request_that_cannot_move_on_does_not_hold_up_the_others(ana: User, olga: User, rosa: User) -> None:
    broken, sound = story.offered(ana, rosa), story.offered(olga, rosa)
    Profile.objects.filter(pk=ana.pk).update(zone="Mars/Olympus_Mons")
    clock.move_on(timedelta(hours=25))
    assert expire_offers() == 1
    for offer in (broken, sound):
        offer.refresh_from_db()
    assert (broken.state, sound.state) == ("sent", "expired")


@pytest.mark.parametrize("hours", [25, 100])
def test_offers_run_out_after_an_outage_of_any_length(ana: User, rosa: User, hours: int) -> None:
    offer = story.offered(ana, rosa)
    clock.move_on(timedelta(hours=hours))
    assert expire_offers() == 1
    offer.refresh_from_db()
    assert offer.state == "expired"
