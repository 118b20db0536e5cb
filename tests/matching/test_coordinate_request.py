"""The page of a request: who waits, what was tried, who would fit and why not the others."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Bar, Coordinator, User
from accounts.models.audit import pseudonym
from matching.actions import offers, requests
from matching.models import Offer, Origin, SponsorRequest
from matching.states import OfferState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def url(request: SponsorRequest, name: str = "coordinate_request") -> str:
    return reverse(name, args=[request.pk])


def test_it_tells_what_was_tried_and_who_holds_it(desk: Client, ana: User, rosa: User) -> None:
    offer = office.sent(ana, rosa)
    offers.decline_offer(offer, by=rosa)
    text = office.page(desk, url(offer.request))
    assert "Rosa M." in text
    assert "Declined" in text
    assert "The newcomer chooses until" in text


def test_looking_at_the_newcomer_is_recorded(desk: Client, bea: User, ana: User) -> None:
    desk.get(url(office.asked(ana)))
    entry = AuditEntry.objects.get(verb="person.viewed")
    assert (entry.actor, entry.member) == (pseudonym(bea.pk), pseudonym(ana.pk))


def test_it_lists_who_would_fit_and_counts_why_not_the_others(desk: Client, ana: User, rosa: User) -> None:
    request = office.asked(ana)
    for name in ("Mark", "Paul"):
        factories.sponsor(first_name=name, gender="man", comfortable_with=["anyone"])
    text = office.page(desk, url(request), look="1")
    assert "Rosa M." in text
    assert "Mark" not in text
    row = text[text.index("comfortable with the other") :]
    assert f'{url(request)}not/gender/">2<' in row[:200]


def test_a_block_is_counted_with_those_who_are_not_available(desk: Client, ana: User, rosa: User) -> None:
    Bar.objects.create(by=ana, other=rosa, kind="block", at=clock.now())
    text = office.page(desk, url(office.asked(ana)), look="1")
    assert "Nobody fits at present" in text
    assert "Not available at present" in text
    assert "block" not in text.split("<main")[1].split("</main")[0].lower()


def test_a_proposal_waits_for_the_newcomer(desk: Client, ana: User, rosa: User) -> None:
    request = office.asked(ana)
    answer = desk.post(url(request, "coordinate_propose"), {"sponsor": str(rosa.pk)}, follow=True)
    assert "Proposed." in answer.content.decode()
    offer = Offer.objects.get()
    assert (offer.state, offer.origin, offer.sponsor_id) == (OfferState.PROPOSED, Origin.COORDINATOR, rosa.pk)


@pytest.mark.parametrize("typed", ["", "x", "\0", "00000000-0000-0000-0000-000000000000"])
def test_a_proposal_of_nobody_changes_nothing(desk: Client, ana: User, rosa: User, typed: str) -> None:
    answer = desk.post(url(office.asked(ana), "coordinate_propose"), {"sponsor": typed})
    assert answer.status_code == 422
    assert "Rosa M." in answer.content.decode()
    assert not Offer.objects.exists()


def test_somebody_who_does_not_fit_cannot_be_proposed(desk: Client, ana: User) -> None:
    mark = factories.sponsor(first_name="Mark", gender="man")
    assert desk.post(url(office.asked(ana), "coordinate_propose"), {"sponsor": str(mark.pk)}).status_code == 422


def test_the_same_proposal_twice_is_one(desk: Client, ana: User, rosa: User) -> None:
    request = office.asked(ana)
    for _ in range(2):
        answer = desk.post(url(request, "coordinate_propose"), {"sponsor": str(rosa.pk)})
    assert answer.status_code == 422
    assert Offer.objects.count() == 1


def test_a_request_that_was_taken_back_meanwhile_says_so(desk: Client, ana: User, rosa: User) -> None:
    request = office.asked(ana)
    requests.withdraw_request(request, by=ana)
    answer = desk.post(url(request, "coordinate_propose"), {"sponsor": str(rosa.pk)})
    assert answer.status_code == 409
    assert "Withdrawn" in answer.content.decode()


def test_coordinators_do_not_propose_themselves(bea: User, desk: Client, ana: User) -> None:
    colleague = factories.sponsor(first_name="Dora")
    Coordinator.objects.create(
        user=colleague, intergroup=factories.intergroup(), starts_on=date(2020, 1, 1), ends_on=date(2100, 1, 1)
    )
    request = office.asked(ana)
    answer = signed_in(colleague).post(url(request, "coordinate_propose"), {"sponsor": str(colleague.pk)})
    assert answer.status_code == 422
    assert "Dora" not in office.page(signed_in(colleague), url(request), look="1").split("<main")[1]
    assert "Dora" in office.page(desk, url(request), look="1")


def test_a_coordinator_elsewhere_or_a_member_finds_nothing(ana: User, rosa: User) -> None:
    request = office.asked(ana)
    for visitor in (factories.coordinator(factories.intergroup("hillside")), rosa, ana):
        assert signed_in(visitor).get(url(request)).status_code == 404
        assert signed_in(visitor).post(url(request, "coordinate_propose")).status_code == 404
