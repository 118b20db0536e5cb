"""The review: two people as far as a coordinator may see them; one click to approve, a reason to refuse."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Bar, Profile, Sponsor, User
from accounts.models.audit import pseudonym
from matching.actions import decisions, pairings
from matching.actions import reviews as actions
from matching.models import CheckInPlan, Offer, Pairing
from matching.queries import reviews
from matching.states import OfferState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(ana: User, rosa: User) -> Offer:
    return office.in_review(ana, rosa, note="CANARY-note")


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def url(offer: Offer, name: str = "review") -> str:
    return reverse(name, args=[offer.pk])


def ten_minutes_later() -> None:
    clock.move_on(decisions.CAN_BE_TAKEN_BACK)
    decisions.carry_out_decisions()


def test_both_people_stand_side_by_side_with_rules_points_and_shared_hours(desk: Client, offer: Offer) -> None:
    text = office.page(desk, url(offer))
    for words in (
        "Ana L.",
        "Rosa M.",
        "North side",
        "1 of 2 seats taken",
        "A shared language",
        "Free seats",
        "Over ten",
    ):
        assert words in text
    assert "Not met" not in text
    assert 'role="img"' in text
    assert "15 hours a week" in text


def test_the_points_shown_add_up_to_the_score_of_the_offer(bea: User, offer: Offer) -> None:
    pair = reviews.pair_of(reviews.offers_for(bea).get(pk=offer.pk))
    assert sum(part.points for part in pair.parts) == pytest.approx(pair.total)
    assert pair.total == offer.score / 1000
    assert all(0 <= part.points <= part.weight for part in pair.parts)


def test_what_is_private_is_never_on_the_page(desk: Client, offer: Offer) -> None:
    """S2 for the coordinator's pages."""
    Profile.objects.filter(pk=offer.sponsor_id).update(recovery_date=date(2009, 8, 17), experiences=["prison"])
    text = office.page(desk, url(offer))
    for secret in ("CANARY", "2009", "555 010", offer.sponsor.email, offer.request.member.email, "prison"):
        assert secret not in text


def test_looking_is_recorded_for_both(desk: Client, bea: User, offer: Offer) -> None:
    desk.get(url(offer))
    looked = AuditEntry.objects.filter(verb="person.viewed", actor=bea.pk).values_list("member", flat=True)
    assert set(looked) == {pseudonym(offer.sponsor_id), pseudonym(offer.request.member_id)}


def test_one_click_approves_and_ten_minutes_later_pairs(desk: Client, offer: Offer) -> None:
    answer = desk.post(url(offer, "review_approve"), follow=True)
    assert "Approved." in answer.content.decode()
    ten_minutes_later()
    assert Pairing.objects.get().offer_id == offer.pk


def test_a_no_needs_a_reason(desk: Client, offer: Offer) -> None:
    answer = desk.post(url(offer, "review_reject"))
    assert answer.status_code == 422
    assert "Choose a reason." in answer.content.decode()
    offer.refresh_from_db()
    assert offer.state == OfferState.IN_REVIEW


def test_a_reason_that_does_not_exist_is_no_reason(desk: Client, offer: Offer) -> None:
    assert desk.post(url(offer, "review_reject"), {"reason": "\0x"}).status_code == 422


def test_a_no_with_a_reason_frees_the_seat(desk: Client, offer: Offer) -> None:
    assert desk.post(url(offer, "review_reject"), {"reason": "too_far"}).status_code == 302
    ten_minutes_later()
    offer.refresh_from_db()
    assert (offer.state, offer.reject_reason) == (OfferState.REJECTED, "too_far")
    assert Sponsor.objects.get(pk=offer.sponsor_id).seats_taken == 0


@pytest.mark.parametrize("name", ["review_approve", "review_reject"])
def test_whoever_decides_second_sees_how_it_stands(desk: Client, offer: Offer, name: str) -> None:
    actions.approve_offer(offer, by=factories.coordinator(first_name="Dora"))
    answer = desk.post(url(offer, name), {"reason": "other"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "moved on" in text
    assert "Paired" in text
    assert "Approve</button>" not in text


def test_a_rule_that_broke_meanwhile_is_named_and_cannot_be_overridden(desk: Client, offer: Offer) -> None:
    Profile.objects.filter(pk=offer.sponsor_id).update(languages=["fr"])
    assert "No shared language" in office.page(desk, url(offer))
    answer = desk.post(url(offer, "review_approve"))
    assert answer.status_code == 409
    assert "no shared language" in answer.content.decode()
    assert not Pairing.objects.exists()


def test_a_pause_a_new_date_and_a_block_look_alike(desk: Client, offer: Offer) -> None:
    def broken() -> str:
        text = office.page(desk, url(offer))
        return text[text.index("Not met:") :][:200]

    sponsor = Sponsor.objects.filter(pk=offer.sponsor_id)
    sponsor.update(paused_until=factories.today() + timedelta(days=9))
    paused = broken()
    sponsor.update(paused_until=None)
    Profile.objects.filter(pk=offer.sponsor_id).update(recovery_date=factories.today())
    reset = broken()
    Profile.objects.filter(pk=offer.sponsor_id).update(recovery_date=date(2009, 8, 17))
    Bar.objects.create(by=offer.request.member, other=offer.sponsor, kind="block", at=clock.now())
    assert "Not available at present" in paused
    assert paused[:80] == reset[:80] == broken()[:80]


def test_a_coordinator_elsewhere_finds_nothing(offer: Offer) -> None:
    elsewhere = signed_in(factories.coordinator(factories.intergroup("hillside")))
    assert elsewhere.get(url(offer)).status_code == 404
    assert elsewhere.post(url(offer, "review_approve")).status_code == 404
    assert elsewhere.post(url(offer, "review_reject"), {"reason": "other"}).status_code == 404


def test_a_coordinator_who_is_one_of_the_two_finds_nothing(bea: User, desk: Client, ana: User) -> None:
    side = {"seats": 2, "steps_worked": 12, "has_own_sponsor": True}
    Sponsor.objects.create(user=bea, approved_at=clock.now(), confirmed_at=clock.now(), **side)
    Profile.objects.filter(pk=bea.pk).update(recovery_date=date(2010, 1, 1))
    offer = office.in_review(ana, bea)
    assert desk.get(url(offer)).status_code == 404
    assert desk.post(url(offer, "review_approve")).status_code == 404
    assert desk.get(reverse("coordinate_request", args=[offer.request_id])).status_code == 404
    assert not Pairing.objects.exists()


def test_a_link_changes_nothing(desk: Client, offer: Offer) -> None:
    """S8 for the coordinator's pages."""
    assert desk.get(url(offer, "review_approve")).status_code == 405
    desk.head(url(offer))
    offer.refresh_from_db()
    assert offer.state == OfferState.IN_REVIEW


def test_of_a_pair_the_last_contact_shows_as_a_span_unless_one_of_them_keeps_it(bea: User) -> None:
    offer = office.in_review()
    url, desk = reverse("review", args=[offer.pk]), signed_in(bea)
    assert "contact heard of" not in office.page(desk, url).lower()
    pairing = actions.approve_offer(offer, by=bea)
    assert "No contact heard of so far" in office.page(desk, url)
    for days, words in ((3.5, "3 days ago or less"), (4.5, "4 to 7 days ago"), (7.5, "4 to 7"), (8.5, "more than 7")):
        Pairing.objects.filter(pk=pairing.pk).update(contact_at=clock.now() - timedelta(days=days))
        with office.at_most(8):
            assert f"Last contact heard of: {words}" in office.page(desk, url)
    CheckInPlan.objects.filter(member=pairing.sponsee).update(flag_quiet=False)
    assert "contact heard of" not in office.page(desk, url).lower()
    CheckInPlan.objects.update(flag_quiet=True)
    pairings.end_pairing(pairing, by=pairing.sponsee)
    assert "contact heard of" not in office.page(desk, url).lower()
