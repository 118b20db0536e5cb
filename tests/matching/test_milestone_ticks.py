"""The tick posts a milestone once, on its local day, at the member's hour; what came too late is not made up for."""

import re
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import AuditEntry, Profile, User
from matching.actions import milestones
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.milestones import LOOK_AGAIN, set_milestones, tell_due
from matching.actions.notice_wishes import set_notice
from matching.models import CheckInPlan, MilestonePlan, NoticeKind, OutboxMessage
from matching.states import OutboxState
from tests import factories
from tests.matching import days, story
from tests.matching.race import race

NEW_YORK = ZoneInfo("America/New_York")


def _told(member: User) -> list[Any]:
    return [one for one in mail.outbox if one.to == [member.email]]


def test_nothing_is_remembered_unless_somebody_asks_for_it(ana: User, rosa: User) -> None:
    days.dated(ana, 29)
    clock.move_on(timedelta(days=1))
    assert tell_due() == 0
    assert not MilestonePlan.objects.exists()
    assert not days.posted()


def test_on_the_day_a_few_neutral_words_come_at_the_usual_hour(ana: User) -> None:
    began = days.dated(ana, 29)
    days.remembered(ana, 29)
    days.next_day(ana)
    (message,) = days.posted()
    local = message.send_after.astimezone(NEW_YORK)
    assert (local.date(), local.hour) == (began + timedelta(days=30), 18)
    assert message.grace_until.astimezone(NEW_YORK).hour == 21
    assert days.send(message).state == OutboxState.SENT
    (letter,) = _told(ana)
    words = re.sub(r"https?://\S+", "", f"{letter.subject} {letter.body}")
    assert not re.search(r"\d", words), "neither a count nor a date"
    assert began.isoformat() not in str(letter.message())


def test_the_message_holds_no_date_and_its_key_no_plain_milestone(ana: User) -> None:
    plan = days.remembered(ana, 29)
    plan = days.next_day(ana)
    (message,) = days.posted()
    assert message.ids == {"milestones": str(plan.pk)}
    assert re.fullmatch(r"milestone:[0-9a-f-]{36}:[0-9a-f]{32}", message.key)


def test_any_number_of_ticks_post_it_once_and_the_next_comes_in_its_turn(ana: User) -> None:
    days.remembered(ana, 29)
    days.next_day(ana)
    assert [tell_due() for _ in range(3)] == [0, 0, 0]
    MilestonePlan.objects.update(next_at="1970-01-01T00:00Z")
    tell_due()
    assert len(days.posted()) == 1, "counted anew, it is the same occasion"
    plan = days.next_day(ana)
    assert len(days.posted()) == 2
    assert days.posted()[1].send_after - days.posted()[0].send_after > timedelta(days=29)
    assert plan.next_at > clock.now()


@pytest.mark.django_db(transaction=True)
def test_five_ticks_at_once_post_everybody_once() -> None:
    for _ in range(12):
        days.remembered(factories.newcomer(), 89)
    clock.move_on(timedelta(days=1, hours=6))
    counts = race([tell_due] * 5)
    assert sum(one for one in counts if isinstance(one, int)) == 12, counts
    assert len(days.posted()) == len({message.recipient_id for message in days.posted()}) == 12


def test_it_counts_from_tomorrow_on_so_that_wishing_twice_tells_nothing_twice(ana: User) -> None:
    days.remembered(ana, 29)
    days.next_day(ana)
    days.send(days.posted()[0])
    set_milestones(ana.profile, by=ana, wanted=False)
    set_milestones(ana.profile, by=ana, wanted=True)
    Profile.objects.filter(pk=ana.pk).update(zone="America/Los_Angeles")
    clock.move_on(timedelta(hours=3))
    assert tell_due() == 0
    assert len(_told(ana)) == 1


def test_what_came_too_late_is_recorded_as_missed_and_never_sent(ana: User) -> None:
    """R10: the workers stood still over the hour, then over the whole day."""
    days.remembered(ana, 29)
    days.next_day(ana)
    assert days.send(days.posted()[0], late=timedelta(hours=3, minutes=30)).state == OutboxState.MISSED
    plan = MilestonePlan.objects.get()
    clock.move_on(plan.next_at - clock.now() + timedelta(days=2))
    assert tell_due() == 1
    assert days.send(days.posted()[1], late=timedelta(days=2)).state == OutboxState.MISSED
    assert not mail.outbox
    plan.refresh_from_db()
    assert plan.next_at > clock.now()


def test_a_little_late_it_still_comes(ana: User) -> None:
    days.remembered(ana, 29)
    days.next_day(ana)
    assert days.send(days.posted()[0], late=timedelta(hours=2)).state == OutboxState.SENT


def test_it_comes_at_the_hour_that_the_member_chose_and_not_in_their_quiet_hours(
    ana: User, rosa: User, bea: User
) -> None:
    story.paired(ana, rosa, bea)
    days.remembered(ana, 29)
    CheckInPlan.objects.filter(member=ana).update(hour=7, hour_chosen=True)
    days.next_day(ana)
    assert days.posted()[0].send_after.astimezone(NEW_YORK).hour == 7
    CheckInPlan.objects.filter(member=ana).update(hour=18, hour_chosen=False, quiet_begins=17, quiet_ends=10)
    days.next_day(ana)
    assert days.posted()[1].send_after.astimezone(NEW_YORK).hour == 10


def test_in_another_zone_what_waits_is_posted_anew_for_its_hours_and_what_was_sent_is_not(ana: User) -> None:
    days.remembered(ana, 29)
    days.next_day(ana)
    Profile.objects.filter(pk=ana.pk).update(zone="America/Los_Angeles")
    assert days.posted() == []
    clock.move_on(timedelta(hours=4))
    assert tell_due() == 1
    (message,) = days.posted()
    assert message.send_after.astimezone(ZoneInfo("America/Los_Angeles")).hour == 18
    days.send(message)
    Profile.objects.filter(pk=ana.pk).update(zone="Pacific/Honolulu")
    tell_due()
    days.send(days.posted()[0], late=timedelta(hours=8))
    assert len(_told(ana)) == 1


def test_a_sponsor_hears_of_it_only_when_let_in_at_a_waking_hour_of_theirs(ana: User, bea: User) -> None:
    pat = factories.sponsor()
    pairing = story.paired(ana, pat, bea)
    Profile.objects.filter(pk=pat.pk).update(zone="Europe/Paris")
    days.remembered(ana, 29)
    days.next_day(ana)
    assert [message.recipient for message in days.posted()] == [ana]
    set_milestones(ana.profile, by=ana, wanted=True, sponsor_too=True)
    days.next_day(ana)
    (theirs,) = days.posted(topic="milestone_of_other")
    assert theirs.recipient == pat
    assert theirs.send_after.astimezone(ZoneInfo("Europe/Paris")).hour == 18
    assert days.send(theirs).state == OutboxState.SENT
    (letter,) = [one for one in _told(pat) if "worth" in one.subject]
    assert str(pairing.pk) in str(letter.body)
    assert ana.profile.first_name not in str(letter.body)


def test_a_sponsor_in_another_zone_hears_of_it_at_the_hours_of_that_zone(ana: User, rosa: User, bea: User) -> None:
    story.paired(ana, rosa, bea)
    days.remembered(ana, 29, sponsor_too=True)
    days.next_day(ana)
    mine = days.posted(topic="milestone")
    Profile.objects.filter(pk=rosa.pk).update(zone="America/Los_Angeles")
    assert days.posted() == mine
    assert tell_due() == 1
    assert days.posted(topic="milestone") == mine
    (theirs,) = days.posted(topic="milestone_of_other")
    assert theirs.send_after.astimezone(ZoneInfo("America/Los_Angeles")).hour == 18
    assert days.send(theirs).state == OutboxState.SENT


def test_a_coordinator_and_the_person_one_sponsors_hear_nothing(ana: User, rosa: User, bea: User) -> None:
    story.paired(ana, rosa, bea)
    days.remembered(rosa, 29, sponsor_too=True)
    days.next_day(rosa)
    assert [message.recipient for message in days.posted()] == [rosa]


def test_one_click_switches_these_mails_off_for_each_alone(ana: User, rosa: User, bea: User) -> None:
    story.paired(ana, rosa, bea)
    days.remembered(ana, 29, sponsor_too=True)
    set_notice(ana, NoticeKind.DATES, wanted=False)
    days.next_day(ana)
    mine, theirs = days.posted(topic="milestone")[0], days.posted(topic="milestone_of_other")[0]
    assert (days.send(mine).state, days.send(mine).trouble) == (OutboxState.MISSED, "unwanted")
    assert days.send(theirs).state == OutboxState.SENT


def test_who_is_suspended_is_told_nothing(ana: User) -> None:
    days.remembered(ana, 29)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    clock.move_on(timedelta(days=2))
    assert tell_due() == 0
    assert not days.posted()


def test_a_fellowship_says_which_milestones_it_adds(db: None) -> None:
    na = factories.fellowship("na", name="NA", date_words={"en": "clean date"}, extra_milestone_months=[18])
    jay = factories.newcomer(fellowship=na)
    began = days.dated(jay, 400)
    days.remembered(jay, 400)
    days_ahead = {MilestonePlan.objects.get().next_at}
    while not days.posted():
        clock.move_on(MilestonePlan.objects.get().next_at - clock.now() + days.SOON)
        tell_due()
        days_ahead.add(MilestonePlan.objects.get().next_at)
    told_on = days.posted()[0].send_after.astimezone(NEW_YORK).date()
    assert (told_on.year - began.year) * 12 + told_on.month - began.month == 18
    assert len(days_ahead) > 3, "no plan sleeps for months"


def test_where_there_is_no_date_nothing_can_be_remembered(ana: User, olga: User) -> None:
    with pytest.raises(TooLate):
        set_milestones(ana.profile, by=ana, wanted=True)
    al_anon = factories.fellowship("al-anon", name="Al-Anon", date_words={})
    Profile.objects.filter(pk=ana.pk).update(fellowship=al_anon, recovery_date="2020-01-01")
    with pytest.raises(TooLate):
        set_milestones(ana.profile, by=ana, wanted=True)
    with pytest.raises(NotAllowed):
        set_milestones(ana.profile, by=olga, wanted=True)


def test_a_wish_is_written_down_without_content_and_only_when_it_changes(ana: User) -> None:
    days.remembered(ana, 29)
    set_milestones(ana.profile, by=ana, wanted=True)
    set_milestones(ana.profile, by=ana, wanted=True, sponsor_too=True)
    set_milestones(ana.profile, by=ana, wanted=False)
    set_milestones(ana.profile, by=ana, wanted=False)
    entries = AuditEntry.objects.filter(verb__startswith="milestones.").order_by("pk")
    assert [entry.verb for entry in entries] == ["milestones.wanted", "milestones.changed", "milestones.unwanted"]
    assert {str(entry.ids) for entry in entries} == {"{}"}


def test_one_that_cannot_be_reckoned_does_not_hold_up_the_others(ana: User, olga: User) -> None:
    days.remembered(ana, 29)
    days.remembered(olga, 29)
    Profile.objects.filter(pk=ana.pk).update(zone="Nowhere/Land")
    clock.move_on(timedelta(days=1))
    assert tell_due() == 1
    assert [message.recipient for message in days.posted()] == [olga]
    assert MilestonePlan.objects.get(member=ana).next_at > clock.now()


def test_the_queries_of_a_tick_grow_with_what_is_due_and_not_with_who_is_there(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L3 for the tick: plans that are only looked at cost no query each."""
    for _ in range(20):
        days.remembered(factories.newcomer(), 40)
    MilestonePlan.objects.update(next_at=clock.now())
    with CaptureQueriesContext(connection) as seen:
        assert tell_due() == 0
    assert len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]) == 3
    with CaptureQueriesContext(connection) as seen:
        tell_due()
    assert len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]) <= 2
    monkeypatch.setattr(milestones, "BATCH", 6)
    MilestonePlan.objects.update(next_at=clock.now())
    tell_due()
    assert MilestonePlan.objects.filter(next_at__lte=clock.now()).count() == 0, "batch by batch"


def test_a_plan_looks_ahead_to_its_day_or_a_month(ana: User) -> None:
    plan = days.remembered(ana, 400)
    assert plan.next_at - clock.now() <= LOOK_AGAIN
    plan = days.remembered(ana, 29)
    assert plan.next_at.astimezone(NEW_YORK).hour == 0
    assert OutboxMessage.objects.filter(topic="milestone").count() == 0
    assert plan.next_at.tzinfo is UTC or plan.next_at.utcoffset() == timedelta()
