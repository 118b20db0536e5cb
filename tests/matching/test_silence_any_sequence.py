"""Whatever the two say and choose in any order, and however time passes: who is quiet is who was not heard of."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts import clock
from accounts.models import Profile, User
from matching.actions import silence
from matching.actions.checkins import answer_checkin, remind_due
from matching.actions.digests import choose_digest, give_up_digest
from matching.actions.errors import TooLate
from matching.actions.notice_wishes import set_notice
from matching.actions.pairings import change_plan, end_pairing
from matching.models import (
    Answer,
    Cadence,
    ChangeAnswer,
    ChangeAsk,
    CheckIn,
    CheckInPlan,
    Digest,
    NoticeKind,
    OutboxMessage,
    Pairing,
    UnwantedNotice,
)
from tests import factories
from tests.matching import story

DAY = timedelta(days=1)


def naive_pace(pairing: Pairing, plan: CheckInPlan) -> float | None:
    """In days; by hand, apart from what the tick goes by."""
    if plan.cadence == "none" or (plan.paused_until and plan.paused_until > factories.today()):
        return None
    if UnwantedNotice.objects.filter(member=plan.member, kind="check_ins").exists():
        return None
    age = (clock.today("UTC") - pairing.began_at.date()).days
    usual = 1 if age < 30 else 3.5 if age < 90 else 7 if age < 365 else 30
    days = {"daily": 1, "weekly": 7}.get(plan.cadence, usual) * (2 if plan.unanswered >= 3 else 1)
    weekly = plan.member_id == pairing.sponsor_id and Digest.objects.filter(pk=plan.member_id).exists()
    return max(days, 7) if weekly else days


def naive_wait(pairing: Pairing) -> timedelta | None:
    paces = [each for plan in pairing.plans.all() if (each := naive_pace(pairing, plan)) is not None]
    return timedelta(days=max(7, 2 * min(paces))) if paces else None


class Story(RuleBasedStateMachine):
    """Each example begins with the same pair, in UTC; refusals of what came too late are part of life."""

    pairing_id: Any

    @classmethod
    def begin(cls) -> None:
        cls.pairing_id = story.paired_at_once(factories.sponsor()).pk
        Profile.objects.update(zone="UTC")

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)
        clock.move_on(-clock.shift())

    @property
    def pairing(self) -> Pairing:
        return Pairing.objects.get(pk=self.pairing_id)

    def _one(self, sponsor: bool) -> User:
        return self.pairing.sponsor if sponsor else self.pairing.sponsee

    @rule(hours=st.sampled_from([3, 20, 50, 170, 340, 800]))
    def time_passes(self, hours: int) -> None:
        clock.move_on(timedelta(hours=hours))

    @rule(sponsor=st.booleans())
    def somebody_is_asked(self, sponsor: bool) -> None:
        story.due_now()
        if not self.pairing.is_live:
            CheckInPlan.objects.update(next_at=None)
        remind_due()

    @rule(sponsor=st.booleans(), answer=st.sampled_from(Answer))
    def answers(self, sponsor: bool, answer: Answer) -> None:
        member = self._one(sponsor)
        newest = CheckIn.objects.filter(member=member).first()
        if newest is not None:
            answer_checkin(newest, answer, by=member)

    @rule(sponsor=st.booleans(), cadence=st.sampled_from(Cadence), pause=st.sampled_from([None, None, 2, 40]))
    def chooses_how_to_be_asked(self, sponsor: bool, cadence: Cadence, pause: int | None) -> None:
        plan = CheckInPlan.objects.get(member=self._one(sponsor))
        until = None if pause is None else factories.today() + pause * DAY
        kept: dict[str, Any] = {"help_sponsor": False, "help_coordinator": False}
        change_plan(plan, by=plan.member, cadence=cadence, hour=18, paused_until=until, **kept)

    @rule(sponsor=st.booleans(), wanted=st.booleans())
    def switches_mails(self, sponsor: bool, wanted: bool) -> None:
        set_notice(self._one(sponsor), NoticeKind.CHECK_INS, wanted=wanted)

    @rule(on=st.booleans())
    def chooses_one_letter_a_week(self, on: bool) -> None:
        if on:
            choose_digest(self._one(True), weekday=6, hour=18)
        else:
            give_up_digest(self._one(True))

    @rule(sponsor=st.booleans(), answer=st.sampled_from(ChangeAnswer))
    def says_how_to_go_on(self, sponsor: bool, answer: ChangeAnswer) -> None:
        ask = ChangeAsk.objects.filter(member=self._one(sponsor)).first()
        if ask is not None:
            with suppress(TooLate):
                silence.answer_change(ask, answer, by=ask.member)

    @rule(sponsor=st.booleans(), really=st.sampled_from([False, False, False, True]))
    def ends_it(self, sponsor: bool, really: bool) -> None:
        if really:
            with suppress(TooLate):
                end_pairing(self.pairing, by=self._one(sponsor))

    @invariant()
    def the_tick_finds_the_quiet(self) -> None:
        silence.watch()
        pairing, now = self.pairing, clock.now()
        wait = naive_wait(pairing)
        if not pairing.is_live or wait is None:
            assert pairing.quiet_at is None
            return
        assert pairing.count_from is not None
        heard = max(pairing.count_from, pairing.contact_at or pairing.count_from)
        if pairing.quiet_at is None:
            assert now - heard < wait + timedelta(minutes=1)
        else:
            assert pairing.quiet_at - heard >= 7 * DAY

    @invariant()
    def contact_is_what_was_told(self) -> None:
        told = [one.answered_at for one in CheckIn.objects.filter(answer="talked") if one.answered_at]
        assert self.pairing.contact_at == max(told, default=None)

    @invariant()
    def each_is_asked_once_in_a_silence(self) -> None:
        messages = OutboxMessage.objects.filter(topic="would_you_change")
        asks = Counter(ChangeAsk.objects.values_list("member", "silence"))
        assert set(asks.values()) <= {1}
        assert messages.count() == len(asks)
        for message in messages:
            assert 9 <= message.send_after.hour < 21


def _play(examples: int, **more: Any) -> None:
    Story.begin()
    chosen = settings(
        max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), **more
    )
    run_state_machine_as_test(Story, settings=chosen)


@pytest.mark.django_db
def test_no_order_of_events_leaves_a_pair_wrongly_quiet(long: bool) -> None:
    _play(1000 if long else 40)


@pytest.mark.django_db
def test_control_a_contact_that_is_not_heard_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "heard", lambda checkin, *, before: None)
    with pytest.raises(AssertionError):
        _play(200, phases=[Phase.generate], report_multiple_bugs=False)
