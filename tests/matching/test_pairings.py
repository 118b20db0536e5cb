"""A pairing: a trial, ended by either at one tap, reported by either at any time, and nobody is over their seats."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from accounts import clock
from accounts.models import Bar, Report, User
from matching.actions.checkins import remind_due
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.offers import propose_offer
from matching.actions.pairings import change_plan, confirm_pairing, end_pairing
from matching.actions.reports import report_partner
from matching.models import CheckIn, CheckInPlan, OutboxMessage, Pairing
from matching.states import CheckInState, IllegalMove, PairingState
from tests import factories
from tests.matching import story
from tests.matching.race import race


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


def _told(topic: str) -> list[User]:
    return [one.recipient for one in OutboxMessage.objects.filter(topic=topic).order_by("key")]


def test_it_begins_as_a_trial_of_ninety_days_and_both_are_told(pairing: Pairing, ana: User, rosa: User) -> None:
    assert pairing.state == PairingState.ACTIVE
    assert pairing.trial_ends_on == clock.today("America/New_York") + timedelta(days=90)
    assert set(_told("paired")) == {ana, rosa}
    assert {plan.member for plan in pairing.plans.all()} == {ana, rosa}
    assert not any(plan.help_sponsor or plan.help_coordinator for plan in pairing.plans.all())


@pytest.mark.parametrize("who", ["ana", "rosa"])
def test_either_ends_it_and_the_other_is_told_why_not(
    who: str, pairing: Pairing, request: pytest.FixtureRequest
) -> None:
    by: User = request.getfixturevalue(who)
    end_pairing(pairing, by=by, reason="no_time")
    pairing.refresh_from_db()
    assert (pairing.state, pairing.ended_by) == (PairingState.ENDED, by.pk)
    assert [one.pk for one in _told("pairing_ended")] == [pairing.other_id(by)]
    assert story.seats_taken(pairing.sponsor) == 0


def test_ending_cancels_the_check_ins_that_were_to_come(pairing: Pairing, ana: User) -> None:
    clock.move_on(timedelta(days=2))
    story.due_now()
    assert remind_due() == 2
    end_pairing(pairing, by=ana)
    assert set(CheckIn.objects.values_list("state", flat=True)) == {CheckInState.LAPSED}
    assert set(pairing.plans.values_list("next_at", flat=True)) == {None}
    clock.move_on(timedelta(days=10))
    assert remind_due() == 0


def test_ended_once_is_ended(pairing: Pairing, ana: User, rosa: User) -> None:
    end_pairing(pairing, by=ana)
    for again in (end_pairing, confirm_pairing):
        with pytest.raises(TooLate):
            again(pairing, by=rosa)
    assert story.seats_taken(rosa) == 0


def test_strangers_and_coordinators_end_nothing(pairing: Pairing, olga: User, bea: User) -> None:
    for other in (olga, bea):
        for deed in (end_pairing, confirm_pairing, partial(report_partner, kind="other")):
            with pytest.raises(NotAllowed):
                deed(pairing, by=other)


def test_after_the_trial_it_can_be_confirmed_once(pairing: Pairing, ana: User, rosa: User) -> None:
    confirm_pairing(pairing, by=ana)
    with pytest.raises(IllegalMove):
        confirm_pairing(pairing, by=rosa)
    end_pairing(pairing, by=rosa)
    assert story.seats_taken(rosa) == 0


def test_the_same_two_may_meet_again_unless_one_says_not_again(pairing: Pairing, ana: User, rosa: User) -> None:
    end_pairing(pairing, by=ana)
    request = story.asked(ana)
    assert request.suggestions.get().sponsor == rosa


def test_not_again_keeps_them_apart_for_good(pairing: Pairing, ana: User, rosa: User, bea: User) -> None:
    end_pairing(pairing, by=rosa, not_again=True)
    request = story.asked(ana)
    assert not request.suggestions.exists()
    with pytest.raises(Exception, match="barred"):
        propose_offer(request, rosa.pk, by=bea)


def test_a_report_ends_contact_at_once_and_for_good(pairing: Pairing, ana: User, rosa: User, bea: User) -> None:
    report = report_partner(pairing, by=ana, kind="pressure")
    pairing.refresh_from_db()
    assert pairing.state == PairingState.ENDED
    assert (report.by, report.about) == (ana, rosa)
    assert _told("report_filed") == [bea]
    assert _told("pairing_ended") == [rosa]
    assert not story.asked(ana).suggestions.exists()


def test_a_pairing_that_ended_can_still_be_reported(pairing: Pairing, ana: User, rosa: User) -> None:
    end_pairing(pairing, by=rosa, not_again=True)
    report_partner(pairing, by=ana, kind="unsafe")
    assert Report.objects.get().about == rosa
    assert set(Bar.objects.values_list("by", "kind")) == {(rosa.pk, "not_again"), (ana.pk, "block")}


def test_a_report_does_not_reach_a_coordinator_whom_it_is_about(ana: User) -> None:
    rosa_serves = factories.coordinator()
    rosa = factories.sponsor()
    rosa.coordinating.create(intergroup=factories.intergroup(), starts_on="2020-01-01", ends_on="2999-01-01")
    report_partner(story.paired(ana, rosa, rosa_serves), by=ana, kind="other")
    assert _told("report_filed") == [rosa_serves]


@pytest.mark.django_db(transaction=True)
def test_a_report_is_not_lost_when_the_other_ends_the_pairing_at_the_same_moment() -> None:
    rosa = factories.sponsor(side={"seats": 8})
    pairings = [story.paired_at_once(rosa) for _ in range(6)]
    runs = [partial(report_partner, one, by=one.sponsee, kind="unsafe") for one in pairings]
    race([*runs, *[partial(end_pairing, one, by=one.sponsor) for one in pairings]])
    assert Report.objects.count() == len(pairings)
    assert not Pairing.objects.live().exists()
    assert story.seats_taken(rosa) == 0


def _change(plan: CheckInPlan, by: User, **changes: object) -> None:
    kept = {"cadence": "default", "hour": 18, "help_sponsor": False, "help_coordinator": False}
    change_plan(plan, by=by, **{**kept, **changes})  # type: ignore[arg-type]
    plan.refresh_from_db()


def test_a_plan_is_ones_own(pairing: Pairing, ana: User, rosa: User) -> None:
    mine, theirs = pairing.plans.get(member=ana), pairing.plans.get(member=rosa)
    with pytest.raises(NotAllowed):
        _change(theirs, ana, cadence="none")
    _change(mine, ana, cadence="none", help_sponsor=True)
    theirs.refresh_from_db()
    assert (mine.next_at, mine.help_sponsor) == (None, True)
    assert theirs.next_at is not None


def test_another_hour_and_a_pause_count_from_the_next_asking_on(pairing: Pairing, ana: User) -> None:
    plan = pairing.plans.get(member=ana)
    back = clock.today("America/New_York") + timedelta(days=20)
    _change(plan, ana, hour=7, paused_until=back)
    assert plan.next_at is not None
    assert plan.next_at.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None).isoformat() == f"{back}T07:00:00"


def test_a_plan_changed_after_the_end_asks_nothing(pairing: Pairing, ana: User) -> None:
    plan = pairing.plans.get(member=ana)
    end_pairing(pairing, by=ana)
    _change(plan, ana, cadence="daily")
    assert plan.next_at is None
