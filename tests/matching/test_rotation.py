"""Coordinators come by invitation, serve in their scopes, and go at the end of their term or at once."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Coordinator, Intergroup, Invitation, User
from matching import tokens
from matching.actions import reviews, terms
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.invitations import send_invitations
from matching.models import Offer, OutboxMessage, RequestKind, SponsorRequest
from matching.neutral_words import outing
from matching.queries.coordinate import requests_for
from matching.states import OfferState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db
EMAIL = "carla@example.org"


def invited(by: User, **changes: Any) -> Invitation:
    values = {"email": EMAIL, "scopes": ["area"], "ends_on": factories.today() + timedelta(days=90), "language": "en"}
    return terms.invite(factories.intergroup(), by=by, **{**values, **changes})


def second_step(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


@pytest.fixture
def carla(intergroup: Intergroup) -> User:
    """Was invited, and has an account of that address."""
    return factories.newcomer(user=factories.account(email=EMAIL), first_name="Carla")


def link(invitation: Invitation) -> str:
    return reverse("invitation_link", args=[tokens.invitation_token(invitation)])


def test_the_mail_says_nothing_and_its_link_leads_to_the_yes(bea: User, carla: User) -> None:
    invited(bea)
    assert send_invitations() == 1
    assert send_invitations() == 0
    letter = mail.outbox[-1]
    assert letter.to == [EMAIL]
    (address,) = re.findall(r"https?://\S+", str(letter.body))
    assert outing(str(letter.subject)) == outing(str(letter.body).replace(address, "")) == []
    path = urlsplit(address).path
    second_step(carla)
    client = signed_in(carla)
    assert client.get(path).headers["Location"] == reverse("invitation")
    assert "Would you like to serve" in office.page(client, reverse("invitation"))
    assert client.get(reverse("coordinate")).status_code == 404
    assert client.post(reverse("invitation")).headers["Location"] == reverse("coordinate")
    assert Coordinator.objects.get(user=carla).scopes == ["area"]
    assert not Invitation.objects.get().email
    assert {"invitation.made", "term.begun"} <= set(AuditEntry.objects.values_list("verb", flat=True))
    assert client.get(path).status_code == 410


def test_without_a_second_step_nobody_begins_and_the_way_leads_there_and_back(bea: User, carla: User) -> None:
    client = signed_in(carla)
    client.get(link(invited(bea)))
    assert reverse("mfa_index") in office.page(client, reverse("invitation"))
    assert client.post(reverse("invitation")).status_code == 409
    assert not Coordinator.objects.filter(user=carla).exists()
    second_step(carla)
    assert reverse("invitation") in office.page(client, reverse("mfa_index"))


def test_the_link_is_for_the_account_of_the_address_alone(bea: User, olga: User) -> None:
    invitation = invited(bea)
    client = signed_in(second_step(olga))
    client.get(link(invitation))
    assert "another address" in office.page(client, reverse("invitation"))
    with pytest.raises(NotAllowed):
        terms.accept_invitation(invitation, by=olga)


def test_an_invitation_ends_by_itself_after_seven_days(bea: User, carla: User) -> None:
    invitation = invited(bea)
    Invitation.objects.update(made_at=clock.now() - timedelta(days=8), expires_at=clock.now())
    with pytest.raises(TooLate):
        terms.accept_invitation(invitation, by=second_step(carla))
    assert signed_in(carla).get(link(invitation)).status_code == 410


def test_the_last_day_counts_whole_in_the_zone_of_the_office_and_the_next_does_not(bea: User) -> None:
    today = clock.today(factories.intergroup().zone)
    Coordinator.objects.update(ends_on=today)
    assert signed_in(bea).get(reverse("coordinate")).status_code == 200
    Coordinator.objects.update(ends_on=today - timedelta(days=1))
    assert signed_in(bea).get(reverse("coordinate")).status_code == 404


def test_a_colleague_makes_a_term_longer_and_nobody_their_own(bea: User) -> None:
    carla = factories.coordinator(first_name="Carla")
    term, later = carla.coordinating.get(), factories.today() + timedelta(days=400)
    with pytest.raises(NotAllowed):
        terms.change_term(term, ends_on=later, scopes=["area"], by=carla)
    with pytest.raises(ValueError, match="shorter"):
        terms.change_term(term, ends_on=factories.today(), scopes=["area"], by=bea)
    terms.change_term(term, ends_on=later, scopes=["area"], by=bea)
    term.refresh_from_db()
    assert (term.ends_on, term.extended_by) == (later, bea.pk)


def test_who_serves_for_safety_alone_extends_and_invites_nobody(bea: User) -> None:
    liaison = factories.coordinator(first_name="Sam", scopes=["safety"])
    with pytest.raises(NotAllowed):
        invited(liaison)
    later = factories.today() + timedelta(days=400)
    with pytest.raises(NotAllowed):
        terms.change_term(bea.coordinating.get(), ends_on=later, scopes=["area"], by=liaison)


def test_the_last_one_is_warned_and_may_go_all_the_same(bea: User) -> None:
    client, url = signed_in(bea), reverse("step_down", args=["riverside"])
    assert "waits unseen" in office.page(client, url)
    assert client.post(url).status_code == 409
    assert client.post(url, {"sure": "1"}).status_code == 302
    assert client.get(reverse("coordinate")).status_code == 404
    operator = signed_in(User.objects.create_superuser("operator@example.org"))
    assert "No coordinator: Riverside Intergroup." in office.page(operator, reverse("operate"))


def test_reminders_come_thirty_and_seven_days_before_once_each(bea: User) -> None:
    today = clock.today(factories.intergroup().zone)
    for days, sent in ((31, 0), (30, 1), (29, 1), (7, 2), (6, 2)):
        Coordinator.objects.update(ends_on=today + timedelta(days=days))
        terms.remind_terms()
        assert OutboxMessage.objects.filter(topic="term_ends").count() == sent, days


def bridge() -> SponsorRequest:
    wish = office.asked(factories.newcomer(first_name="Bridget"))
    SponsorRequest.objects.filter(pk=wish.pk).update(kind=RequestKind.BRIDGE)
    return wish


@pytest.mark.parametrize(
    ("scope", "sees"), [("area", {"Ana", "Bridget"}), ("bridging", {"Bridget"}), ("safety", set())]
)
def test_each_scope_sees_its_own_requests(intergroup: Intergroup, scope: str, sees: set[str]) -> None:
    office.asked()
    bridge()
    viewer = factories.coordinator(scopes=[scope])
    assert {one.member.profile.first_name for one in requests_for(viewer)} == sees


@pytest.mark.parametrize("scope", ["bridging", "safety"])
def test_the_work_of_the_office_is_closed_to_the_other_scopes(intergroup: Intergroup, scope: str) -> None:
    client = signed_in(factories.coordinator(scopes=[scope]))
    for name in ("rounds", "policy", "weights", "report", "report_sheet", "report_file"):
        assert client.get(reverse(name, args=["riverside"])).status_code == 404, name
    assert client.get(reverse("coordinate_sponsors")).status_code == 404
    for name in ("coordinators", "handover", "step_down"):
        assert client.get(reverse(name, args=["riverside"])).status_code == 200, name


def pages_of(offer: Offer) -> list[str]:
    return [reverse("review", args=[offer.pk]), reverse("coordinate_request", args=[offer.request_id])]


def test_a_coordinator_opens_nothing_of_their_own_sponsor(bea: User) -> None:
    carla = factories.coordinator(first_name="Carla")
    near = factories.sponsor(first_name="Nora")
    story.paired(carla, near, bea)
    offer = office.in_review(factories.newcomer(), near)
    _closed_to(carla, bea, offer)


def test_a_coordinator_opens_nothing_of_whom_they_sponsor(bea: User) -> None:
    carla = factories.sponsor(first_name="Carla")
    Coordinator.objects.create(
        user=carla,
        intergroup=factories.intergroup(),
        starts_on=factories.today() - timedelta(days=9),
        ends_on=factories.today() + timedelta(days=99),
    )
    near = story.paired(factories.newcomer(first_name="Nora"), carla, bea).sponsee
    wish = story.looking(near)
    offer = story.held_out(wish, factories.sponsor())
    offer.state, offer.answered_at = OfferState.IN_REVIEW, offer.made_at
    offer.save()
    _closed_to(carla, bea, offer)


def _closed_to(carla: User, bea: User, offer: Offer) -> None:
    for url in pages_of(offer):
        assert signed_in(carla).get(url).status_code == 404
        assert signed_in(bea).get(url).status_code == 200
    assert "Nora" not in office.page(signed_in(carla), reverse("coordinate"))
    assert "Nora" in office.page(signed_in(bea), reverse("coordinate"))
    with pytest.raises(NotAllowed):
        reviews.approve_offer(offer, by=carla)


@pytest.mark.parametrize("name", ["coordinators", "handover", "step_down"])
def test_the_pages_ask_at_most_eight_questions_however_many_rows(bea: User, name: str) -> None:
    client, url, counts = signed_in(bea), reverse(name, args=["riverside"]), []
    for rows in (2, 9):
        for number in range(rows):
            office.asked()
            factories.coordinator(first_name="Carla")
            invited(bea, email=f"{rows}-{number}@example.org")
        with office.at_most(8) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
