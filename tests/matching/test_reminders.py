"""The tick: one question for each person and local day, at their hour, however many ticks there are."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts import clock
from accounts.models import Profile, User
from matching.actions.checkins import answer_checkin, remind_due
from matching.actions.pairings import change_plan
from matching.models import Answer, CheckIn, CheckInPlan, OutboxMessage, Pairing
from matching.states import CheckInState
from tests import factories
from tests.matching import story
from tests.matching.race import race

NEW_YORK = ZoneInfo("America/New_York")
KEPT: dict[str, Any] = {"cadence": "default", "hour": 18, "help_sponsor": False, "help_coordinator": False}


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


def _next_day() -> None:
    """Let time pass until the hour at which everybody is next asked has just struck."""
    due = max(at for at in CheckInPlan.objects.values_list("next_at", flat=True) if at)
    clock.move_on(due - clock.now() + timedelta(seconds=1))


def _posted() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(topic="check_in").order_by("posted_at"))


def test_nobody_is_asked_on_the_first_day(pairing: Pairing) -> None:
    assert remind_due() == 0
    for plan in pairing.plans.all():
        assert plan.next_at is not None
        local = plan.next_at.astimezone(NEW_YORK)
        assert local.date() == pairing.began_at.astimezone(NEW_YORK).date() + timedelta(days=1)
        assert local.hour == 18


def test_both_are_asked_the_next_evening_each_with_a_message(pairing: Pairing, ana: User, rosa: User) -> None:
    _next_day()
    assert remind_due() == 2
    assert {one.member for one in CheckIn.objects.filter(state=CheckInState.OPEN)} == {ana, rosa}
    assert {one.recipient for one in _posted()} == {ana, rosa}
    assert remind_due() == 0


def test_a_new_question_closes_the_one_before(pairing: Pairing, ana: User) -> None:
    for _ in range(3):
        _next_day()
        remind_due()
    mine = CheckIn.objects.filter(member=ana)
    assert [one.state for one in mine] == [CheckInState.OPEN, CheckInState.LAPSED, CheckInState.LAPSED]
    assert len({one.local_date for one in mine}) == 3


@pytest.mark.django_db(transaction=True)
def test_five_ticks_at_once_ask_everybody_once() -> None:
    rosa = factories.sponsor(side={"seats": 8})
    for _ in range(6):
        story.paired_at_once(rosa)
    clock.move_on(timedelta(days=2))
    story.due_now()
    counts = race([remind_due] * 5)
    assert sum(one for one in counts if isinstance(one, int)) == 12
    assert CheckIn.objects.count() == 12
    assert len(_posted()) == 12


def test_days_that_went_by_are_not_made_up_for(pairing: Pairing, ana: User) -> None:
    clock.move_on(timedelta(days=6))
    remind_due()
    _next_day()
    remind_due()
    mine = CheckIn.objects.filter(member=ana)
    assert mine.count() == 1
    assert mine.get().local_date == clock.today("America/New_York")


def test_a_late_reminder_never_comes_in_the_quiet_hours(pairing: Pairing) -> None:
    _next_day()
    remind_due()
    for message in _posted():
        local = message.grace_until.astimezone(NEW_YORK)
        assert (local.hour, local.minute) == (21, 0)


@pytest.mark.parametrize(("hour", "latest"), [(18, 21), (20, 21), (9, 12), (6, 7), (22, 23)])
def test_how_late_it_may_come_depends_on_the_hour(pairing: Pairing, hour: int, latest: int) -> None:
    for plan in pairing.plans.all():
        plan.hour, plan.hour_chosen = hour, True
        plan.next_at = datetime.combine(
            clock.today("America/New_York") + timedelta(days=3), datetime.min.time().replace(hour=hour), tzinfo=NEW_YORK
        ).astimezone(UTC)
        plan.save()
    _next_day()
    assert remind_due() == 2
    assert {one.grace_until.astimezone(NEW_YORK).hour for one in _posted()} == {latest}


def test_whoever_moved_to_another_zone_is_asked_at_their_hour_there(pairing: Pairing, ana: User) -> None:
    """18:00 in New York is 07:00 in Tokyo: inside the quiet hours."""
    Profile.objects.filter(pk=ana.pk).update(zone="Asia/Tokyo")
    _next_day()
    remind_due()
    assert not CheckIn.objects.filter(member=ana).exists()
    plan = CheckInPlan.objects.get(member=ana)
    assert plan.next_at is not None
    assert plan.next_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 18


def test_a_day_lived_twice_is_asked_once(pairing: Pairing, ana: User) -> None:
    """From Samoa to American Samoa, a day back at the same hour."""
    Profile.objects.filter(pk=ana.pk).update(zone="Pacific/Apia")
    for _ in range(2):
        story.due_now()
        remind_due()
        Profile.objects.filter(pk=ana.pk).update(zone="Pacific/Pago_Pago")
    asked: list[date] = list(CheckIn.objects.filter(member=ana).values_list("local_date", flat=True))
    assert len(asked) == len(set(asked))
    assert CheckIn.objects.filter(member=ana, state=CheckInState.OPEN).count() == 1


def test_a_suspended_member_is_asked_nothing(pairing: Pairing, ana: User, rosa: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)
    _next_day()
    remind_due()
    assert [one.member for one in CheckIn.objects.all()] == [rosa]


def test_a_plan_that_cannot_be_asked_does_not_hold_up_the_others(pairing: Pairing, ana: User, rosa: User) -> None:
    Profile.objects.filter(pk=ana.pk).update(zone="Mars/Olympus_Mons")
    _next_day()
    remind_due()
    assert [one.member for one in CheckIn.objects.all()] == [rosa]
    assert CheckInPlan.objects.get(member=ana).next_at is not None


def test_quiet_hours_laid_over_an_hour_that_nobody_picked_move_the_asking(pairing: Pairing, ana: User) -> None:
    """Whoever works at night sleeps by day: asked when their quiet hours are over."""
    plan = CheckInPlan.objects.get(member=ana)
    change_plan(plan, by=ana, **{**KEPT, "quiet_begins": 10, "quiet_ends": 19})
    _next_day()
    remind_due()
    assert CheckIn.objects.get(member=ana).due_at.astimezone(NEW_YORK).hour == 19


def test_an_hour_that_was_picked_counts_even_when_it_is_quiet(pairing: Pairing, ana: User) -> None:
    change_plan(CheckInPlan.objects.get(member=ana), by=ana, **{**KEPT, "hour": 23})
    plan = CheckInPlan.objects.get(member=ana)
    assert plan.hour_chosen
    assert plan.next_at is not None
    assert plan.next_at.astimezone(NEW_YORK).hour == 23


def _asked(times: int) -> list[date]:
    """Let so many questions come, nobody answering; the days on which Ana was asked."""
    for _ in range(times):
        _next_day()
        remind_due()
    return sorted(CheckIn.objects.filter(member__profile__first_name="Ana").values_list("local_date", flat=True))


def test_after_three_without_an_answer_one_is_asked_half_as_often_and_told_once(
    pairing: Pairing, ana: User, rosa: User
) -> None:
    days = _asked(6)
    assert [(b - a).days for a, b in pairwise(days)] == [1, 1, 2, 2]
    notes = OutboxMessage.objects.filter(topic="gentle_note")
    assert {note.recipient for note in notes} == {ana, rosa}
    assert notes.count() == 2


def test_the_gentle_note_comes_instead_of_the_fourth_question(pairing: Pairing, ana: User) -> None:
    """Nobody gets two letters at the same hour, one of which says that they get fewer."""
    days = _asked(4)
    note = OutboxMessage.objects.get(topic="gentle_note", recipient=ana)
    on_that_day = OutboxMessage.objects.filter(recipient=ana, topic="check_in", send_after=note.send_after)
    assert not on_that_day.exists()
    assert len(days) == 3
    assert note.send_after.astimezone(NEW_YORK).date() == days[-1] + timedelta(days=1)
    assert not CheckIn.objects.filter(member=ana, state=CheckInState.OPEN).exists()


def test_the_last_question_can_still_be_answered_after_the_gentle_note(pairing: Pairing, ana: User) -> None:
    """And then they are asked as often as before."""
    days = _asked(4)
    answer_checkin(CheckIn.objects.get(member=ana, local_date=days[-1]), Answer.NOT_YET, by=ana)
    plan = CheckInPlan.objects.get(member=ana)
    assert plan.unanswered == 0
    assert plan.next_at is not None
    assert plan.next_at.astimezone(NEW_YORK).date() == days[-1] + timedelta(days=2)


def test_an_answer_brings_the_usual_rhythm_back_for_that_one_alone(pairing: Pairing, ana: User, rosa: User) -> None:
    _asked(5)
    answer_checkin(CheckIn.objects.filter(member=ana)[0], Answer.NOT_YET, by=ana)
    mine, theirs = (CheckInPlan.objects.get(member=one) for one in (ana, rosa))
    assert (mine.unanswered, theirs.unanswered) == (0, 3)
    assert mine.next_at is not None
    assert theirs.next_at is not None
    assert theirs.next_at - mine.next_at == timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_five_ticks_at_once_write_one_note_to_each() -> None:
    """R5, for the note."""
    story.paired_at_once(factories.sponsor())
    for _ in range(4):
        clock.move_on(timedelta(days=1))
        story.due_now()
        race([remind_due] * 5)
    assert OutboxMessage.objects.filter(topic="gentle_note").count() == 2
    assert {plan.unanswered for plan in CheckInPlan.objects.all()} == {3}
