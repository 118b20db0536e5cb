"""Everybody of an intergroup is read without building objects, and is as the objects tell."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import Intergroup, Profile, Sponsor, User
from matching import roster
from matching.models import Offer, SponsorRequest
from matching.queries.everybody import everybody
from matching.states import OfferState
from tests import factories
from tests.matching import story
from tests.matching.round_story import crowd, waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(intergroup: Intergroup) -> Intergroup:
    """People who wait and people who sponsor, of whom some said much and some little."""
    crowd(6, 4)
    waits(
        days=3,
        home_group=factories.meeting(),
        max_km=40,
        experiences=["parent", "veteran"],
        needs=["wheelchair"],
        approach="secular",
        area=None,
        program_since=factories.today() - timedelta(days=30),
    )
    today = factories.today()
    factories.sponsor(
        side={"paused_until": today, "has_own_sponsor": False}, languages=["en", "es"], can_meet=["wheelchair"]
    )
    factories.sponsor(
        side={"approved_at": None, "confirmed_at": None, "last_offer_at": clock.now()}, zone="Asia/Kathmandu"
    )
    Profile.objects.filter(pk=waits(languages=["fr"]).pk).update(completed_at=None)
    return intergroup


def test_newcomers_and_sponsors_are_as_their_objects_tell(office: Intergroup) -> None:
    found = everybody(office)
    asked = {one.member_id: one for one in SponsorRequest.objects.all()}
    newcomers = [
        roster.person(one, waiting_since=asked[one.pk].asked_at) for one in roster.profiles().filter(pk__in=asked)
    ]
    sponsors = [roster.person(one) for one in roster.profiles().filter(user__sponsor__isnull=False)]
    assert sorted(found.newcomers, key=lambda one: one.id) == sorted(newcomers, key=lambda one: one.id)
    assert sorted(found.sponsors, key=lambda one: one.id) == sorted(sponsors, key=lambda one: one.id)
    assert (len(newcomers), len(sponsors)) == (8, 6)
    assert found.requests == {one: request.pk for one, request in asked.items()}


def test_how_offers_were_answered_is_read_with_the_sponsor(
    ana: User, rosa: User, bea: User, office: Intergroup
) -> None:
    story.paired(ana, rosa, bea)
    lapsed = story.held_out(story.looking(factories.newcomer()), rosa)
    Offer.objects.filter(pk=lapsed.pk).update(state=OfferState.EXPIRED, ended_at=clock.now())
    assert {one.id: one.answered_in_time for one in everybody(office).sponsors}[rosa.pk] == 0.5


def test_who_may_no_longer_sign_in_sponsors_nobody(office: Intergroup) -> None:
    gone = Sponsor.objects.earliest("pk")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert gone.pk not in {one.id for one in everybody(office).sponsors}
