"""The office pauses a sponsor: with a letter, for a while, and never in place of a pause of the sponsor's own."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actions.sponsors import confirm_sponsor, pause_sponsor
from accounts.models import AuditEntry, PauseReason, Sponsor, User
from matching import engine, roster
from matching.models import OutboxMessage
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def pause(desk: Client, member: User, days: int = 20) -> str:
    until = clock.today(member.profile.zone) + timedelta(days=days)
    answer = desk.post(reverse("sponsor_office_pause", args=[member.pk]), {"until": until.isoformat()}, follow=True)
    return answer.content.decode()


def side(member: User) -> Sponsor:
    return Sponsor.objects.get(pk=member.pk)


def test_nobody_new_comes_until_the_day_and_the_sponsor_is_told(desk: Client, rosa: User) -> None:
    assert "Paused until" in pause(desk, rosa)
    assert roster.recheck(office.asked(), rosa.pk).broken == engine.Rule.PAUSED
    assert OutboxMessage.objects.filter(topic="paused_by_office", recipient=rosa).count() == 1
    assert AuditEntry.objects.filter(verb="sponsor.paused_by_office", member=rosa.pk).count() == 1
    assert "By the office, until" in office.page(desk, reverse("coordinate_sponsors"))


def test_pairs_go_on(desk: Client, rosa: User, ana: User, bea: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    pause(desk, rosa)
    pairing.refresh_from_db()
    assert pairing.is_live


@pytest.mark.parametrize("days", [0, -1, 400])
def test_the_day_is_after_today_and_within_a_year(days: int, desk: Client, rosa: User) -> None:
    assert "within a year" in pause(desk, rosa, days)
    assert side(rosa).paused_until is None


def test_the_office_takes_it_back_and_so_does_the_sponsor(desk: Client, rosa: User) -> None:
    pause(desk, rosa)
    assert "End the pause" in office.page(desk, reverse("person", args=[rosa.pk]))
    desk.post(reverse("sponsor_office_resume", args=[rosa.pk]))
    assert (side(rosa).paused_until, side(rosa).pause_reason) == (None, "")
    pause(desk, rosa)
    confirm_sponsor(side(rosa), by=rosa)
    assert side(rosa).paused_until is None


def test_a_pause_of_their_own_is_neither_replaced_nor_ended(desk: Client, rosa: User) -> None:
    pause_sponsor(side(rosa), until=None, by=rosa)
    assert "They pause already." in pause(desk, rosa)
    answer = desk.post(reverse("sponsor_office_resume", args=[rosa.pk]), follow=True)
    assert "is their own" in answer.content.decode()
    assert side(rosa).pause_reason == PauseReason.CHOSEN
    assert reverse("sponsor_office_pause", args=[rosa.pk]) not in office.page(desk, reverse("person", args=[rosa.pk]))
