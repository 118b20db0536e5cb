"""C1 for seats that are opened: whoever presses at the same moment, nobody gets a ninth, and the counter is right."""

from functools import partial

import pytest

from accounts.models import Sponsor, User
from matching.actions.errors import NoSeat, TooLate
from matching.actions.offers import accept_offer
from matching.actions.pairings import end_pairing
from matching.models import Offer
from tests import factories
from tests.matching import story
from tests.matching.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def asked_for_room(sponsor: User) -> Offer:
    """An offer that asks a sponsor to open a seat."""
    offer = story.held_out(story.looking(), sponsor)
    offer.seat_reason = "Nobody else signs."
    offer.save(update_fields=["seat_reason"])
    return offer


def side(sponsor: User) -> tuple[int, int, int]:
    one = Sponsor.objects.get(pk=sponsor.pk)
    return one.seats, one.seats_taken, one.seats_opened


def test_of_many_yeses_at_once_as_many_count_as_lead_to_eight() -> None:
    rosa = factories.sponsor(side={"seats": 6, "seats_taken": 6})
    offers = [asked_for_room(rosa) for _ in range(6)]
    said = race([partial(accept_offer, offer, by=rosa) for offer in offers])
    assert sum(isinstance(one, Offer) for one in said) == 2
    assert all(isinstance(one, Offer | NoSeat) for one in said), said
    assert side(rosa) == (8, 8, 2)


def test_one_yes_pressed_often_opens_one_seat() -> None:
    rosa = factories.sponsor(side={"seats": 1, "seats_taken": 1})
    said = race([partial(accept_offer, asked_for_room(rosa), by=rosa)] * 6)
    assert sum(isinstance(one, Offer) for one in said) == 1
    assert all(isinstance(one, Offer | TooLate) for one in said), said
    assert side(rosa) == (2, 2, 1)


def test_a_yes_that_opens_and_an_end_that_frees_leave_what_is_held() -> None:
    """Either order is right: the freed seat is taken, or one is opened and then closed."""
    for _ in range(6):
        rosa = factories.sponsor(side={"seats": 2})
        pair, _other = story.paired_at_once(rosa), story.paired_at_once(rosa)
        offer = asked_for_room(rosa)
        said = race([partial(accept_offer, offer, by=rosa), partial(end_pairing, pair, by=rosa)])
        assert not any(isinstance(one, Exception) for one in said), said
        assert side(rosa) == (2, 2, 0)
        assert story.seats_held(rosa) == 2


def test_a_yes_that_opens_and_one_to_a_last_seat_leave_nobody_without() -> None:
    """A free seat is never opened beside: the plain yes may come second, and then finds none."""
    rosa = factories.sponsor(side={"seats": 2, "seats_taken": 1})
    plain, asked = story.held_out(story.looking(), rosa), asked_for_room(rosa)
    said = race([partial(accept_offer, plain, by=rosa), partial(accept_offer, asked, by=rosa)])
    seats, taken, opened = side(rosa)
    assert isinstance(said[1], Offer)
    assert (seats, taken, opened) == ((3, 3, 1) if isinstance(said[0], Offer) else (2, 2, 0))
