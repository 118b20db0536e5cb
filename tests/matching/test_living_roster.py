"""Sponsors are asked whether they are still there, never at night; silence pauses them, and one tap undoes it."""

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from accounts import clock
from accounts.actions.sponsors import confirm_sponsor, pause_sponsor
from accounts.models import OPEN_END, AuditEntry, PauseReason, Policy, Profile, Sponsor, User
from accounts.models.audit import pseudonym
from matching.actions import roster as actions
from matching.actions.offers import accept_offer, decline_offer
from matching.actions.roster import ask_roster
from matching.models import CheckInPlan, OutboxMessage
from matching.notices import letter
from tests import factories
from tests.matching import story
from tests.matching.race import race

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
TOPICS = ("still_there", "still_there_again", "paused_unconfirmed", "paused_unanswered")


def side(sponsor: User) -> Sponsor:
    return Sponsor.objects.get(pk=sponsor.pk)


def last_yes(sponsor: User, days: float) -> None:
    """So many days ago."""
    Sponsor.objects.filter(pk=sponsor.pk).update(confirmed_at=clock.now() - timedelta(days=days))


def letters(sponsor: User) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(recipient=sponsor, topic__in=TOPICS).order_by("send_after"))


def topics(sponsor: User) -> list[str]:
    return [one.topic for one in letters(sponsor)]


def next_step(sponsor: User, late: timedelta = timedelta(seconds=1)) -> None:
    """Go to the moment for which the tick has planned to look again, and let it look."""
    ask_roster()
    due = side(sponsor).ask_next_at
    assert due is not None
    clock.move_on(due - clock.now() + late)
    ask_roster()


@pytest.mark.parametrize(("days", "asked"), [(29.9, False), (30.1, True), (200, True)])
def test_a_sponsor_is_asked_five_days_before_their_yes_runs_out(rosa: User, days: float, asked: bool) -> None:
    last_yes(rosa, days)
    assert ask_roster() == int(asked)
    assert (side(rosa).ask_next_at is not None) is asked
    assert letters(rosa) == []


def test_the_intergroup_says_how_long_a_yes_counts(rosa: User) -> None:
    Policy.objects.update(confirm_days=60)
    last_yes(rosa, 50)
    assert ask_roster() == 0
    last_yes(rosa, 56)
    assert ask_roster() == 1


def test_three_letters_two_days_apart_then_a_kind_pause(rosa: User) -> None:
    last_yes(rosa, 30.1)
    for _ in range(4):
        next_step(rosa)
    assert topics(rosa) == ["still_there", "still_there_again", "still_there_again", "paused_unconfirmed"]
    days = [one.send_after.astimezone(NEW_YORK) for one in letters(rosa)]
    assert {moment.hour for moment in days} == {18}
    assert [(after.date() - before.date()).days for before, after in pairwise(days)] == [2, 2, 2]
    now = side(rosa)
    assert (now.paused_until, now.pause_reason, now.asks) == (OPEN_END, PauseReason.UNCONFIRMED, 0)
    entry = AuditEntry.objects.get(verb="sponsor.rested")
    assert (entry.actor, entry.member) == (None, pseudonym(rosa.pk))
    clock.move_on(100 * DAY)
    assert ask_roster() == 0


def test_nobody_is_paused_whose_yes_still_counts(rosa: User) -> None:
    last_yes(rosa, 30.1)
    for _ in range(4):
        next_step(rosa)
    assert clock.now() - (side(rosa).confirmed_at or clock.now()) > timedelta(days=35)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Kiritimati", "America/New_York", "Australia/Lord_Howe"])
def test_no_letter_comes_in_quiet_hours(rosa: User, zone: str) -> None:
    pairing = story.paired_at_once(rosa)
    Profile.objects.filter(pk=rosa.pk).update(zone=zone)
    CheckInPlan.objects.filter(pairing=pairing).update(quiet_begins=17, quiet_ends=11)
    last_yes(rosa, 31)
    for _ in range(4):
        next_step(rosa)
    for message in letters(rosa):
        start, end = (each.astimezone(ZoneInfo(zone)) for each in (message.send_after, message.grace_until))
        assert 11 <= start.hour < 17
        assert start < end <= start.replace(hour=17, minute=0, second=0)


def test_a_tick_that_comes_too_late_waits_for_the_next_evening(rosa: User) -> None:
    """Nothing is made up for, and what was not asked is not counted."""
    last_yes(rosa, 31)
    next_step(rosa, late=timedelta(hours=3, minutes=1))
    assert letters(rosa) == []
    assert side(rosa).asks == 0
    next_step(rosa)
    assert topics(rosa) == ["still_there"]


def test_an_outage_of_weeks_asks_first_and_pauses_nobody_at_once(rosa: User) -> None:
    last_yes(rosa, 90)
    next_step(rosa)
    assert topics(rosa) == ["still_there"]
    clock.move_on(30 * DAY)
    ask_roster()
    next_step(rosa)
    assert topics(rosa) == ["still_there", "still_there_again"]
    assert side(rosa).paused_until is None


def test_whoever_moved_is_not_woken(rosa: User) -> None:
    last_yes(rosa, 31)
    ask_roster()
    Profile.objects.filter(pk=rosa.pk).update(zone="Asia/Tokyo")
    next_step(rosa)
    assert letters(rosa) == []
    due = side(rosa).ask_next_at
    assert due is not None
    assert due.astimezone(ZoneInfo("Asia/Tokyo")).hour == 18


@pytest.mark.parametrize("said", ["yes", "pause", "back"])
def test_anything_they_say_ends_the_asking(rosa: User, said: str) -> None:
    last_yes(rosa, 31)
    next_step(rosa)
    message = letters(rosa)[0]
    assert letter(message) is not None
    if said == "yes":
        confirm_sponsor(side(rosa), by=rosa)
    elif said == "pause":
        pause_sponsor(side(rosa), until=None, by=rosa)
    else:
        actions.step_back(side(rosa), by=rosa)
    assert (side(rosa).asks, side(rosa).ask_next_at) == (0, None)
    assert letter(message) is None
    clock.move_on(3 * DAY)
    ask_roster()
    clock.move_on(3 * DAY)
    ask_roster()
    assert len(letters(rosa)) == 1


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_an_answer_to_an_offer_counts_as_being_there(rosa: User, ana: User, answer: object) -> None:
    """Yes or no: whoever wants nobody new has the pause right beside it."""
    last_yes(rosa, 31)
    Sponsor.objects.filter(pk=rosa.pk).update(asks=2, silent_offers=2)
    answer(story.offered(ana, rosa), by=rosa)  # type: ignore[operator]
    now = side(rosa)
    assert (now.asks, now.silent_offers, now.paused_until) == (0, 0, None)
    assert now.confirmed_at is not None
    assert clock.now() - now.confirmed_at < timedelta(minutes=1)


def test_a_no_with_a_pause_pauses(rosa: User, ana: User) -> None:
    until = factories.today() + 30 * DAY
    decline_offer(story.offered(ana, rosa), by=rosa, pause_until=until)
    assert (side(rosa).paused_until, side(rosa).pause_reason) == (until, PauseReason.CHOSEN)


def test_whoever_pauses_waits_for_approval_or_is_suspended_is_not_asked(db: None) -> None:
    old = clock.now() - 60 * DAY
    today = factories.today()
    paused = {"confirmed_at": old, "paused_until": today + 3 * DAY, "pause_reason": "chosen"}
    factories.sponsor(side=paused)
    factories.sponsor(side={"confirmed_at": old, "approved_at": None})
    gone = factories.sponsor(side={"confirmed_at": old})
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert ask_roster() == 0
    clock.move_on(4 * DAY)
    assert ask_roster() == 1


def test_stepping_back_sends_on_whoever_waits_and_keeps_the_pairs(rosa: User, ana: User) -> None:
    pairing = story.paired_at_once(rosa)
    ruth = factories.sponsor(first_name="Ruth")
    offer = story.offered(ana, rosa, ruth)
    actions.step_back(side(rosa), by=rosa)
    offer.refresh_from_db()
    pairing.refresh_from_db()
    assert offer.state == "declined"
    assert offer.request.offers.get(state="sent").sponsor == ruth
    assert pairing.is_live
    now = side(rosa)
    assert (now.paused_until, now.pause_reason) == (OPEN_END, PauseReason.STEPPED_BACK)
    assert now.approved_at is not None


def test_a_pause_that_ends_is_followed_by_the_question_that_evening(rosa: User) -> None:
    last_yes(rosa, 60)
    today = clock.today("America/New_York")
    Sponsor.objects.filter(pk=rosa.pk).update(paused_until=today + DAY, pause_reason="chosen")
    next_step(rosa)
    assert letters(rosa) == []
    next_step(rosa)
    (message,) = letters(rosa)
    local = message.send_after.astimezone(NEW_YORK)
    assert (local.date(), local.hour) == (today + DAY, 18)


def test_one_that_cannot_be_asked_does_not_hold_up_the_others(rosa: User) -> None:
    other = factories.sponsor()
    for sponsor in (rosa, other):
        last_yes(sponsor, 31)
    Profile.objects.filter(pk=rosa.pk).update(zone="Mars/Olympus_Mons")
    next_step(other)
    assert topics(other) == ["still_there"]
    assert topics(rosa) == []
    assert side(rosa).ask_next_at is not None


@pytest.mark.django_db(transaction=True)
def test_five_ticks_at_once_ask_everybody_once() -> None:
    """R5."""
    sponsors = [factories.sponsor() for _ in range(6)]
    for sponsor in sponsors:
        last_yes(sponsor, 31)
    race([ask_roster] * 5)
    for asks in (1, 2, 3):
        due = side(sponsors[0]).ask_next_at
        assert due is not None
        clock.move_on(due - clock.now() + timedelta(seconds=1))
        race([ask_roster] * 5)
        assert {one.asks for one in Sponsor.objects.all()} == {asks}
        assert OutboxMessage.objects.filter(topic__startswith="still_there").count() == 6 * asks


@pytest.mark.django_db(transaction=True)
def test_a_yes_at_the_moment_of_the_pause_is_never_overrun() -> None:
    sponsors = [factories.sponsor() for _ in range(6)]
    for sponsor in sponsors:
        last_yes(sponsor, 31)
    for _ in range(3):
        next_step(sponsors[0])
    due = side(sponsors[0]).ask_next_at
    assert due is not None
    clock.move_on(due - clock.now() + timedelta(seconds=1))

    def yes(sponsor: User) -> object:
        return lambda: confirm_sponsor(side(sponsor), by=sponsor)

    answers = race([*[yes(one) for one in sponsors], ask_roster, ask_roster])  # type: ignore[list-item]
    assert not [one for one in answers if isinstance(one, Exception)]
    assert not Sponsor.objects.filter(paused_until__isnull=False).exists()
