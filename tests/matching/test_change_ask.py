"""After a long silence each of the two is asked, apart, what they would like; neither learns what the other said."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import clock
from accounts.models import AuditEntry, Profile, Sponsor, User
from accounts.models.audit import pseudonym
from matching.actions.checkins import answer_checkin, remind_due
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.pairings import change_plan, end_pairing
from matching.actions.retention import forget
from matching.actions.silence import answer_change, talked_with, watch
from matching.models import Answer, ChangeAnswer, ChangeAsk, CheckIn, CheckInPlan, OutboxMessage, Pairing
from matching.notices import letter
from tests import factories
from tests.matching import story

DAY = timedelta(days=1)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


@pytest.fixture
def asked(pairing: Pairing) -> Pairing:
    """Two weeks of silence."""
    for _ in range(2):
        clock.move_on(7 * DAY + timedelta(hours=1))
        watch()
    pairing.refresh_from_db()
    return pairing


def ask_of(member: User) -> ChangeAsk:
    return ChangeAsk.objects.filter(member=member)[0]


def posted(topic: str = "would_you_change") -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(topic=topic).select_related("recipient").order_by("posted_at"))


def test_both_are_asked_after_twice_that_time_and_not_before(pairing: Pairing, ana: User, rosa: User) -> None:
    clock.move_on(7 * DAY + timedelta(minutes=1))
    watch()
    clock.move_on(7 * DAY - timedelta(hours=1))
    watch()
    assert posted() == []
    clock.move_on(timedelta(hours=1, minutes=1))
    watch()
    watch()
    assert {one.recipient for one in posted()} == {ana, rosa}
    assert len({one.key for one in posted()}) == len(posted()) == 2


def test_nobody_is_asked_in_their_quiet_hours(pairing: Pairing, ana: User) -> None:
    plan = CheckInPlan.objects.get(member=ana)
    kept = {"cadence": "default", "hour": 18, "help_sponsor": False, "help_coordinator": False}
    change_plan(plan, by=ana, **kept, quiet_begins=20, quiet_ends=11)  # type: ignore[arg-type]
    Profile.objects.filter(pk=pairing.sponsor_id).update(zone="Asia/Tokyo")
    for _ in range(2):
        clock.move_on(7 * DAY + timedelta(hours=1))
        watch()
    for message in posted():
        zone = NEW_YORK if message.recipient == ana else ZoneInfo("Asia/Tokyo")
        start, end = (each.astimezone(zone) for each in (message.send_after, message.grace_until))
        begins, ends = (20, 11) if message.recipient == ana else (21, 9)
        assert ends <= start.hour < begins
        assert start.date() == end.date()
        assert (end.hour, end.minute) <= (begins, 0)


def test_whoever_pauses_gets_the_letter_when_they_are_back(pairing: Pairing, ana: User) -> None:
    until = clock.today("America/New_York") + 30 * DAY
    kept = {"cadence": "default", "hour": 18, "help_sponsor": False, "help_coordinator": False}
    change_plan(CheckInPlan.objects.get(member=ana), by=ana, **kept, paused_until=until)  # type: ignore[arg-type]
    for _ in range(2):
        clock.move_on(7 * DAY + timedelta(hours=1))
        watch()
    (mine,) = [one for one in posted() if one.recipient == ana]
    local = mine.send_after.astimezone(NEW_YORK)
    assert (local.date(), local.hour) == (until, 9)


def test_after_an_outage_there_is_time_between_the_flag_and_the_question(pairing: Pairing) -> None:
    clock.move_on(60 * DAY)
    watch()
    assert posted() == []
    clock.move_on(7 * DAY + timedelta(hours=1))
    watch()
    assert len(posted()) == 2


def test_contact_in_between_asks_nobody(asked: Pairing, ana: User) -> None:
    """The facts are read again when the letter is written."""
    story.due_now()
    remind_due()
    answer_checkin(CheckIn.objects.filter(member=ana)[0], Answer.TALKED, by=ana)
    assert [letter(one) for one in posted()] == [None, None]


def test_the_next_silence_asks_anew(asked: Pairing, ana: User, rosa: User) -> None:
    answer_change(ask_of(ana), ChangeAnswer.WELL, by=ana)
    for _ in range(2):
        clock.move_on(7 * DAY + timedelta(hours=1))
        watch()
    assert len(posted()) == 4
    assert ChangeAsk.objects.filter(member=ana).count() == 2
    assert ask_of(ana).answer == ""


def test_all_is_well_counts_anew_and_the_others_question_stays_as_it_is(asked: Pairing, ana: User, rosa: User) -> None:
    answer_change(ask_of(ana), ChangeAnswer.WELL, by=ana)
    asked.refresh_from_db()
    assert (asked.quiet_at, asked.change_asked_at) == (None, None)
    assert asked.count_from is not None
    assert abs(clock.now() - asked.count_from) < timedelta(minutes=1)
    assert (ask_of(rosa).answer, ask_of(rosa).answered_at) == ("", None)


@pytest.mark.parametrize("answer", [ChangeAnswer.CHANGE, ChangeAnswer.TALK])
def test_any_other_answer_leaves_the_pair_as_it_is(asked: Pairing, rosa: User, answer: ChangeAnswer) -> None:
    """A change is made by whoever wants it, on the pairing's page."""
    before = (asked.quiet_at, asked.change_asked_at, asked.state)
    answer_change(ask_of(rosa), answer, by=rosa)
    asked.refresh_from_db()
    assert (asked.quiet_at, asked.change_asked_at, asked.state) == before


def test_the_audit_tells_that_somebody_answered_and_not_what(asked: Pairing, ana: User) -> None:
    answer_change(ask_of(ana), ChangeAnswer.CHANGE, by=ana)
    entry = AuditEntry.objects.get(verb="change_ask.answered")
    assert (entry.actor, entry.member, entry.ids) == (pseudonym(ana.pk), pseudonym(ana.pk), {})


def test_only_coordinators_hear_of_a_wish_to_talk_and_not_one_of_the_two(asked: Pairing, ana: User, bea: User) -> None:
    factories.coordinator(factories.intergroup("hillside"))
    answer_change(ask_of(ana), ChangeAnswer.TALK, by=ana)
    assert [one.recipient for one in posted("talk_wanted")] == [bea]
    answer_change(ask_of(ana), ChangeAnswer.TALK, by=ana)
    assert len(posted("talk_wanted")) == 1


def test_a_sponsor_who_coordinates_learns_nothing_of_it(rosa: User, ana: User, bea: User) -> None:
    """Bea coordinates and sponsors: a wish to talk of the person she sponsors goes to others of the office."""
    Profile.objects.filter(pk=bea.pk).update(recovery_date=date(2010, 1, 1))
    sides = {"approved_at": clock.now(), "confirmed_at": clock.now(), "steps_worked": 12, "has_own_sponsor": True}
    Sponsor.objects.create(user=bea, **sides)
    pairing = story.paired_at_once(bea)
    other = factories.coordinator()
    now = clock.now()
    ask = ChangeAsk.objects.create(pairing=pairing, member=pairing.sponsee, silence=now, asked_at=now)
    answer_change(ask, ChangeAnswer.TALK, by=pairing.sponsee)
    assert [one.recipient for one in posted("talk_wanted")] == [other]
    assert not ChangeAsk.objects.waiting_for_office(bea).exists()
    assert ChangeAsk.objects.waiting_for_office(other).exists()
    with pytest.raises(NotAllowed):
        talked_with(ask, by=bea)


def test_a_coordinator_says_once_that_they_have_talked(asked: Pairing, ana: User, bea: User) -> None:
    answer_change(ask_of(ana), ChangeAnswer.TALK, by=ana)
    talked_with(ask_of(ana), by=bea)
    assert ask_of(ana).heard_by == bea.pk
    with pytest.raises(TooLate):
        talked_with(ask_of(ana), by=bea)
    assert letter(posted("talk_wanted")[0]) is None
    answer_change(ask_of(ana), ChangeAnswer.CHANGE, by=ana)
    answer_change(ask_of(ana), ChangeAnswer.TALK, by=ana)
    assert ChangeAsk.objects.waiting_for_office(bea).get() == ask_of(ana)


def test_a_wish_taken_back_waits_for_nobody(asked: Pairing, ana: User, bea: User) -> None:
    answer_change(ask_of(ana), ChangeAnswer.TALK, by=ana)
    answer_change(ask_of(ana), ChangeAnswer.WELL, by=ana)
    assert not ChangeAsk.objects.waiting_for_office(bea).exists()
    assert letter(posted("talk_wanted")[0]) is None


def test_nobody_answers_for_the_other_nor_after_the_end(asked: Pairing, ana: User, rosa: User) -> None:
    with pytest.raises(NotAllowed):
        answer_change(ask_of(ana), ChangeAnswer.WELL, by=rosa)
    end_pairing(asked, by=rosa)
    with pytest.raises(TooLate):
        answer_change(ask_of(ana), ChangeAnswer.WELL, by=ana)


def test_a_suspended_member_is_asked_nothing(pairing: Pairing, ana: User, rosa: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)
    for _ in range(2):
        clock.move_on(7 * DAY + timedelta(hours=1))
        watch()
    assert [one.recipient for one in posted()] == [rosa]


def test_answers_are_forgotten_after_ninety_days(asked: Pairing, ana: User) -> None:
    answer_change(ask_of(ana), ChangeAnswer.WELL, by=ana)
    clock.move_on(91 * DAY)
    forget()
    assert not ChangeAsk.objects.exists()


def test_the_moment_of_the_flag_names_the_silence(asked: Pairing, ana: User) -> None:
    stamp: datetime = ask_of(ana).silence
    assert stamp == asked.quiet_at
    assert all(f"{stamp:%Y%m%d%H%M%S%f}" in one.key for one in posted())
