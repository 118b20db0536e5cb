"""A pair that nobody heard of counts as quiet after a week, or twice the time between its questions."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from accounts import clock
from accounts.models import AuditEntry, Profile, User
from matching.actions.checkins import answer_checkin, remind_due
from matching.actions.digests import choose_digest
from matching.actions.notice_wishes import set_notice
from matching.actions.pairings import change_plan, end_pairing
from matching.actions.silence import watch
from matching.models import Answer, CheckIn, CheckInPlan, NoticeKind, Pairing
from tests.matching import story

DAY = timedelta(days=1)
KEPT: dict[str, Any] = {"hour": 18, "help_sponsor": False, "help_coordinator": False}


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


def quiet(pairing: Pairing) -> datetime | None:
    """Since when it is quiet, after the tick has looked."""
    watch()
    pairing.refresh_from_db()
    return pairing.quiet_at


def becomes_quiet_after(pairing: Pairing, days: float) -> bool:
    """Not an hour before so many days from now, and an hour after."""
    clock.move_on(timedelta(days=days, hours=-1))
    before = quiet(pairing)
    clock.move_on(timedelta(hours=2))
    return before is None and quiet(pairing) is not None


def cadences(pairing: Pairing, sponsee: str, sponsor: str) -> None:
    for member_id, cadence in ((pairing.sponsee_id, sponsee), (pairing.sponsor_id, sponsor)):
        plan = CheckInPlan.objects.get(pairing=pairing, member=member_id)
        change_plan(plan, by=plan.member, cadence=cadence, **KEPT)


def answered(pairing: Pairing, answer: Answer, by: User) -> CheckIn:
    """Somebody is asked now and answers."""
    story.due_now()
    remind_due()
    return answer_checkin(CheckIn.objects.filter(member=by)[0], answer, by=by)


def test_a_week_without_contact_and_the_pair_is_quiet(pairing: Pairing) -> None:
    assert becomes_quiet_after(pairing, 7)
    assert pairing.quiet_at is not None
    assert abs(clock.now() - pairing.quiet_at) < timedelta(minutes=1)
    entry = AuditEntry.objects.get(verb="pairing.quiet")
    assert (entry.actor, entry.target_id) == (None, str(pairing.pk))


def test_nothing_happens_twice(pairing: Pairing) -> None:
    assert becomes_quiet_after(pairing, 7)
    since = pairing.quiet_at
    for _ in range(3):
        clock.move_on(timedelta(hours=5))
        assert quiet(pairing) == since
    assert AuditEntry.objects.filter(verb="pairing.quiet").count() == 1


@pytest.mark.parametrize(
    ("sponsee", "sponsor", "days"),
    [
        ("daily", "daily", 7),
        ("weekly", "weekly", 14),
        ("weekly", "daily", 7),
        ("none", "weekly", 14),
        ("weekly", "none", 14),
        ("none", "daily", 7),
    ],
)
def test_the_one_who_is_asked_more_often_decides(pairing: Pairing, sponsee: str, sponsor: str, days: int) -> None:
    cadences(pairing, sponsee, sponsor)
    assert becomes_quiet_after(pairing, days)


@pytest.mark.parametrize(("day", "wait"), [(40, 7), (100, 14), (400, 60)])
def test_the_usual_rhythm_grows_slower_and_so_does_the_silence(pairing: Pairing, day: int, wait: int) -> None:
    """Twice a week, weekly, monthly: each asked twice before anything is made of it."""
    clock.move_on(day * DAY)
    answered(pairing, Answer.TALKED, pairing.sponsee)
    assert becomes_quiet_after(pairing, wait)


def test_who_is_asked_half_as_often_since_nothing_came_is_given_twice_the_time(pairing: Pairing) -> None:
    cadences(pairing, "weekly", "none")
    CheckInPlan.objects.filter(member=pairing.sponsee).update(unanswered=3)
    assert becomes_quiet_after(pairing, 28)


def test_a_pair_of_which_neither_is_asked_is_never_quiet(pairing: Pairing) -> None:
    cadences(pairing, "none", "none")
    clock.move_on(400 * DAY)
    assert quiet(pairing) is None


def test_a_pair_that_pauses_counts_from_when_the_first_is_back(pairing: Pairing, ana: User, rosa: User) -> None:
    today = clock.today("America/New_York")
    for member, days in ((ana, 30), (rosa, 60)):
        plan = CheckInPlan.objects.get(member=member)
        change_plan(plan, by=member, cadence="daily", paused_until=today + days * DAY, **KEPT)
    watch()
    clock.move_on(29 * DAY)
    assert quiet(pairing) is None
    back = datetime.combine(today + 30 * DAY, datetime.min.time(), tzinfo=ZoneInfo("America/New_York"))
    clock.move_on(back - clock.now() + timedelta(minutes=1))
    assert quiet(pairing) is None
    assert pairing.count_from is not None
    assert abs(pairing.count_from - back) < timedelta(minutes=5)
    assert becomes_quiet_after(pairing, 7)


def test_one_who_pauses_leaves_it_to_the_other(pairing: Pairing, ana: User) -> None:
    cadences(pairing, "daily", "weekly")
    until = clock.today("America/New_York") + 40 * DAY
    change_plan(CheckInPlan.objects.get(member=ana), by=ana, cadence="daily", paused_until=until, **KEPT)
    assert becomes_quiet_after(pairing, 14)


def test_a_quiet_pair_that_asks_for_a_pause_is_quiet_no_more(pairing: Pairing) -> None:
    assert becomes_quiet_after(pairing, 7)
    cadences(pairing, "none", "none")
    assert quiet(pairing) is None
    assert pairing.count_from is None


def test_silence_of_somebody_who_gets_no_mails_says_nothing(pairing: Pairing, ana: User, rosa: User) -> None:
    """The questions stand on their page, where they may simply not have been seen."""
    cadences(pairing, "daily", "weekly")
    set_notice(ana, NoticeKind.CHECK_INS, wanted=False)
    assert becomes_quiet_after(pairing, 14)
    set_notice(rosa, NoticeKind.CHECK_INS, wanted=False)
    assert quiet(pairing) is None
    clock.move_on(100 * DAY)
    assert quiet(pairing) is None
    set_notice(ana, NoticeKind.CHECK_INS, wanted=True)
    assert quiet(pairing) is None
    assert becomes_quiet_after(pairing, 7)


def test_questions_that_were_not_mailed_are_not_counted_as_unanswered(pairing: Pairing, ana: User, rosa: User) -> None:
    set_notice(ana, NoticeKind.CHECK_INS, wanted=False)
    choose_digest(rosa, weekday=6, hour=18)
    for _ in range(6):
        clock.move_on(DAY)
        story.due_now()
        assert remind_due() == 2
    assert set(CheckInPlan.objects.values_list("unanswered", flat=True)) == {0}
    assert CheckIn.objects.filter(member=ana).count() == 6


def test_a_suspended_member_leaves_it_to_the_other(pairing: Pairing, ana: User) -> None:
    cadences(pairing, "daily", "weekly")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert becomes_quiet_after(pairing, 14)


def test_a_letter_a_week_is_a_question_a_week(pairing: Pairing, rosa: User) -> None:
    cadences(pairing, "none", "daily")
    choose_digest(rosa, weekday=6, hour=18)
    assert becomes_quiet_after(pairing, 14)


@pytest.mark.parametrize("by_sponsor", [True, False])
def test_we_talked_ends_it_whoever_says_so(pairing: Pairing, ana: User, rosa: User, by_sponsor: bool) -> None:
    assert becomes_quiet_after(pairing, 7)
    checkin = answered(pairing, Answer.TALKED, rosa if by_sponsor else ana)
    assert quiet(pairing) is None
    assert pairing.contact_at == checkin.answered_at
    assert becomes_quiet_after(pairing, 7)


@pytest.mark.parametrize("answer", [Answer.NOT_YET, Answer.HELP])
def test_no_other_answer_ends_it(pairing: Pairing, ana: User, answer: Answer) -> None:
    assert becomes_quiet_after(pairing, 7)
    since = pairing.quiet_at
    answered(pairing, answer, ana)
    assert quiet(pairing) == since
    assert pairing.contact_at is None


def test_a_correction_brings_back_the_contact_told_of_before(pairing: Pairing, ana: User) -> None:
    clock.move_on(DAY)
    first = answered(pairing, Answer.TALKED, ana)
    clock.move_on(9 * DAY)
    assert quiet(pairing) is not None
    slip = answered(pairing, Answer.TALKED, ana)
    assert quiet(pairing) is None
    answer_checkin(slip, Answer.NOT_YET, by=ana)
    assert quiet(pairing) is not None
    assert pairing.contact_at == first.answered_at


def test_a_correction_of_the_only_contact_leaves_none(pairing: Pairing, ana: User) -> None:
    slip = answered(pairing, Answer.TALKED, ana)
    answer_checkin(slip, Answer.NOT_YET, by=ana)
    assert quiet(pairing) is None
    assert pairing.contact_at is None
    assert becomes_quiet_after(pairing, 7)


def test_a_pair_that_ended_is_not_quiet(pairing: Pairing, ana: User) -> None:
    assert becomes_quiet_after(pairing, 7)
    end_pairing(pairing, by=ana)
    assert quiet(pairing) is None
    clock.move_on(100 * DAY)
    assert quiet(pairing) is None
    assert pairing.look_at is None


def test_an_answer_that_comes_after_the_end_leaves_the_pair_in_peace(pairing: Pairing, ana: User) -> None:
    story.due_now()
    remind_due()
    checkin = CheckIn.objects.get(member=ana)
    end_pairing(pairing, by=ana)
    answer_checkin(checkin, Answer.TALKED, by=ana)
    pairing.refresh_from_db()
    assert (pairing.quiet_at, pairing.look_at) == (None, None)


def test_asking_more_often_again_brings_the_moment_forward(pairing: Pairing) -> None:
    cadences(pairing, "weekly", "weekly")
    clock.move_on(10 * DAY)
    assert quiet(pairing) is None
    cadences(pairing, "daily", "weekly")
    assert quiet(pairing) is not None


def test_one_that_cannot_be_looked_at_does_not_hold_up_the_others(pairing: Pairing, rosa: User) -> None:
    other = story.paired_at_once(rosa)
    Profile.objects.filter(pk=other.sponsee_id).update(zone="Mars/Olympus_Mons")
    clock.move_on(8 * DAY)
    assert quiet(pairing) is not None
    assert quiet(other) is None
    assert Pairing.objects.filter(pk=other.pk, look_at__gt=F("began_at")).exists()
