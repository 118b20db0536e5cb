"""A sponsor steps down: everybody they sponsor keeps their place, hears of it kindly, and nobody is lost or doubled."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Intergroup, PauseReason, Sponsor, User
from matching.actions import handovers
from matching.actions.errors import NotAllowed
from matching.actions.pairings import end_pairing
from matching.models import Handover, Offer, OutboxMessage, Pairing, SponsorRequest
from matching.states import OfferState, PairingState, RequestState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story
from tests.matching.race import race

PEOPLE = 4


@pytest.fixture
def busy(intergroup: Intergroup) -> User:
    """Sponsors four people."""
    sponsor = factories.sponsor(first_name="Ruth", side={"seats": 8})
    for _ in range(PEOPLE):
        story.paired_at_once(sponsor)
    return sponsor


def waited(pairing: Pairing, days: int) -> None:
    """As if the request had waited so long before the two were paired."""
    SponsorRequest.objects.filter(pk=pairing.offer.request_id).update(asked_at=pairing.began_at - timedelta(days=days))


def step_down(sponsor: User, by: User) -> Handover:
    handover = handovers.begin_handover(sponsor.sponsor, by=by)
    handovers.carry_on(handover)
    handover.refresh_from_db()
    return handover


def is_whole(sponsor: User) -> None:
    """Everybody has one ended pair, one live request and one letter; the seats are free."""
    sponsees = set(Pairing.objects.filter(sponsor=sponsor).values_list("sponsee", flat=True))
    assert len(sponsees) == PEOPLE
    assert not Pairing.objects.live().filter(sponsor=sponsor).exists()
    assert sorted(SponsorRequest.objects.live().values_list("member", flat=True)) == sorted(sponsees)
    told = OutboxMessage.objects.filter(topic="handed_over").values_list("recipient", flat=True)
    assert sorted(told) == sorted(sponsees)
    assert OutboxMessage.objects.filter(topic="all_handed_over").count() == 1
    assert story.seats_taken(sponsor) == 0
    assert AuditEntry.objects.filter(verb="pairing.handed_over").count() == PEOPLE


@pytest.mark.django_db
def test_each_pair_ends_and_each_person_looks_again(busy: User, bea: User) -> None:
    handover = step_down(busy, bea)
    is_whole(busy)
    assert (handover.people, handover.finished_at is not None) == (PEOPLE, True)
    assert Sponsor.objects.get(pk=busy.pk).pause_reason == PauseReason.STEPPED_BACK
    assert not OutboxMessage.objects.filter(topic="pairing_ended").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "kept"), [(0, 0), (12, 12), (45, 30)])
def test_the_time_waited_before_counts_again_up_to_thirty_days(days: int, kept: int, busy: User, bea: User) -> None:
    pairing = Pairing.objects.filter(sponsor=busy)[0]
    waited(pairing, days)
    step_down(busy, bea)
    request = SponsorRequest.objects.live().get(member=pairing.sponsee)
    assert abs(clock.now() - timedelta(days=kept) - request.asked_at) < timedelta(minutes=1)


@pytest.mark.django_db
def test_whoever_asked_in_between_waits_behind(busy: User, bea: User, ana: User) -> None:
    pairing = Pairing.objects.filter(sponsor=busy)[0]
    waited(pairing, 10)
    office.asked(ana)
    step_down(busy, bea)
    first = SponsorRequest.objects.live().order_by("asked_at")[0]
    assert first.member == pairing.sponsee


@pytest.mark.django_db
def test_the_new_request_finds_other_sponsors_and_not_the_one_who_steps_down(busy: User, bea: User, rosa: User) -> None:
    step_down(busy, bea)
    for request in SponsorRequest.objects.live():
        assert [one.sponsor for one in request.suggestions.all()] == [rosa]


@pytest.mark.django_db
def test_what_is_held_out_to_them_goes_to_the_next(busy: User, bea: User, ana: User, rosa: User) -> None:
    offer = story.offered(ana, busy, rosa)
    step_down(busy, bea)
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert Offer.objects.get(state=OfferState.SENT).sponsor == rosa


@pytest.mark.django_db
def test_somebody_who_is_not_active_gets_no_request(busy: User, bea: User) -> None:
    gone = Pairing.objects.filter(sponsor=busy)[0].sponsee
    User.objects.filter(pk=gone.pk).update(is_active=False)
    step_down(busy, bea)
    assert not SponsorRequest.objects.live().filter(member=gone).exists()
    assert not Pairing.objects.live().exists()


@pytest.mark.django_db
def test_their_own_sponsor_stays(bea: User, rosa: User, busy: User) -> None:
    own = story.paired(busy, rosa, bea)
    step_down(busy, bea)
    own.refresh_from_db()
    assert own.state == PairingState.ACTIVE


@pytest.mark.django_db
def test_twice_is_once(busy: User, bea: User) -> None:
    first = handovers.begin_handover(busy.sponsor, by=bea)
    assert handovers.begin_handover(busy.sponsor, by=bea) == first
    for _ in range(2):
        handovers.carry_on(first)
    assert handovers.carry_on_handovers() == 0
    is_whole(busy)


@pytest.mark.django_db
def test_only_the_office_hands_over_and_never_whom_it_met(busy: User, ana: User, bea: User) -> None:
    sponsee = Pairing.objects.filter(sponsor=busy)[0].sponsee
    for scopes in (["area"], ["safety"]):
        sponsee.coordinating.all().delete()
        sponsee.coordinating.create(
            intergroup=factories.intergroup(), scopes=scopes, starts_on="2020-01-01", ends_on="2999-01-01"
        )
        with pytest.raises(NotAllowed):
            handovers.begin_handover(busy.sponsor, by=sponsee)
    with pytest.raises(NotAllowed):
        handovers.begin_handover(busy.sponsor, by=factories.coordinator(factories.intergroup("hillside")))


@pytest.mark.django_db
def test_the_page_tells_whom_it_concerns_and_then_how_far_it_is(busy: User, bea: User) -> None:
    desk: Client = signed_in(bea)
    url = reverse("hand_over", args=[busy.pk])
    with office.at_most(8):
        text = office.page(desk, url)
    assert text.count("<li>Ana L.</li>") == PEOPLE
    handover = handovers.begin_handover(busy.sponsor, by=bea)
    handovers.hand_over(Pairing.objects.filter(sponsor=busy)[0].pk, by=bea)
    assert f"Done for 1 of {PEOPLE}." in office.page(desk, url)
    handovers.carry_on(handover)
    with office.at_most(8):
        assert "Everybody has been told" in office.page(desk, url)


@pytest.mark.django_db
def test_one_press_does_it(busy: User, bea: User) -> None:
    text = signed_in(bea).post(reverse("hand_over", args=[busy.pk]), follow=True).content.decode()
    assert f"Done for {PEOPLE} of {PEOPLE}." in text
    is_whole(busy)


def _killed_at(statement: int, work: Callable[[], Any]) -> bool:
    """Do the work in a process that is killed, without a word, before its n-th statement; False when it got through."""
    child = os.fork()
    if child == 0:
        _inherit_nothing()
        seen = 0

        def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


_not_ours: list[Any] = []


def _inherit_nothing() -> None:
    """The connection belongs to the parent: closing it here would close it there."""
    _not_ours.append(connection.connection)
    connection.connection = None


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_and_again_and_again_it_ends_whole(busy: User, bea: User, rosa: User) -> None:
    """R1: SIGKILL before a statement later each time; whoever goes on finds what is left and doubles nothing."""
    handover = handovers.begin_handover(busy.sponsor, by=bea)
    kills, statement = 0, 1
    while _killed_at(statement, lambda: handovers.carry_on(handover)):
        kills, statement = kills + 1, statement + 5
        assert _each_has_one_or_the_other(busy)
    assert kills >= 5
    assert handovers.carry_on_handovers() == 0
    is_whole(busy)


def _each_has_one_or_the_other(sponsor: User) -> bool:
    """Each is still in the pair, or looks again: never both, never neither."""
    paired = list(Pairing.objects.live().filter(sponsor=sponsor).values_list("sponsee", flat=True))
    looking = list(SponsorRequest.objects.live().values_list("member", flat=True))
    everybody = set(Pairing.objects.filter(sponsor=sponsor).values_list("sponsee", flat=True))
    return sorted([*paired, *looking]) == sorted(everybody)


@pytest.mark.django_db(transaction=True)
def test_control_ending_and_asking_apart_loses_somebody(busy: User, bea: User) -> None:
    """The negative control of R1: the same kills, with the end and the new request in transactions of their own."""

    def naive() -> None:
        for pairing in Pairing.objects.live().filter(sponsor=busy):
            end_pairing(pairing, by=busy)
            request = pairing.offer.request
            SponsorRequest.objects.create(
                member=pairing.sponsee,
                intergroup=request.intergroup,
                fellowship=request.fellowship,
                asked_at=clock.now(),
                decide_by=clock.now(),
            )

    statement, lost = 1, False
    while not lost and _killed_at(statement, naive):
        lost, statement = not _each_has_one_or_the_other(busy), statement + 1
    assert lost


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_somebody_who_ends_their_pair_meanwhile_double_nothing(busy: User, bea: User) -> None:
    handover = handovers.begin_handover(busy.sponsor, by=bea)
    first = Pairing.objects.filter(sponsor=busy).order_by("began_at")[0]
    race([*(lambda: handovers.carry_on(handover) for _ in range(3)), lambda: end_pairing(first, by=first.sponsee)])
    handovers.carry_on_handovers()
    assert not Pairing.objects.live().exists()
    assert story.seats_taken(busy) == 0
    states = SponsorRequest.objects.exclude(state=RequestState.MATCHED).values_list("member", flat=True)
    assert len(set(states)) == len(states) >= PEOPLE - 1
