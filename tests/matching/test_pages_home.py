"""Home: the next thing to do comes first, then pairings, sponsoring and service."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Profile, Sponsor, User
from matching import tokens
from matching.actions import offers, pairings, requests, reviews, step_service
from matching.models import CheckIn, Pairing, ServiceKind
from matching.states import CheckInState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db


def home(member: User) -> str:
    """The first page of a member, within its queries."""
    client = signed_in(member)
    with office.at_most(8):
        return office.page(client, reverse("home"))


def paired(ana: User, rosa: User, bea: User) -> Pairing:
    return reviews.approve_offer(office.in_review(ana, rosa), by=bea)


def test_a_stranger_is_asked_to_sign_in() -> None:
    assert Client().get(reverse("home")).status_code == 302


def test_an_unfinished_welcome_comes_first(ana: User) -> None:
    Profile.objects.filter(pk=ana.pk).update(completed_at=None)
    assert signed_in(ana).get(reverse("home")).headers["Location"] == reverse("welcome")


def test_a_newcomer_is_shown_how_to_ask(ana: User) -> None:
    text = home(ana)
    assert "Ask for a sponsor" in text
    assert reverse("request") in text
    assert "Nobody yet." in text


def test_a_sponsor_who_does_not_look_is_not_asked_to_ask(rosa: User) -> None:
    text = home(rosa)
    assert "Ask for a sponsor" not in text
    assert "Nothing waits for you" in text
    assert "You have 2 free places." in text


def test_people_who_fit_wait_for_the_choice(ana: User, rosa: User) -> None:
    office.asked(ana)
    text = home(ana)
    assert "There are people who fit" in text
    assert reverse("suggestions") in text


def test_nobody_who_fits_is_said_honestly(ana: User) -> None:
    office.asked(ana)
    assert "Nobody fits yet" in home(ana)


def test_the_newcomer_sees_who_is_asked_and_until_when(ana: User, rosa: User) -> None:
    office.sent(ana, rosa)
    assert "Rosa M. has until" in home(ana)


def test_an_offer_waits_for_its_sponsor_with_its_deadline(ana: User, rosa: User) -> None:
    offer = office.sent(ana, rosa)
    text = home(rosa)
    assert "Somebody asks you to sponsor them" in text
    assert reverse("offer", args=[offer.pk]) in text


def test_several_offers_lead_to_their_list(rosa: User) -> None:
    for name in ("Ana", "Nora"):
        office.sent(factories.newcomer(first_name=name), rosa)
    text = home(rosa)
    assert "2 people ask you to sponsor them" in text
    assert reverse("offers") in text


def test_an_offer_past_its_deadline_waits_for_nobody(ana: User, rosa: User) -> None:
    office.sent(ana, rosa)
    clock.move_on(timedelta(hours=25))
    assert "Somebody asks you to sponsor them" not in home(rosa)


def test_a_yes_is_under_way_for_both(ana: User, rosa: User) -> None:
    office.in_review(ana, rosa)
    assert "Rosa M. said yes." in home(ana)
    assert "You said yes" in home(rosa)


def test_a_proposal_waits_for_a_yes_or_no(ana: User, rosa: User, bea: User) -> None:
    offers.propose_offer(office.asked(ana), rosa.pk, by=bea)
    assert "Would you like to meet Rosa M.?" in home(ana)


def test_the_sponsor_learns_nothing_of_a_proposal(ana: User, rosa: User, bea: User) -> None:
    offers.propose_offer(office.asked(ana), rosa.pk, by=bea)
    assert "Ana L." not in home(rosa)


def test_an_open_check_in_has_its_link_for_its_member_alone(ana: User, rosa: User, bea: User) -> None:
    pairing = paired(ana, rosa, bea)
    day = factories.today()
    checkin = CheckIn.objects.create(
        pairing=pairing, member=ana, local_date=day, due_at=clock.now(), state=CheckInState.OPEN
    )
    text = home(ana)
    assert "Have you and Rosa M. talked?" in text
    token = text.split("/c/")[1].split("/")[0]
    assert tokens.read_check_in(token) == checkin.pk
    assert "/c/" not in home(rosa)


def test_a_pairing_stands_on_both_pages_until_it_ends(ana: User, rosa: User, bea: User) -> None:
    pairing = paired(ana, rosa, bea)
    link = reverse("pairing", args=[pairing.pk])
    for member, other in ((ana, "Rosa M."), (rosa, "Ana L.")):
        text = home(member)
        assert other in text
        assert link in text
    assert "Ask for a sponsor" not in home(ana)


def test_two_who_have_just_been_introduced_are_told_so_until_they_talk_or_a_week_is_over(
    ana: User, rosa: User, bea: User
) -> None:
    pairing = paired(ana, rosa, bea)
    for member in (ana, rosa):
        assert "have been introduced" in home(member)
    Pairing.objects.filter(pk=pairing.pk).update(contact_at=clock.now())
    assert "have been introduced" not in home(ana)
    Pairing.objects.filter(pk=pairing.pk).update(contact_at=None, began_at=clock.now() - timedelta(days=7))
    assert "have been introduced" not in home(ana)


def test_an_open_question_takes_the_place_of_the_introduction(ana: User, rosa: User, bea: User) -> None:
    pairing = paired(ana, rosa, bea)
    CheckIn.objects.create(
        pairing=pairing, member=ana, local_date=factories.today(), due_at=clock.now(), state=CheckInState.OPEN
    )
    assert "have been introduced" not in home(ana)


def test_whoever_went_on_without_a_sponsor_is_told_that_it_is_nobodys_fault_for_two_weeks(
    ana: User, rosa: User, bea: User
) -> None:
    pairing = paired(ana, rosa, bea)
    pairings.end_pairing(pairing, by=rosa)
    text = home(ana)
    assert "Ask for somebody else" in text
    assert "nobody&#x27;s fault" in text
    assert "Nobody at present" in text
    assert "went on differently" not in home(rosa)
    Pairing.objects.filter(pk=pairing.pk).update(ended_at=clock.now() - timedelta(days=14))
    assert "Ask for a sponsor" in home(ana)


def test_a_trial_that_is_over_is_not_announced(ana: User, rosa: User, bea: User) -> None:
    pairing = paired(ana, rosa, bea)
    Pairing.objects.filter(pk=pairing.pk).update(trial_ends_on=clock.today("America/New_York") - timedelta(days=1))
    text = home(ana)
    assert "The trial is over" in text
    assert "on trial until" not in text


def test_the_end_of_the_trial_is_announced_two_weeks_before(ana: User, rosa: User, bea: User) -> None:
    pairing = paired(ana, rosa, bea)
    assert "The trial ends soon" not in home(ana)
    Pairing.objects.filter(pk=pairing.pk).update(trial_ends_on=clock.today("America/New_York") + timedelta(days=14))
    assert "The trial ends soon" in home(ana)


def test_a_coordinator_learns_how_much_waits_in_their_office(ana: User, rosa: User, bea: User) -> None:
    assert "needs a coordinator" not in home(bea)
    office.in_review(ana, rosa)
    text = home(bea)
    assert "1 thing needs a coordinator" in text
    assert reverse("coordinate") in text
    assert "needs a coordinator" not in home(rosa)


def test_an_application_is_being_looked_at(ana: User) -> None:
    Sponsor.objects.create(user=ana, confirmed_at=clock.now())
    Profile.objects.filter(pk=ana.pk).update(looking=False)
    text = home(ana)
    assert "Your offer to sponsor is being looked at" in text
    assert "Riverside Intergroup" in text


def test_a_sponsor_is_asked_again_before_the_last_yes_grows_old(rosa: User) -> None:
    Sponsor.objects.filter(pk=rosa.pk).update(confirmed_at=clock.now() - timedelta(days=29))
    assert "Are you still glad to sponsor?" in home(rosa)


def test_a_sponsor_who_pauses_is_left_in_peace(rosa: User) -> None:
    until = factories.today() + timedelta(days=20)
    Sponsor.objects.filter(pk=rosa.pk).update(confirmed_at=clock.now() - timedelta(days=60), paused_until=until)
    text = home(rosa)
    assert "Are you still glad to sponsor?" not in text
    assert "You pause until" in text


def test_service_of_this_year_is_counted(ana: User) -> None:
    today = clock.today("America/New_York")
    step_service.log_service(by=ana, kind=ServiceKind.RIDE, on=today)
    step_service.log_service(by=ana, kind=ServiceKind.CALL, on=today - timedelta(days=366))
    assert "1 time in the last twelve months." in home(ana)


def test_everything_at_once_takes_no_more_questions(ana: User, rosa: User, bea: User) -> None:
    """L3 for the first page: a member who sponsors three people, has a sponsor and is asked by two more."""
    Sponsor.objects.filter(pk=rosa.pk).update(seats=8)
    for number in range(3):
        paired(factories.newcomer(first_name=f"Nora{'abc'[number]}"), rosa, bea)
    for name in ("Zoe", "Yana"):
        office.sent(factories.newcomer(first_name=name), rosa)
    step_service.log_service(by=rosa, kind=ServiceKind.RIDE, on=factories.today())
    requests.ask(rosa, by=rosa)
    home(rosa)
