"""The office asks somebody who leaves treatment, on their own say; without their yes nothing of them is kept."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, User
from matching import tokens
from matching.actions.bridge_invitations import (
    forget_bridge_invitations,
    invite_to_bridge,
    send_bridge_invitations,
)
from matching.actions.errors import NotAllowed
from matching.models import Bridge, BridgeInvitation, OutboxMessage
from matching.neutral_words import outing
from tests import factories
from tests.conftest import signed_in
from tests.matching import bridges, office

URL = "/coordinate/riverside/bridging/ask/"
pytestmark = pytest.mark.django_db
JAY = "jay@example.org"


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def told(**changes: Any) -> dict[str, Any]:
    day = clock.today(factories.intergroup().zone) + timedelta(days=2)
    return {"leaves_on": str(day), "language": "en", "email": "", "told": "on", **changes}


def invited(by: User, email: str = "") -> BridgeInvitation:
    day = factories.today() + timedelta(days=2)
    return invite_to_bridge(factories.intergroup(), email=email, language="en", leaves_on=day, by=by)


def link(invitation: BridgeInvitation) -> str:
    return reverse("bridge_link", args=[tokens.bridge_token(invitation)])


def at_the_question(invitation: BridgeInvitation, client: Client | None = None) -> Client:
    client = client or Client()
    assert client.get(link(invitation)).headers["Location"] == reverse("bridge_invited")
    return client


def test_the_mail_says_nothing_goes_out_once_and_its_address_is_kept_no_longer(desk: Client) -> None:
    desk.post(URL, told(email=JAY))
    assert [send_bridge_invitations(), send_bridge_invitations()] == [1, 0]
    letter = mail.outbox[-1]
    assert letter.to == [JAY]
    (address,) = re.findall(r"https?://\S+", str(letter.body))
    assert outing(str(letter.subject)) == outing(str(letter.body).replace(address, "")) == []
    assert BridgeInvitation.objects.get().email == ""
    assert Client().get(urlsplit(address).path).headers["Location"] == reverse("bridge_invited")


def test_without_an_address_the_coordinator_gets_a_link_to_hand_over(desk: Client) -> None:
    text = desk.post(URL, told(), follow=True).content.decode()
    assert link(BridgeInvitation.objects.get()) in text
    assert send_bridge_invitations() == 0


def test_without_their_own_say_nothing_is_kept(desk: Client) -> None:
    answer = desk.post(URL, told(told=""))
    assert answer.status_code == 422
    assert "Ask them first." in answer.content.decode()
    assert not BridgeInvitation.objects.exists()


def test_no_name_is_asked_and_none_is_kept() -> None:
    fields = {field.name for field in BridgeInvitation._meta.concrete_fields}
    assert not {name for name in fields if "name" in name or "phone" in name}


def test_a_yes_is_that_of_a_member_and_becomes_their_own_wish(bea: User, ana: User) -> None:
    vera = bridges.volunteer(bea)
    invitation = invited(bea)
    client = at_the_question(invitation, signed_in(ana))
    assert "Would you like company" in office.page(client, reverse("bridge_invited"))
    answer = client.post(reverse("bridge_invited"), {"answer": "yes"})
    assert answer.headers["Location"] == reverse("bridge")
    bridge = Bridge.objects.get()
    assert (bridge.member, bridge.leaves_on) == (ana, invitation.leaves_on)
    assert OutboxMessage.objects.filter(topic="bridge_wanted", recipient=vera).exists()
    assert not BridgeInvitation.objects.exists()
    assert AuditEntry.objects.filter(verb="bridge_invitation.accepted", actor=ana.pk).count() == 1


def test_whoever_has_no_account_makes_one_and_finds_the_question_on_their_first_page(bea: User) -> None:
    client = at_the_question(invited(bea))
    answer = client.post(reverse("bridge_invited"), {"answer": "yes"})
    assert answer.headers["Location"].startswith(reverse("account_signup"))
    assert BridgeInvitation.objects.exists()
    new = factories.newcomer(first_name="Jay")
    client.force_login(new, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert reverse("bridge_invited") in office.page(client, reverse("home"))
    client.post(reverse("bridge_invited"), {"answer": "yes"})
    assert Bridge.objects.get().member == new
    assert reverse("bridge_invited") not in office.page(client, reverse("home"))


def test_in_the_middle_of_the_welcome_the_yes_waits(bea: User) -> None:
    new = factories.newcomer(first_name="Jay", completed_at=None)
    client = at_the_question(invited(bea), signed_in(new))
    answer = client.post(reverse("bridge_invited"), {"answer": "yes"})
    assert answer.headers["Location"] == reverse("welcome")
    assert BridgeInvitation.objects.exists()


def test_a_no_needs_no_account_and_leaves_nothing(bea: User) -> None:
    invitation = invited(bea)
    client = at_the_question(invitation)
    assert "Nothing of this is kept" in client.post(reverse("bridge_invited"), {"answer": "no"}).content.decode()
    assert not BridgeInvitation.objects.exists()
    assert Client().get(link(invitation)).status_code == 410


def test_a_visit_of_the_link_changes_nothing(bea: User) -> None:
    invitation = invited(bea)
    for _ in range(2):
        at_the_question(invitation).get(reverse("bridge_invited"))
    assert BridgeInvitation.objects.exists()
    assert not Bridge.objects.exists()


@pytest.mark.parametrize("days", [30, 31])
def test_after_thirty_days_the_link_is_closed_and_nothing_is_kept(bea: User, days: int) -> None:
    invitation = invited(bea, JAY)
    clock.move_on(timedelta(days=days))
    assert Client().get(link(invitation)).status_code == 410
    forget_bridge_invitations()
    assert not BridgeInvitation.objects.exists()


def test_the_office_takes_it_back_and_nothing_is_kept(desk: Client, bea: User) -> None:
    invitation = invited(bea)
    desk.post(reverse("bridge_invitation_withdraw", args=[invitation.pk]))
    assert not BridgeInvitation.objects.exists()
    assert Client().get(link(invitation)).status_code == 410


@pytest.mark.parametrize(("scope", "status"), [("area", 200), ("bridging", 200), ("safety", 404)])
def test_those_who_look_after_first_contacts_ask_and_no_others(bea: User, scope: str, status: int) -> None:
    somebody = factories.coordinator(scopes=[scope], first_name="Carla")
    assert signed_in(somebody).get(URL).status_code == status
    if status == 404:
        with pytest.raises(NotAllowed):
            invited(somebody)


def test_a_link_that_was_cut_off_says_so() -> None:
    assert Client().get(reverse("bridge_link", args=["altered"])).status_code == 404


def test_who_never_came_by_a_link_finds_nothing(ana: User) -> None:
    assert signed_in(ana).get(reverse("bridge_invited")).status_code == 404


def test_the_page_takes_few_queries_however_many_wait(desk: Client, bea: User) -> None:
    for _ in range(12):
        invited(bea)
    with office.at_most(8):
        office.page(desk, URL)
