"""A date that changes takes along what was made of it: what waits, what a sender holds, and what a sponsor sees."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from accounts import clock, privacy
from accounts.actions.people import save_profile
from accounts.models import AuditEntry, Profile, User
from matching.actions.errors import NotAllowed
from matching.actions.milestones import change_date, set_milestones, tell_due
from matching.actions.outbox import send_outbox
from matching.actions.pairings import end_pairing
from matching.milestones import begins
from matching.models import MilestonePlan, OutboxMessage, Pairing
from matching.notices import letter
from matching.queries import milestones as queries
from matching.states import OutboxState
from tests import factories
from tests.conftest import signed_in
from tests.matching import days, story
from tests.matching.race import held, race


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    """Ana's sponsor may hear of her days, and today is one."""
    made = story.paired(ana, rosa, bea)
    days.remembered(ana, 29, sponsor_too=True)
    days.next_day(ana)
    return made


def _by_tap(ana: User) -> None:
    signed_in(ana).post(reverse("milestone_date"), {"to": "today"})


def _by_form(ana: User) -> None:
    day = clock.today(ana.profile.zone) - timedelta(days=3)
    signed_in(ana).post(reverse("profile_edit", args=["date"]), {"recovery_date": day.isoformat()})


def _by_hand(ana: User) -> None:
    Profile.objects.filter(pk=ana.pk).update(recovery_date=date(2020, 2, 2))


def _by_action(ana: User) -> None:
    profile = Profile.objects.get(pk=ana.pk)
    profile.recovery_date = date(2020, 2, 2)
    save_profile(profile, by=ana, fields=["recovery_date"])


def _removed(ana: User) -> None:
    signed_in(ana).post(reverse("milestone_date"), {"to": "none"})


def _other_fellowship(ana: User) -> None:
    Profile.objects.filter(pk=ana.pk).update(fellowship=factories.fellowship("na", name="NA"))


def _opted_out(ana: User) -> None:
    set_milestones(ana.profile, by=ana, wanted=False)


WAYS = [_by_tap, _by_form, _by_hand, _by_action, _removed, _other_fellowship, _opted_out]
Way = Callable[[User], None]


@pytest.mark.parametrize("way", WAYS)
def test_whatever_way_it_changes_nothing_that_waits_is_sent_to_anybody(way: Way, ana: User, pairing: Pairing) -> None:
    held = days.posted()
    assert {message.topic for message in held} == {"milestone", "milestone_of_other"}
    way(ana)
    assert days.posted() == []
    assert [letter(message) for message in held] == [None, None], "what a sender already holds finds its plan no more"
    clock.move_on(timedelta(hours=19))
    send_outbox()
    assert not [one for one in mail.outbox if "worth" in one.subject]


def test_control_without_the_trigger_a_message_of_the_old_date_would_be_sent(ana: User, pairing: Pairing) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_profile DISABLE TRIGGER matching_milestones_follow")
    _by_hand(ana)
    assert [days.send(message).state for message in days.posted()] == [OutboxState.SENT, OutboxState.SENT]


@pytest.mark.parametrize("way", [_by_tap, _by_form, _by_hand, _by_action])
def test_the_new_date_is_remembered_in_its_turn_and_the_sponsor_is_not_let_in_on_it(
    way: Way, ana: User, pairing: Pairing
) -> None:
    before = MilestonePlan.objects.get().pk
    way(ana)
    tell_due()
    plan = MilestonePlan.objects.get()
    assert plan.pk != before
    assert not plan.sponsor_too
    assert plan.from_on == clock.today(ana.profile.zone) + timedelta(days=1)


def test_a_date_that_is_gone_takes_the_wish_along(ana: User, pairing: Pairing) -> None:
    _removed(ana)
    assert not MilestonePlan.objects.exists()
    days.dated(ana, 29)
    clock.move_on(timedelta(days=1))
    assert tell_due() == 0


def test_nothing_of_the_old_date_is_left_in_any_table(ana: User, pairing: Pairing) -> None:
    """ "The old date is not kept": neither as a date nor as the moment of a message."""
    old = Profile.objects.get(pk=ana.pk).recovery_date
    days.send(days.posted()[0])
    _by_tap(ana)
    assert not OutboxMessage.objects.filter(topic__startswith="milestone").exists()
    entries = AuditEntry.objects.filter(member=ana.pk).values_list("verb", "ids")
    assert ("profile.changed", {}) in entries
    assert str(old) not in str(list(entries))
    assert Profile.objects.get(pk=ana.pk).recovery_date == clock.today(ana.profile.zone)


def test_the_same_date_given_again_changes_nothing(ana: User, pairing: Pairing) -> None:
    before, posted = MilestonePlan.objects.get(), days.posted()
    change_date(ana.profile, by=ana, to=Profile.objects.get(pk=ana.pk).recovery_date)
    save_profile(Profile.objects.get(pk=ana.pk), by=ana, fields=["recovery_date", "first_name", "zone"])
    assert MilestonePlan.objects.get() == before
    assert days.posted() == posted


def test_who_no_longer_lets_the_sponsor_in_is_told_alone(ana: User, pairing: Pairing) -> None:
    set_milestones(ana.profile, by=ana, wanted=True, sponsor_too=False)
    states = {message.topic: days.send(message).state for message in days.posted()}
    assert states == {"milestone": OutboxState.SENT, "milestone_of_other": OutboxState.MISSED}


def test_when_the_pairing_ends_the_sponsor_hears_nothing_more(ana: User, rosa: User, pairing: Pairing) -> None:
    end_pairing(pairing, by=ana)
    states = {message.topic: days.send(message).state for message in days.posted()}
    assert states == {"milestone": OutboxState.SENT, "milestone_of_other": OutboxState.MISSED}


def test_a_new_sponsor_is_not_told_by_the_message_for_the_one_before(
    ana: User, rosa: User, bea: User, pairing: Pairing
) -> None:
    end_pairing(pairing, by=ana)
    story.paired(ana, factories.sponsor(first_name="Ruth"), bea)
    (message,) = days.posted(topic="milestone_of_other")
    assert message.recipient == rosa
    assert letter(message) is None


def test_erasing_leaves_no_plan_and_no_message_and_the_copy_holds_the_wish(ana: User, pairing: Pairing) -> None:
    (kept,) = privacy.export(ana)["matching"]["milestones"]
    assert kept["fellowship__name"] == "Alcoholics Anonymous"
    assert kept["sponsor_too"] is True
    privacy.erase(ana)
    assert not MilestonePlan.objects.exists()
    assert days.posted() == []


@pytest.mark.django_db(transaction=True)
def test_a_wish_and_a_new_date_at_the_very_moment_end_in_a_plan_of_the_new_date(long: bool) -> None:
    ana = factories.newcomer()
    for _ in range(40 if long else 6):
        days.dated(ana, 29)
        wish = partial(set_milestones, ana.profile, by=ana, wanted=True)
        outcome = race([wish, lambda: days.dated(ana, 58), tell_due, tell_due])
        assert not [one for one in outcome if isinstance(one, Exception)], outcome
        tell_due()
        plan = MilestonePlan.objects.get()
        profile = Profile.objects.get(pk=ana.pk)
        ahead = queries.days_of(profile, profile.fellowship)
        assert ahead is not None
        assert ahead.ahead is not None
        assert ahead.ahead.milestone.days == 60
        assert plan.next_at == begins(ahead.ahead.on, profile.zone)
        plan.delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", [_by_hand, _removed, _opted_out])
def test_a_tick_at_the_very_moment_leaves_no_message_of_the_old_date(way: Way, long: bool) -> None:
    ana, rosa = factories.newcomer(), factories.sponsor()
    story.paired(ana, rosa, factories.coordinator())
    for _ in range(40 if long else 6):
        plan = days.remembered(ana, 29, sponsor_too=True)
        clock.move_on(plan.next_at - clock.now() + days.SOON)
        outcome = race([tell_due, lambda: way(ana), tell_due])
        assert not [one for one in outcome if isinstance(one, Exception)], outcome
        assert days.posted() == []
        MilestonePlan.objects.all().delete()
        clock.move_on(-clock.shift())


@pytest.mark.django_db(transaction=True)
def test_a_date_that_changes_while_the_tick_holds_the_plan_waits_and_then_takes_it_all() -> None:
    ana = factories.newcomer()
    plan = days.remembered(ana, 29)
    clock.move_on(plan.next_at - clock.now() + days.SOON)
    with held(lambda: _by_hand(ana)) as change:
        assert tell_due() == 1
        assert len(days.posted()) == 1
    change.result(30)
    assert days.posted() == []
    assert MilestonePlan.objects.get().pk != plan.pk


def test_only_ones_own_date_can_be_changed(ana: User, olga: User) -> None:
    with pytest.raises(NotAllowed):
        change_date(ana.profile, by=olga, to=None)
