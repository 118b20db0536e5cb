"""The queue: what waits, oldest first, with who holds it and until when; nothing of another office."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Coordinator, User
from matching.actions import offers, reviews
from matching.actions.deadlines import expire_offers
from matching.actions.silence import watch
from matching.models import ChangeAsk, CheckInPlan, Pairing, SponsorRequest
from matching.queries import today
from matching.queries.today import Row, Wanted
from matching.queries.waits import Holder, Kind
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db


def listed(user: User, *kinds: Kind) -> list[Row]:
    return today.look(user, Wanted(kinds or tuple(Kind)), []).rows


@pytest.fixture
def office_of_bea(bea: User) -> Client:
    return signed_in(bea)


def test_a_request_without_an_offer_waits_with_the_newcomer_until_its_deadline(bea: User) -> None:
    request = office.asked()
    (row,) = listed(bea)
    assert (row.kind, row.key, row.holder) == (Kind.WAITING, request.pk, Holder.NEWCOMER)
    assert (row.who, row.since, row.until) == ("Ana L.", request.asked_at, request.decide_by)


def test_a_request_that_nobody_could_take_waits_with_the_coordinators(bea: User) -> None:
    office.asked()
    clock.move_on(timedelta(hours=73))
    expire_offers()
    (row,) = listed(bea)
    assert row.holder == Holder.COORDINATOR


def test_a_proposal_waits_with_the_newcomer_even_when_the_request_is_the_coordinators(bea: User, rosa: User) -> None:
    request = office.asked()
    SponsorRequest.objects.update(needs_coordinator=True)
    offers.propose_offer(request, rosa.pk, by=bea)
    (row,) = listed(bea)
    assert (row.kind, row.holder) == (Kind.WAITING, Holder.NEWCOMER)


def test_an_offer_is_with_the_sponsor_first_and_about_to_lapse_in_its_last_hours(bea: User) -> None:
    offer = office.sent()
    (row,) = listed(bea)
    assert (row.kind, row.holder, row.until) == (Kind.SENT, Holder.SPONSOR, offer.expires_at)
    clock.move_on(timedelta(hours=19))
    (row,) = listed(bea)
    assert (row.kind, row.key) == (Kind.LAPSING, offer.request_id)


def test_an_accepted_offer_waits_for_review(bea: User) -> None:
    offer = office.in_review()
    (row,) = listed(bea)
    assert (row.kind, row.key, row.holder) == (Kind.REVIEW, offer.pk, Holder.COORDINATOR)
    assert (row.who, row.with_whom) == ("Ana L.", "Rosa M.")


def test_somebody_who_offers_to_sponsor_waits_for_approval(bea: User) -> None:
    applicant = factories.sponsor(side={"approved_at": None})
    (row,) = listed(bea)
    assert (row.kind, row.key, row.until) == (Kind.SPONSORS, applicant.pk, None)


def test_a_pair_is_listed_once_seven_days_have_passed_without_contact(bea: User) -> None:
    offer = office.in_review()
    reviews.approve_offer(offer, by=bea)
    assert listed(bea) == []
    clock.move_on(timedelta(days=8))
    watch()
    (row,) = listed(bea)
    assert (row.kind, row.key) == (Kind.PAIRS, offer.pk)
    assert row.since == Pairing.objects.get(offer=offer).quiet_at


def test_somebody_who_would_like_to_talk_is_listed_alone(bea: User) -> None:
    pairing = reviews.approve_offer(office.in_review(), by=bea)
    now = clock.now()
    wish = ChangeAsk.objects.create(
        pairing=pairing, member=pairing.sponsee, silence=now, asked_at=now, answer="talk", answered_at=now
    )
    (row,) = listed(bea)
    assert (row.kind, row.key, row.holder, row.since) == (Kind.TALK, wish.pk, Holder.COORDINATOR, now)
    assert (row.who, row.with_whom) == ("Ana L.", "")


def test_either_of_a_pair_may_keep_its_quiet_from_the_coordinators(bea: User) -> None:
    pairing = reviews.approve_offer(office.in_review(), by=bea)
    clock.move_on(timedelta(days=8))
    watch()
    for member in (pairing.sponsor, pairing.sponsee):
        CheckInPlan.objects.filter(pairing=pairing).update(flag_quiet=True)
        assert len(listed(bea)) == 1
        CheckInPlan.objects.filter(member=member).update(flag_quiet=False)
        assert listed(bea) == []


def test_the_longest_wait_comes_first_whatever_its_kind(bea: User) -> None:
    first = factories.sponsor(side={"approved_at": None, "applied_at": clock.now() - timedelta(days=9)})
    review = office.in_review()
    request = office.asked(factories.newcomer(first_name="Cleo"))
    assert [row.key for row in listed(bea)] == [first.pk, review.pk, request.pk]


def test_the_figures_above_the_list_lead_to_those_rows(office_of_bea: Client, rosa: User) -> None:
    office.in_review(sponsor=rosa)
    office.asked(factories.newcomer(first_name="Cleo"))
    whole = office.page(office_of_bea, reverse("coordinate"))
    assert "?kind=review" in whole
    assert "Cleo" in whole
    reviews_only = office.page(office_of_bea, reverse("coordinate"), kind="review")
    assert "Ana L." in reviews_only
    assert "Cleo" not in reviews_only


def test_a_kind_or_page_that_makes_no_sense_shows_the_whole_list(office_of_bea: Client) -> None:
    office.asked()
    assert "Ana L." in office.page(office_of_bea, reverse("coordinate"), kind="x\0", page="-7")


def test_an_empty_queue_says_so(office_of_bea: Client) -> None:
    assert "Nothing waits here" in office.page(office_of_bea, reverse("coordinate"))


def test_long_queues_come_in_pages(office_of_bea: Client) -> None:
    for number in range(27):
        office.asked(factories.newcomer(first_name=f"Nina{chr(65 + number)}"))
    first = office.page(office_of_bea, reverse("coordinate"), kind="waiting")
    second = office.page(office_of_bea, reverse("coordinate"), kind="waiting", page="2")
    assert (first.count("Find a sponsor"), second.count("Find a sponsor")) == (25, 2)
    assert "kind=waiting&amp;page=2" in first


def test_a_coordinator_elsewhere_sees_an_empty_office_of_their_own() -> None:
    office.in_review()
    elsewhere = factories.coordinator(factories.intergroup("hillside"))
    assert listed(elsewhere) == []
    assert today.look(elsewhere, Wanted(tuple(Kind)), []).counts == dict.fromkeys(Kind, 0)


def test_whoever_does_not_coordinate_finds_no_such_page(rosa: User) -> None:
    assert signed_in(rosa).get(reverse("coordinate")).status_code == 404


def test_the_page_is_gone_the_day_after_the_term_ends(bea: User, office_of_bea: Client) -> None:
    Coordinator.objects.filter(user=bea).update(ends_on=factories.today())
    assert office_of_bea.get(reverse("coordinate")).status_code == 200
    clock.move_on(timedelta(days=1))
    assert office_of_bea.get(reverse("coordinate")).status_code == 404


def test_a_coordinators_own_request_and_offers_are_for_the_others(bea: User) -> None:
    bea_asks = office.asked(bea)
    office.sent(sponsor=factories.sponsor())
    other = factories.coordinator(first_name="Dora")
    assert bea_asks.pk not in {row.key for row in listed(bea)}
    assert bea_asks.pk in {row.key for row in listed(other)}
