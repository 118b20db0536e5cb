"""One letter a week: when it comes, what it tells, and what it takes the place of."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import clock
from accounts.models import AuditEntry, Profile, User
from matching.actions.checkins import answer_checkin, remind_due
from matching.actions.digests import choose_digest, give_up_digest, write_digests
from matching.actions.notice_wishes import set_notice
from matching.actions.offers import accept_offer
from matching.actions.pairings import end_pairing
from matching.models import Answer, CheckIn, CheckInPlan, Digest, NoticeKind, OutboxMessage, Pairing
from matching.notices import letter
from tests import factories
from tests.conftest import signed_in
from tests.matching import story
from tests.matching.race import race

NEW_YORK = ZoneInfo("America/New_York")
SUNDAY = 6


@pytest.fixture
def pairings(db: None) -> list[Pairing]:
    """Rosa sponsors three people."""
    rosa = factories.sponsor(side={"seats": 8})
    return [story.paired_at_once(rosa) for _ in range(3)]


@pytest.fixture
def rosa(pairings: list[Pairing]) -> User:
    return pairings[0].sponsor


def asked() -> None:
    """A day went by and everybody is asked."""
    clock.move_on(timedelta(days=1))
    story.due_now()
    remind_due()


def to(member: User, topic: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(recipient=member, topic=topic).order_by("send_after"))


def until_due(member: User, late: timedelta = timedelta(seconds=1)) -> None:
    clock.move_on(Digest.objects.get(pk=member.pk).next_at - clock.now() + late)


def body(message: OutboxMessage) -> str:
    written = letter(message)
    assert written is not None
    return str(written.body)


def test_questions_no_longer_come_singly_and_still_stand_on_the_page(rosa: User, pairings: list[Pairing]) -> None:
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    asked()
    assert to(rosa, "check_in") == []
    assert CheckIn.objects.filter(member=rosa, state="open").count() == 3
    for pairing in pairings:
        assert len(to(pairing.sponsee, "check_in")) == 1


def test_a_question_posted_before_is_not_sent_singly_any_more(rosa: User, pairings: list[Pairing]) -> None:
    asked()
    assert letter(to(rosa, "check_in")[0]) is not None
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    assert letter(to(rosa, "check_in")[0]) is None
    assert letter(to(pairings[0].sponsee, "check_in")[0]) is not None


def test_what_a_sponsor_is_asked_about_their_own_sponsor_comes_as_before(rosa: User) -> None:
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    ruth = factories.sponsor(first_name="Ruth")
    own = accept_offer(story.held_out(story.looking(rosa), ruth, review=False), by=ruth).pairing
    asked()
    (message,) = to(rosa, "check_in")
    assert CheckIn.objects.get(pk=message.ids["checkin"]).pairing == own
    assert letter(message) is not None


def test_it_comes_on_the_day_and_hour_in_their_zone_and_once(rosa: User) -> None:
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    asked()
    until_due(rosa)
    assert write_digests() == 1
    assert write_digests() == 0
    (message,) = to(rosa, "digest")
    local = message.send_after.astimezone(NEW_YORK)
    assert (local.weekday(), local.hour, local.minute) == (SUNDAY, 18, 0)
    assert message.grace_until.astimezone(NEW_YORK).hour == 21
    assert Digest.objects.get().next_at - message.send_after in {timedelta(days=7, hours=shift) for shift in (-1, 0, 1)}


def test_it_tells_how_many_wait_when_it_is_written(rosa: User) -> None:
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    asked()
    until_due(rosa)
    write_digests()
    (message,) = to(rosa, "digest")
    assert "3 short questions wait for you." in body(message)
    assert reverse("questions") in body(message)
    mine = list(CheckIn.objects.filter(member=rosa, state="open"))
    for checkin in mine[:2]:
        answer_checkin(checkin, Answer.NOT_YET, by=rosa)
    assert "1 short question waits for you." in body(message)
    answer_checkin(mine[2], Answer.TALKED, by=rosa)
    assert letter(message) is None


def test_it_counts_in_the_language_of_its_reader(rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(language="es")
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    asked()
    until_due(rosa)
    write_digests()
    message = OutboxMessage.objects.select_related("recipient").get(topic="digest")
    with translation.override("fr"):
        assert "3 preguntas" in body(message)


def test_pairs_that_ended_are_not_counted(rosa: User, pairings: list[Pairing]) -> None:
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    asked()
    end_pairing(pairings[0], by=rosa)
    until_due(rosa)
    write_digests()
    assert "2 short questions" in body(to(rosa, "digest")[0])


def test_one_that_was_not_written_in_time_is_not_made_up_for(rosa: User) -> None:
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    for _ in range(2):
        until_due(rosa, late=timedelta(hours=3, minutes=1))
        write_digests()
    assert to(rosa, "digest") == []
    assert Digest.objects.get().next_at > clock.now()


def test_quiet_hours_laid_over_it_later_move_it_out_of_them(rosa: User) -> None:
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    plan = CheckInPlan.objects.filter(member=rosa)[0]
    CheckInPlan.objects.filter(pk=plan.pk).update(quiet_begins=17, quiet_ends=8)
    until_due(rosa)
    write_digests()
    assert to(rosa, "digest") == []
    until_due(rosa)
    write_digests()
    assert to(rosa, "digest")[0].send_after.astimezone(NEW_YORK).hour == 9


def test_whoever_moved_is_not_woken(rosa: User) -> None:
    """18:00 in New York is 07:00 in Tokyo."""
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    Profile.objects.filter(pk=rosa.pk).update(zone="Asia/Tokyo")
    until_due(rosa)
    write_digests()
    assert to(rosa, "digest") == []
    assert Digest.objects.get().next_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 18


def test_switching_the_questions_off_stops_the_letter_too(rosa: User) -> None:
    choose_digest(rosa, weekday=SUNDAY, hour=18)
    asked()
    until_due(rosa)
    write_digests()
    set_notice(rosa, NoticeKind.CHECK_INS, wanted=False)
    assert letter(to(rosa, "digest")[0]) is None


def test_giving_it_up_brings_the_single_mails_back(rosa: User) -> None:
    choose_digest(rosa, weekday=2, hour=12)
    give_up_digest(rosa)
    give_up_digest(rosa)
    asked()
    assert len(to(rosa, "check_in")) == 3
    verbs = AuditEntry.objects.filter(member=rosa.pk, verb__startswith="digest.").order_by("pk")
    assert [entry.verb for entry in verbs] == ["digest.chosen", "digest.given_up"]


@pytest.mark.django_db(transaction=True)
def test_five_ticks_at_once_write_one_letter_to_each() -> None:
    sponsors = [factories.sponsor() for _ in range(5)]
    for sponsor in sponsors:
        choose_digest(sponsor, weekday=SUNDAY, hour=18)
    until_due(sponsors[0])
    counts = race([write_digests] * 5)
    assert sum(one for one in counts if isinstance(one, int)) == 5
    assert OutboxMessage.objects.filter(topic="digest").count() == 5


def choose(browser: Client, **values: str) -> int:
    return browser.post(reverse("digest"), {"weekday": "6", "hour": "18", **values}).status_code


def test_a_sponsor_chooses_it_among_their_mails(rosa: User) -> None:
    browser = signed_in(rosa)
    assert "One letter a week" in browser.get(reverse("notices")).content.decode()
    assert choose(browser) == 302
    digest = Digest.objects.get()
    assert (digest.weekday, digest.hour) == (6, 18)
    assert "Your next letter comes on Sunday" in browser.get(reverse("notices")).content.decode()
    assert browser.post(reverse("digest"), {"singly": "1"}).status_code == 302
    assert not Digest.objects.exists()


@pytest.mark.parametrize("bad", [{"hour": "22"}, {"hour": "24"}, {"weekday": "7"}, {"weekday": ""}, {"hour": "x\0"}])
def test_a_quiet_hour_or_nonsense_is_not_taken(rosa: User, bad: dict[str, str]) -> None:
    assert choose(signed_in(rosa), **bad) == 422
    assert not Digest.objects.exists()


def test_for_somebody_who_does_not_sponsor_it_does_not_exist(ana: User) -> None:
    browser = signed_in(ana)
    assert "One letter a week" not in browser.get(reverse("notices")).content.decode()
    assert choose(browser) == 404
