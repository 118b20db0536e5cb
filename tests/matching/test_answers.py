"""An answer may be corrected; a talk counts once, whoever tells of it; help reaches exactly those who were allowed."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from accounts import clock
from accounts.models import Profile, User
from matching.actions.checkins import answer_checkin, next_waking_moment, remind_due
from matching.actions.errors import NotAllowed, TooLate
from matching.models import Answer, CheckIn, CheckInPlan, OutboxMessage, Pairing, ServiceEntry
from matching.notices import NOTICES
from matching.states import CheckInState
from tests import factories
from tests.matching import story
from tests.matching.race import race


@pytest.fixture
def asked(ana: User, rosa: User, bea: User) -> Pairing:
    """Both were asked a moment ago."""
    pairing = story.paired(ana, rosa, bea)
    clock.move_on(timedelta(days=2))
    story.due_now()
    assert remind_due() == 2
    return pairing


def _question(of: User) -> CheckIn:
    return CheckIn.objects.filter(member=of)[0]


def _answer(by: User, answer: Answer) -> CheckIn:
    return answer_checkin(_question(by), answer, by=by)


def _helped() -> set[tuple[str, User]]:
    messages = OutboxMessage.objects.filter(topic__startswith="help_asked").select_related("recipient")
    return {(one.topic, one.recipient) for one in messages}


def test_the_two_answer_apart(asked: Pairing, ana: User, rosa: User) -> None:
    _answer(ana, Answer.NOT_YET)
    assert (_question(ana).answer, _question(ana).state) == (Answer.NOT_YET, CheckInState.ANSWERED)
    assert (_question(rosa).answer, _question(rosa).state) == ("", CheckInState.OPEN)
    assert list(CheckIn.objects.of(rosa)) == [_question(rosa)]


def test_nobody_answers_for_the_other(asked: Pairing, ana: User, rosa: User) -> None:
    with pytest.raises(NotAllowed):
        answer_checkin(_question(ana), Answer.TALKED, by=rosa)


def test_a_talk_counts_once_for_the_sponsor_when_both_tell_of_it(asked: Pairing, ana: User, rosa: User) -> None:
    _answer(ana, Answer.TALKED)
    _answer(rosa, Answer.TALKED)
    _answer(rosa, Answer.TALKED)
    entry = ServiceEntry.objects.get()
    assert (entry.member, entry.kind, entry.on) == (rosa, "contact", clock.today("America/New_York"))


def test_a_corrected_answer_corrects_the_count(asked: Pairing, ana: User, rosa: User) -> None:
    _answer(ana, Answer.TALKED)
    _answer(ana, Answer.NOT_YET)
    assert not ServiceEntry.objects.exists()
    _answer(ana, Answer.TALKED)
    assert ServiceEntry.objects.count() == 1


def test_a_corrected_answer_leaves_what_the_other_still_says(asked: Pairing, ana: User, rosa: User) -> None:
    _answer(ana, Answer.TALKED)
    _answer(rosa, Answer.TALKED)
    _answer(ana, Answer.NOT_YET)
    assert ServiceEntry.objects.count() == 1
    _answer(rosa, Answer.NOT_YET)
    assert not ServiceEntry.objects.exists()


def test_an_older_question_cannot_be_answered_once_a_newer_is_out(asked: Pairing, ana: User) -> None:
    old = _question(ana)
    clock.move_on(timedelta(days=1))
    story.due_now()
    remind_due()
    with pytest.raises(TooLate):
        answer_checkin(old, Answer.TALKED, by=ana)


@pytest.mark.parametrize(
    ("sponsor", "coordinator", "expected"),
    [
        (False, False, set()),
        (True, False, {"help_asked"}),
        (False, True, {"help_asked_office"}),
        (True, True, {"help_asked", "help_asked_office"}),
    ],
)
def test_help_tells_exactly_those_who_were_allowed(
    asked: Pairing, ana: User, rosa: User, bea: User, sponsor: bool, coordinator: bool, expected: set[str]
) -> None:
    CheckInPlan.objects.filter(member=ana).update(help_sponsor=sponsor, help_coordinator=coordinator)
    _answer(ana, Answer.HELP)
    who = {"help_asked": rosa, "help_asked_office": bea}
    assert _helped() == {(topic, who[topic]) for topic in expected}


def test_a_sponsor_who_needs_help_never_burdens_the_person_they_sponsor(asked: Pairing, rosa: User, bea: User) -> None:
    CheckInPlan.objects.filter(member=rosa).update(help_sponsor=True, help_coordinator=True)
    _answer(rosa, Answer.HELP)
    assert _helped() == {("help_asked_office", bea)}


def test_a_sponsor_who_coordinates_is_told_as_the_sponsor_only(asked: Pairing, ana: User, rosa: User) -> None:
    rosa.coordinating.create(intergroup=factories.intergroup(), starts_on="2020-01-01", ends_on="2999-01-01")
    CheckInPlan.objects.filter(member=ana).update(help_coordinator=True)
    _answer(ana, Answer.HELP)
    assert ("help_asked_office", rosa) not in _helped()


def test_help_pressed_twice_tells_once_and_help_again_after_a_correction_tells_again(
    asked: Pairing, ana: User, rosa: User
) -> None:
    CheckInPlan.objects.filter(member=ana).update(help_sponsor=True)
    _answer(ana, Answer.HELP)
    _answer(ana, Answer.HELP)
    assert OutboxMessage.objects.filter(topic="help_asked").count() == 1
    _answer(ana, Answer.NOT_YET)
    _answer(ana, Answer.HELP)
    assert OutboxMessage.objects.filter(topic="help_asked").count() == 2


def test_a_slip_of_the_finger_corrected_calls_nobody(asked: Pairing, ana: User) -> None:
    CheckInPlan.objects.filter(member=ana).update(help_coordinator=True)
    _answer(ana, Answer.HELP)
    where = NOTICES["help_asked_office"].where
    ids = OutboxMessage.objects.get(topic="help_asked_office").ids
    assert where(ids) is not None
    _answer(ana, Answer.NOT_YET)
    assert where(ids) is None


def test_a_sponsor_is_not_woken(asked: Pairing, rosa: User) -> None:
    """In some zone it is night at any moment: the message waits for nine o'clock there."""
    seen = set()
    for shift in range(-11, 13):
        zone = f"Etc/GMT{shift:+d}"
        Profile.objects.filter(pk=rosa.pk).update(zone=zone)
        local = next_waking_moment(rosa.pk).astimezone(ZoneInfo(zone))
        awake = 9 <= clock.now().astimezone(local.tzinfo).hour < 21
        seen.add(awake)
        assert 9 <= local.hour < 21
        assert awake or (local.hour, local.minute) == (9, 0)
        assert timedelta(0) <= local - clock.now() + timedelta(seconds=5) < timedelta(hours=12, minutes=1)
    assert seen == {True, False}


@pytest.mark.django_db(transaction=True)
def test_answers_and_corrections_of_both_at_once_leave_the_count_right() -> None:
    rosa = factories.sponsor()
    pairing = story.paired_at_once(rosa)
    clock.move_on(timedelta(days=2))
    story.due_now()
    remind_due()
    ana = pairing.sponsee
    for last in (Answer.NOT_YET, Answer.TALKED):
        answers = [Answer.TALKED, Answer.NOT_YET] * 3
        said = race([partial(_answer, by, answer) for answer in answers for by in (ana, rosa)])
        assert not [one for one in said if isinstance(one, Exception)]
        _answer(ana, last)
        _answer(rosa, Answer.NOT_YET)
        assert ServiceEntry.objects.count() == (1 if last == Answer.TALKED else 0)
