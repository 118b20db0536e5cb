"""Asking for a sponsor: once at a time, when the profile is ready, and never for somebody else."""

from datetime import timedelta
from functools import partial

import pytest

from accounts import clock
from accounts.models import AuditEntry, Policy, Profile, User
from matching.actions.errors import AlreadyLooking, AlreadyPaired, NotAllowed, NotReady
from matching.actions.offers import accept_offer
from matching.actions.pairings import end_pairing
from matching.actions.requests import ask, withdraw_request
from matching.models import SponsorRequest
from matching.states import RequestState
from tests import factories
from tests.matching import story
from tests.matching.race import race


def test_asking_finds_the_first_suggestions_and_sets_a_deadline(ana: User, rosa: User) -> None:
    request = story.asked(ana)
    assert request.state == RequestState.OPEN
    assert [one.sponsor for one in request.suggestions.all()] == [rosa]
    assert request.decide_by - request.asked_at == timedelta(hours=72)
    verbs = list(AuditEntry.objects.filter(target_id=str(request.pk)).values_list("verb", flat=True))
    assert verbs == ["request.asked", "request.suggested"]


def test_a_suggestion_carries_its_reasons_and_its_score_in_parts(ana: User, rosa: User) -> None:
    (found,) = story.asked(ana).suggestions.all()
    assert found.score == sum(found.parts.values()) > 0
    assert found.reasons
    assert found.reasons_back


def test_nobody_asks_for_another(ana: User, olga: User) -> None:
    with pytest.raises(NotAllowed):
        ask(ana, by=olga)


@pytest.mark.parametrize(
    ("field", "empty", "step"),
    [
        ("first_name", "", "name"),
        ("languages", [], "languages"),
        ("comfortable_with", [], "people"),
        ("modes", [], "meeting"),
        ("intergroup", None, "fellowship"),
    ],
)
def test_an_unfinished_profile_names_the_step_that_is_missing(ana: User, field: str, empty: object, step: str) -> None:
    Profile.objects.filter(pk=ana.pk).update(**{field: empty, "completed_at": None})
    with pytest.raises(NotReady) as refused:
        story.asked(ana)
    assert refused.value.missing == [step]
    assert not SponsorRequest.objects.exists()


def test_a_second_ask_is_told_that_one_is_under_way(ana: User) -> None:
    story.asked(ana)
    with pytest.raises(AlreadyLooking):
        story.asked(ana)
    assert SponsorRequest.objects.count() == 1


def test_one_may_ask_again_after_withdrawing(ana: User) -> None:
    withdraw_request(story.asked(ana), by=ana)
    assert story.asked(ana).state == RequestState.OPEN


def test_somebody_who_has_a_sponsor_does_not_look_for_another_until_it_ended(ana: User, rosa: User, bea: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    with pytest.raises(AlreadyPaired):
        story.asked(ana)
    assert SponsorRequest.objects.live().count() == 0
    end_pairing(pairing, by=ana)
    assert story.asked(ana).state == RequestState.OPEN


@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_in_several_windows_at_once_asks_once() -> None:
    ana = factories.newcomer()
    factories.sponsor()
    answers = race([partial(story.asked, ana)] * 8)
    assert sum(isinstance(one, SponsorRequest) for one in answers) == 1
    assert sum(isinstance(one, AlreadyLooking) for one in answers) == 7
    assert SponsorRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_asking_at_the_moment_of_the_last_yes_leaves_nobody_with_a_sponsor_and_a_search() -> None:
    ana, rosa = factories.newcomer(), factories.sponsor(side={"seats": 8})
    factories.intergroup()
    story.without_review()
    offer = story.offered(ana, rosa)
    race([partial(accept_offer, offer, by=rosa), *[partial(story.asked, ana)] * 4])
    assert not SponsorRequest.objects.live().filter(member=ana).exists()


def test_the_deadline_follows_the_intergroups_policy(ana: User) -> None:
    Policy.objects.update(stuck_hours=5)
    request = story.asked(ana)
    assert request.decide_by - request.asked_at == timedelta(hours=5)
    assert abs(request.asked_at - clock.now()) < timedelta(minutes=1)
