"""A suspension: decided for safety, at once, with what follows for others; and lifted again."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Suspension, User
from matching.actions import suspensions
from matching.actions.errors import NotAllowed, TooLate
from matching.models import Offer, OutboxMessage, Pairing, SponsorRequest
from matching.states import LIVE_REQUEST, OfferState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db

WHY = "Pressed somebody after they had said no."


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def url(member: User) -> str:
    return reverse("suspend", args=[member.pk])


def suspended(member: User, by: User, *, ends_pairs: bool = True) -> Suspension:
    made = suspensions.suspend(member, reason=WHY, ends_pairs=ends_pairs, by=by)
    suspensions.settle(made)
    return made


def test_they_are_signed_out_at_once_and_stay_out(desk: Client, rosa: User) -> None:
    theirs = signed_in(rosa)
    assert theirs.get(reverse("home")).status_code == 200
    answer = desk.post(url(rosa), {"reason": WHY, "ends_pairs": "on"}, follow=True)
    assert "Suspended." in answer.content.decode()
    assert theirs.get(reverse("home")).status_code == 302
    rosa.refresh_from_db()
    assert not rosa.is_active
    assert AuditEntry.objects.filter(verb="member.suspended", member=rosa.pk).count() == 1


def test_the_reason_stands_sealed_and_is_shown_to_those_who_look_after_safety(
    desk: Client, bea: User, rosa: User
) -> None:
    suspended(rosa, bea)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM accounts_suspension")
        assert b"Pressed" not in bytes(cursor.fetchone()[0])
    with office.at_most(8):
        assert WHY in office.page(desk, url(rosa))
    assert signed_in(factories.coordinator(scopes=["area"])).get(url(rosa)).status_code == 404
    assert WHY not in office.page(signed_in(factories.coordinator(scopes=["area"])), reverse("person", args=[rosa.pk]))


@pytest.mark.parametrize("reason", ["", "Rosa pressed somebody."])
def test_a_reason_is_needed_and_names_nobody(reason: str, desk: Client, rosa: User) -> None:
    assert desk.post(url(rosa), {"reason": reason}).status_code == 422
    rosa.refresh_from_db()
    assert rosa.is_active


def test_whom_they_sponsor_looks_again_and_their_own_sponsor_is_told_neutrally(
    bea: User, ana: User, rosa: User
) -> None:
    ruth = factories.sponsor(first_name="Ruth")
    below, above = story.paired(ana, rosa, bea), story.paired(rosa, ruth, bea)
    suspended(rosa, bea)
    assert not Pairing.objects.live().exists()
    assert SponsorRequest.objects.live().get().member == ana
    told = dict(
        OutboxMessage.objects.filter(topic__in=["handed_over", "pairing_ended"]).values_list("recipient", "topic")
    )
    assert told == {ana.pk: "handed_over", ruth.pk: "pairing_ended"}
    assert story.seats_taken(rosa) == story.seats_taken(ruth) == 0
    assert {below.pk, above.pk} == set(Pairing.objects.values_list("pk", flat=True))


def test_pairs_last_where_the_office_says_so(bea: User, ana: User, rosa: User) -> None:
    story.paired(ana, rosa, bea)
    suspended(rosa, bea, ends_pairs=False)
    assert Pairing.objects.live().count() == 1


def test_what_is_held_out_to_them_and_what_they_ask_for_ends(bea: User, ana: User, rosa: User) -> None:
    offer = story.offered(ana, rosa, factories.sponsor(first_name="Ruth"))
    suspended(rosa, bea)
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    suspended(ana, bea)
    assert not SponsorRequest.objects.filter(state__in=LIVE_REQUEST).exists()
    assert not Offer.objects.live().exists()


def test_what_a_killed_worker_left_is_done_by_the_tick(bea: User, ana: User, rosa: User) -> None:
    story.paired(ana, rosa, bea)
    suspensions.suspend(rosa, reason=WHY, ends_pairs=True, by=bea)
    assert Pairing.objects.live().exists()
    assert [suspensions.settle_suspensions() for _ in range(2)] == [1, 0]
    assert not Pairing.objects.live().exists()


def test_lifting_lets_them_in_again_and_brings_nothing_back(desk: Client, bea: User, ana: User, rosa: User) -> None:
    story.paired(ana, rosa, bea)
    suspended(rosa, bea)
    desk.post(reverse("suspension_lift", args=[rosa.pk]))
    rosa.refresh_from_db()
    assert rosa.is_active
    assert signed_in(rosa).get(reverse("home")).status_code == 200
    assert not Pairing.objects.live().exists()
    assert OutboxMessage.objects.filter(topic="account_open_again", recipient=rosa).count() == 1
    assert desk.post(reverse("suspension_lift", args=[rosa.pk])).status_code == 409
    assert suspended(rosa, bea).pk != Suspension.objects.earliest("at").pk


def test_twice_is_once(bea: User, rosa: User) -> None:
    suspended(rosa, bea)
    with pytest.raises(TooLate):
        suspended(rosa, bea)


def test_nobody_suspends_a_colleague_themself_or_somebody_elsewhere(bea: User, rosa: User) -> None:
    carl = factories.coordinator(first_name="Carl")
    far = factories.newcomer(intergroup=factories.intergroup("hillside"))
    for who in (carl, bea, far):
        with pytest.raises(NotAllowed):
            suspensions.suspend(who, reason=WHY, ends_pairs=True, by=bea)
    with pytest.raises(NotAllowed):
        suspensions.suspend(rosa, reason=WHY, ends_pairs=True, by=factories.coordinator(scopes=["area"]))


def test_an_account_that_is_inactive_for_another_reason_is_not_let_in(desk: Client, rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert desk.post(reverse("suspension_lift", args=[rosa.pk])).status_code == 409
    assert "An operator can tell you more." in office.page(desk, url(rosa))
    rosa.refresh_from_db()
    assert not rosa.is_active
