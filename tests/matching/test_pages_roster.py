"""The page of "may we still send somebody new to you?": no sign-in, each answer can be taken back there."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import OPEN_END, Profile, Sponsor, User
from matching import tokens
from matching.models import NoticeKind
from tests.conftest import signed_in
from tests.matching import story
from tests.matching.test_pages_check_in import OUTING

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(rosa: User) -> User:
    Sponsor.objects.filter(pk=rosa.pk).update(confirmed_at=clock.now() - timedelta(days=31), asks=1)
    return rosa


def link(sponsor: User) -> str:
    return reverse("roster", args=[tokens.roster_token(sponsor.pk)])


def text_of(sponsor: User) -> str:
    return Client().get(link(sponsor)).content.decode()


def press(sponsor: User, answer: str, **more: str) -> int:
    """Without a cookie, and with the origin that browsers send under no-referrer."""
    visitor = Client(enforce_csrf_checks=True)
    return visitor.post(link(sponsor), {"answer": answer, **more}, headers={"origin": "null"}).status_code


def stands(sponsor: User) -> tuple[object, str, int]:
    side = Sponsor.objects.get(pk=sponsor.pk)
    return side.paused_until, side.pause_reason, side.asks


def test_a_visit_changes_nothing(asked: User) -> None:
    """S8."""
    before = Sponsor.objects.filter(pk=asked.pk).values().get()
    for visitor in (Client(), signed_in(asked)):
        for method in (visitor.get, visitor.head, visitor.options):
            method(link(asked))
    assert Sponsor.objects.filter(pk=asked.pk).values().get() == before


def test_yes_counts_from_now(asked: User) -> None:
    assert "May we still send somebody new to you?" in text_of(asked)
    assert press(asked, "yes") == 302
    assert stands(asked) == (None, "", 0)
    assert "Somebody new may come to you." in text_of(asked)
    assert clock.now() - (Sponsor.objects.get(pk=asked.pk).confirmed_at or OPEN_END) < timedelta(minutes=1)  # type: ignore[operator]


def test_a_pause_until_a_day_or_without_an_end(asked: User) -> None:
    until = clock.today("America/New_York") + timedelta(days=12)
    assert press(asked, "pause", until=until.isoformat()) == 302
    assert stands(asked) == (until, "chosen", 0)
    assert "Nobody new comes to you until" in text_of(asked)
    assert press(asked, "open", until="") == 302
    assert stands(asked) == (OPEN_END, "chosen", 0)
    assert "until you say so" in text_of(asked)
    assert press(asked, "yes") == 302
    assert stands(asked) == (None, "", 0)


def test_stepping_back_says_what_happens_and_can_be_taken_back(asked: User) -> None:
    pairing = story.paired_at_once(asked)
    assert "Whoever waits for your answer is sent on at once." in text_of(asked)
    assert press(asked, "back") == 302
    assert stands(asked) == (OPEN_END, "stepped_back", 0)
    assert "stays with you, and nothing changes between you" in text_of(asked)
    pairing.refresh_from_db()
    assert pairing.is_live
    assert press(asked, "yes") == 302
    assert stands(asked) == (None, "", 0)


@pytest.mark.parametrize(
    ("reason", "words"), [("unconfirmed", "We asked you a few times"), ("unanswered", "the time ran out")]
)
def test_a_pause_made_by_the_clock_is_undone_by_one_tap(rosa: User, reason: str, words: str) -> None:
    Sponsor.objects.filter(pk=rosa.pk).update(paused_until=OPEN_END, pause_reason=reason)
    assert "We have made a pause for you" in text_of(rosa)
    assert words in text_of(rosa)
    assert press(rosa, "yes") == 302
    assert stands(rosa) == (None, "", 0)


@pytest.mark.parametrize(
    "bad",
    [
        {"answer": ""},
        {"answer": "YES"},
        {"answer": "yes\x00"},
        {"answer": "pause", "until": ""},
        {"answer": "pause", "until": "2020-01-01"},
        {"answer": "pause", "until": "9999-12-31"},
        {"answer": "pause", "until": "2\0"},
    ],
)
def test_what_is_no_answer_changes_nothing(asked: User, bad: dict[str, str]) -> None:
    before = stands(asked)
    assert Client().post(link(asked), bad).status_code == 422
    assert stands(asked) == before


def test_the_page_tells_a_bystander_nothing(asked: User) -> None:
    """S10, S7."""
    visitor = signed_in(asked)
    for answer in ("", "yes", "open", "back"):
        if answer:
            press(asked, answer)
        reply = visitor.get(link(asked))
        text = reply.content.decode()
        assert "<title>Two Lights</title>" in text
        assert "<nav" not in text
        assert not [word for word in (*OUTING, "rosa") if word in text.lower()]
        assert reply["Referrer-Policy"] == "no-referrer"
        assert reply["Cache-Control"] == "no-store"


def test_links_that_are_altered_old_or_made_for_something_else(asked: User, ana: User) -> None:
    """S9."""
    good = tokens.roster_token(asked.pk)
    for token in (good[:-3], "x" + good, tokens.notice_token(asked.pk, NoticeKind.NEWS), "\u202e"):
        assert Client().post(reverse("roster", args=[token]), {"answer": "back"}).status_code == 404
    assert Client().get(reverse("check_in", args=[good])).status_code == 404
    assert Client().get(reverse("change_ask", args=[good])).status_code == 404
    url = link(asked)
    with time_machine.travel(clock.now() + tokens.ROSTER_LIFE + timedelta(minutes=1)):
        assert Client().post(url, {"answer": "back"}).status_code == 410
    assert press(ana, "yes") == 410
    User.objects.filter(pk=asked.pk).update(is_active=False)
    assert press(asked, "yes") == 410
    assert stands(asked)[1] == ""


def test_it_is_shown_in_the_sponsors_language_and_zone(asked: User) -> None:
    Profile.objects.filter(pk=asked.pk).update(zone="Pacific/Kiritimati")
    today = clock.today("Pacific/Kiritimati")
    assert press(asked, "pause", until=today.isoformat()) == 422
    assert press(asked, "pause", until=(today + timedelta(days=1)).isoformat()) == 302


def test_the_first_page_shows_the_same_question_and_the_pause_that_was_made(asked: User) -> None:
    browser = signed_in(asked)
    text = browser.get(reverse("home")).content.decode()
    assert "Are you still glad to sponsor?" in text
    assert "/r/" in text
    Sponsor.objects.filter(pk=asked.pk).update(paused_until=OPEN_END, pause_reason="unconfirmed")
    text = browser.get(reverse("home")).content.decode()
    assert "We have made a pause for you" in text
    assert "You pause until you say so." in text
    press(asked, "yes")
    assert "We have made a pause for you" not in browser.get(reverse("home")).content.decode()


def test_the_profile_knows_a_pause_without_an_end_and_a_step_back(asked: User) -> None:
    browser = signed_in(asked)
    assert browser.post(reverse("sponsor_pause"), {"open": "1"}).status_code == 302
    assert stands(asked) == (OPEN_END, "chosen", 0)
    assert "Nobody new is sent to you until you say so." in browser.get(reverse("profile")).content.decode()
    press(asked, "back")
    assert "I am glad to sponsor again" in browser.get(reverse("profile")).content.decode()
    assert browser.post(reverse("sponsor_confirm")).status_code == 302
    assert stands(asked) == (None, "", 0)
