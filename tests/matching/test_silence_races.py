"""C: contact and the tick meet at one pairing: a pair that was just heard of is never left flagged."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from accounts import clock
from accounts.models import AuditEntry
from matching.actions.checkins import answer_checkin, remind_due
from matching.actions.notice_wishes import set_notice
from matching.actions.pairings import change_plan, end_pairing
from matching.actions.silence import answer_change, watch
from matching.models import Answer, ChangeAnswer, ChangeAsk, CheckIn, CheckInPlan, NoticeKind, OutboxMessage, Pairing
from tests import factories
from tests.matching import story
from tests.matching.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def pairs(count: int) -> list[Pairing]:
    rosa = factories.sponsor(side={"seats": 8})
    return [story.paired_at_once(rosa) for _ in range(count)]


def trouble(answers: list[object]) -> list[object]:
    return [one for one in answers if isinstance(one, Exception)]


def test_five_ticks_at_once_flag_and_ask_each_pair_once() -> None:
    pairings = pairs(6)
    clock.move_on(timedelta(days=8))
    assert trouble(race([watch] * 5)) == []
    assert Pairing.objects.filter(quiet_at__isnull=False).count() == 6
    assert AuditEntry.objects.filter(verb="pairing.quiet").count() == 6
    clock.move_on(timedelta(days=8))
    assert trouble(race([watch] * 5)) == []
    assert ChangeAsk.objects.count() == 12
    assert OutboxMessage.objects.filter(topic="would_you_change").count() == 12
    assert len(pairings) == 6


def test_contact_told_of_while_the_tick_looks_always_wins(long: bool) -> None:
    for _ in range(20 if long else 4):
        made = pairs(4)
        clock.move_on(timedelta(days=8))
        story.due_now()
        remind_due()
        mine = [CheckIn.objects.get(pairing=one, member=one.sponsee_id) for one in made]
        tells = [partial(answer_checkin, one, Answer.TALKED, by=one.member) for one in mine]
        assert trouble(race([*tells, *[watch] * 3])) == []
        watch()
        assert not Pairing.objects.filter(pk__in=[one.pk for one in made], quiet_at__isnull=False).exists()


def test_everything_that_touches_a_pair_at_once_waits_for_nobody_for_ever() -> None:
    made = pairs(6)
    for _ in range(2):
        clock.move_on(timedelta(days=8))
        watch()
    clock.move_on(timedelta(days=1))
    story.due_now()
    remind_due()
    runs: list[Callable[[], object]] = []
    kept = {"cadence": "weekly", "hour": 9, "help_sponsor": False, "help_coordinator": False}
    for one in made:
        plan = CheckInPlan.objects.get(pairing=one, member=one.sponsee_id)
        runs.append(partial(change_plan, plan, by=one.sponsee, **kept))  # type: ignore[arg-type]
        ask = ChangeAsk.objects.get(pairing=one, member=one.sponsor_id)
        runs.append(partial(answer_change, ask, ChangeAnswer.WELL, by=one.sponsor))
        runs.append(partial(set_notice, one.sponsee, NoticeKind.CHECK_INS, wanted=False))
    runs += [partial(answer_checkin, CheckIn.objects.filter(pairing=made[0])[0], Answer.TALKED, by=made[0].sponsor)]
    ends = [partial(end_pairing, one, by=one.sponsee) for one in made[4:]]
    answers = race([*runs, *ends, watch, remind_due, watch, remind_due])
    assert [one for one in trouble(answers) if type(one).__name__ not in ("TooLate", "NotAllowed")] == []
    assert not Pairing.objects.live().filter(quiet_at__isnull=False).exists()


def test_control_a_flag_set_without_looking_again_stays_after_a_contact() -> None:
    """The negative control: what a tick would do that had read the pair before it was heard of, and writes blindly."""
    (pairing,) = pairs(1)
    clock.move_on(timedelta(days=8))
    story.due_now()
    remind_due()
    stale = Pairing.objects.get(pk=pairing.pk)
    checkin = CheckIn.objects.get(member=pairing.sponsee_id)
    answer_checkin(checkin, Answer.TALKED, by=checkin.member)
    if stale.contact_at is None:
        Pairing.objects.filter(pk=pairing.pk).update(quiet_at=clock.now())
    assert Pairing.objects.filter(pk=pairing.pk, quiet_at__isnull=False).exists()
