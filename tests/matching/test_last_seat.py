"""C1: of any number who say yes for one last seat at the same moment, one gets it."""

from collections import Counter
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from accounts import clock
from accounts.models import User
from matching.actions.errors import NoSeat, TooLate
from matching.actions.offers import accept_offer
from matching.models import Offer, Pairing
from matching.states import OfferState
from tests import factories
from tests.matching import story
from tests.matching.race import race

CROWD = 100

pytestmark = pytest.mark.django_db(transaction=True)


def _last_seat(offers: list[Offer], sponsor: User) -> Counter[str]:
    answers = race([partial(accept_offer, offer, by=sponsor) for offer in offers])
    return Counter("yes" if isinstance(one, Offer) else type(one).__name__ for one in answers)


def test_a_hundred_yeses_to_one_seat_take_one_seat(long: bool) -> None:
    """C1."""
    rounds = 50 if long else 5
    waiting = [story.looking() for _ in range(CROWD + rounds)]
    for number in range(rounds):
        rosa = factories.sponsor(side={"seats": 1})
        review = number % 2 == 0
        crowd = waiting[-CROWD:]
        said = _last_seat([story.held_out(one, rosa, review=review) for one in crowd], rosa)

        assert said["yes"] == 1
        assert said["NoSeat"] + said["TooLate"] == CROWD - 1, said
        assert story.seats_taken(rosa) == story.seats_held(rosa) == 1
        assert Pairing.objects.filter(sponsor=rosa).count() == (0 if review else 1)

        Offer.objects.filter(state=OfferState.SENT).update(state=OfferState.WITHDRAWN, ended_at=clock.now())
        taken = Offer.objects.get(sponsor=rosa, state__in=[OfferState.IN_REVIEW, OfferState.PAIRED])
        waiting.remove(taken.request)


def test_two_seats_take_two_of_many() -> None:
    rosa = factories.sponsor(side={"seats": 3, "seats_taken": 1})
    said = _last_seat([story.held_out(story.looking(), rosa) for _ in range(20)], rosa)
    assert said["yes"] == 2
    assert story.seats_taken(rosa) == 3


def test_one_yes_pressed_twice_is_one_yes() -> None:
    rosa = factories.sponsor()
    offer = story.held_out(story.looking(), rosa)
    answers = race([partial(accept_offer, offer, by=rosa)] * 8)
    assert sum(isinstance(one, Offer) for one in answers) == 1
    assert all(isinstance(one, Offer | TooLate) and not isinstance(one, NoSeat) for one in answers)
    assert story.seats_taken(rosa) == 1


def test_control_reading_first_and_writing_afterwards_oversells() -> None:
    """C1's negative control: the same race, on a table without the guard and by code without it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_seat (seats int, taken int)")
        cursor.execute("INSERT INTO naive_seat VALUES (1, 0)")
    everybody_has_looked = Barrier(CROWD, timeout=60)

    def take() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT taken < seats, taken FROM naive_seat")
            free, taken = cursor.fetchone()
            everybody_has_looked.wait()
            if free:
                cursor.execute("UPDATE naive_seat SET taken = %s", [taken + 1])
        return bool(free)

    try:
        assert race([take] * CROWD).count(True) > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive_seat")
