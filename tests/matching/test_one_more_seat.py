"""A sponsor whose seats are taken makes room for one more: by their own yes, for one newcomer, for a reason."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.people import TooManySeatsTaken, apply_to_sponsor
from accounts.models import AuditEntry, Profile, Sponsor, User
from accounts.models.audit import pseudonym
from accounts.models.week import Week
from matching.actions import offers, pairings, reviews
from matching.actions.deadlines import expire_offers
from matching.actions.errors import NoLongerFits, NoSeat, NotAllowed, TooLate
from matching.models import Offer, Pairing
from matching.states import OfferState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db

REASON = "The only one nearby who signs."


@pytest.fixture
def full(bea: User) -> User:
    """A sponsor of one, who has somebody."""
    sponsor = factories.sponsor(side={"seats": 1})
    story.paired(factories.newcomer(first_name="Cleo"), sponsor, bea)
    return sponsor


def side(sponsor: User) -> tuple[int, int, int]:
    one = Sponsor.objects.get(pk=sponsor.pk)
    return one.seats, one.seats_taken, one.seats_opened


def proposed(member: User, sponsor: User, by: User) -> Offer:
    return offers.propose_offer(story.asked(member), sponsor.pk, by=by, seat_reason=REASON)


def sent(member: User, sponsor: User, by: User) -> Offer:
    return offers.answer_proposal(proposed(member, sponsor, by), by=member, yes=True)


def test_without_a_reason_nobody_full_is_proposed(ana: User, full: User, bea: User) -> None:
    with pytest.raises(NoLongerFits, match="seats"):
        offers.propose_offer(story.asked(ana), full.pk, by=bea)


def test_the_whole_way_opens_one_seat_by_the_sponsors_own_yes(ana: User, full: User, bea: User) -> None:
    offer = proposed(ana, full, bea)
    assert side(full) == (1, 1, 0)
    offer = offers.answer_proposal(offer, by=ana, yes=True)
    assert side(full) == (1, 1, 0)
    offers.accept_offer(offer, by=full)
    assert side(full) == (2, 2, 1)
    reviews.approve_offer(offer, by=bea)
    assert Pairing.objects.filter(sponsor=full).count() == 2
    assert side(full) == (2, 2, 1)


def test_the_clock_leaves_such_an_offer_alone(ana: User, full: User, bea: User) -> None:
    offer = sent(ana, full, bea)
    assert expire_offers() == 0
    Sponsor.objects.filter(pk=full.pk).update(seats=8, seats_taken=8)
    assert expire_offers() == 1
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN


def test_a_no_opens_nothing(ana: User, full: User, bea: User) -> None:
    offers.decline_offer(sent(ana, full, bea), by=full)
    assert side(full) == (1, 1, 0)


@pytest.mark.parametrize("end", ["reject", "this pair", "the other pair"])
def test_the_seat_is_closed_when_anybody_leaves(ana: User, full: User, bea: User, end: str) -> None:
    offer = offers.accept_offer(sent(ana, full, bea), by=full)
    if end == "reject":
        reviews.reject_offer(offer, by=bea, reason="other")
    else:
        reviews.approve_offer(offer, by=bea)
        pair = Pairing.objects.filter(sponsor=full).order_by("began_at")[1 if end == "this pair" else 0]
        pairings.end_pairing(pair, by=full)
    assert side(full) == (1, 1, 0)


def test_a_seat_that_is_free_by_then_is_taken_and_none_opened(ana: User, full: User, bea: User) -> None:
    offer = sent(ana, full, bea)
    pairings.end_pairing(Pairing.objects.get(sponsor=full), by=full)
    offers.accept_offer(offer, by=full)
    assert side(full) == (1, 1, 0)


def test_nobody_has_more_than_eight(ana: User, bea: User) -> None:
    busy = factories.sponsor(side={"seats": 8, "seats_taken": 8})
    with pytest.raises(NoLongerFits, match="seats"):
        proposed(ana, busy, bea)
    seven = factories.sponsor(side={"seats": 7, "seats_taken": 7})
    offer = sent(factories.newcomer(), seven, bea)
    Sponsor.objects.filter(pk=seven.pk).update(seats=8, seats_taken=8)
    with pytest.raises(NoSeat):
        offers.accept_offer(offer, by=seven)
    assert side(seven) == (8, 8, 0)


@pytest.mark.parametrize(
    ("what", "value"),
    [("languages", ["fr"]), ("gender", "man"), ("week", Week.of([3])), ("modes", ["text"])],
)
def test_no_reason_sets_any_other_rule_aside(ana: User, full: User, bea: User, what: str, value: Any) -> None:
    Profile.objects.filter(pk=full.pk).update(**{what: value})
    with pytest.raises(NoLongerFits):
        proposed(ana, full, bea)
    assert not Offer.objects.filter(sponsor=full).exclude(seat_reason="").exists()


def test_a_rule_that_breaks_on_the_way_stops_it(ana: User, full: User, bea: User) -> None:
    offer = sent(ana, full, bea)
    Profile.objects.filter(pk=full.pk).update(languages=["fr"])
    with pytest.raises(NoLongerFits):
        offers.accept_offer(offer, by=full)
    assert side(full) == (1, 1, 0)


def test_only_coordinators_of_the_office_may_ask_and_never_for_themselves(ana: User, full: User) -> None:
    request = story.asked(ana)
    for by in (ana, full, factories.coordinator(factories.intergroup("hillside"))):
        with pytest.raises(NotAllowed):
            offers.propose_offer(request, full.pk, by=by, seat_reason=REASON)


def test_only_the_sponsor_says_yes(ana: User, full: User, bea: User) -> None:
    offer = sent(ana, full, bea)
    for by in (ana, bea):
        with pytest.raises(NotAllowed):
            offers.accept_offer(offer, by=by)
    with pytest.raises(TooLate):
        offers.accept_offer(proposed(factories.newcomer(), full, bea), by=full)


def test_a_sponsor_who_saves_their_offer_keeps_what_they_chose(ana: User, full: User, bea: User) -> None:
    offers.accept_offer(sent(ana, full, bea), by=full)
    answers: dict[str, Any] = {"steps_worked": 12, "has_own_sponsor": True}
    apply_to_sponsor(full, seats=1, **answers)
    assert side(full) == (2, 2, 1)
    apply_to_sponsor(full, seats=2, **answers)
    assert side(full) == (2, 2, 0)
    with pytest.raises(TooManySeatsTaken):
        apply_to_sponsor(full, seats=1, **answers)
    apply_to_sponsor(full, seats=4, **answers)
    assert side(full) == (4, 2, 0)


def test_the_reason_stands_on_the_review_and_in_the_log_and_nowhere_else(ana: User, full: User, bea: User) -> None:
    offer = sent(ana, full, bea)
    theirs = office.page(signed_in(full), reverse("offer", args=[offer.pk]))
    assert "make room for one more" in theirs
    assert REASON not in theirs
    offers.accept_offer(offer, by=full)
    assert REASON in office.page(signed_in(bea), reverse("review", args=[offer.pk]))
    kept = AuditEntry.objects.get(verb="offer.seat_asked")
    assert (kept.actor, kept.member, kept.ids["reason"]) == (pseudonym(bea.pk), pseudonym(full.pk), REASON)
    assert AuditEntry.objects.filter(verb="sponsor.seat_opened", actor=full.pk).count() == 1


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def test_the_page_proposes_one_of_those_who_are_full(ana: User, full: User, rosa: User, desk: Client) -> None:
    request = story.asked(ana)
    url = reverse("coordinate_full", args=[request.pk])
    with office.at_most(8):
        text = office.page(desk, url)
    assert str(full.pk) in text
    assert str(rosa.pk) not in text
    assert desk.post(url, {"sponsor": str(full.pk), "reason": " "}).status_code == 422
    assert desk.post(url, {"sponsor": str(rosa.pk), "reason": REASON}).status_code == 422
    assert not Offer.objects.filter(request=request).exists()
    assert desk.post(url, {"sponsor": str(full.pk), "reason": REASON}).status_code == 302
    assert Offer.objects.get(request=request).seat_reason == REASON


@pytest.mark.parametrize("reason", ["ANA asked for it", "because rosa is near"])
def test_a_reason_that_names_somebody_is_refused(ana: User, full: User, desk: Client, reason: str) -> None:
    url = reverse("coordinate_full", args=[story.asked(ana).pk])
    answer = desk.post(url, {"sponsor": str(full.pk), "reason": reason})
    assert answer.status_code == 422
    assert "Leave names out" in answer.content.decode()
