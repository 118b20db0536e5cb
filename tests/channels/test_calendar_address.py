"""The calendar's address: shown once, kept as a hash, renewed and switched off at a press, silent to strangers."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from accounts import clock, privacy
from accounts.models import AuditEntry, Profile, User
from matching.actions.calendar_feeds import make_feed
from matching.actions.checkins import remind_due
from matching.actions.pairings import change_plan, end_pairing
from matching.models import CalendarFeed, CheckIn, CheckInPlan, Pairing
from matching.queries.calendar import coming_check_ins
from recovery_match.logs import LEFT_OUT, Scrubbed
from tests import factories
from tests.conftest import signed_in
from tests.matching import story
from tests.security import snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evening() -> None:
    """Two hours past the usual hour: the four weeks that a calendar shows then hold 28 questions."""
    now = clock.now().astimezone(ZoneInfo("America/New_York"))
    clock.move_on((now + timedelta(days=1)).replace(hour=20, minute=0) - now)


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


def _fetch(token: str, **headers: str) -> "tuple[int, list[str]]":
    answer = Client().get(reverse("calendar_feed", args=[token]), headers=headers)
    if answer.status_code != 200:
        return answer.status_code, []
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    return 200, [event.DTSTART.isoformat() for event in calendar.events]


def _shown(page: str) -> list[str]:
    return re.findall(re.escape(settings.SITE_URL) + r"/calendar/([\w-]+)\.ics", page)


def test_the_calendar_holds_what_the_tick_then_does(ana: User, pairing: Pairing) -> None:
    """Four weeks, played: every question comes when the calendar said, and no other comes."""
    told = coming_check_ins(ana)
    assert len(told) == 28
    end = clock.now() + timedelta(days=27)
    while True:
        due = CheckInPlan.objects.get(member=ana).next_at
        assert due is not None
        if due > end:
            break
        clock.move_on(due - clock.now() + timedelta(seconds=1))
        assert coming_check_ins(ana)[0] > due
        remind_due()
        CheckInPlan.objects.update(unanswered=0)
    asked = list(CheckIn.objects.filter(member=ana).order_by("due_at").values_list("due_at", flat=True))
    assert asked == told[: len(asked)]
    assert len(asked) >= 26


def test_the_address_is_shown_once_and_only_its_hash_is_kept(ana: User, pairing: Pairing) -> None:
    client = signed_in(ana)
    (token,) = _shown(client.post(reverse("calendar")).content.decode())
    assert len(token) >= 43
    assert _shown(client.get(reverse("calendar")).content.decode()) == []
    assert not [table for table, rows in snapshot.take().items() if token in "".join(rows)]
    status, starts = _fetch(token)
    assert status == 200
    assert len(starts) == 28


def test_a_new_address_ends_the_one_before_and_a_press_ends_it_for_good(ana: User) -> None:
    client = signed_in(ana)
    old, new = (_shown(client.post(reverse("calendar")).content.decode())[0] for _ in range(2))
    assert (_fetch(old)[0], _fetch(new)[0]) == (404, 200)
    client.post(reverse("calendar_end"))
    client.post(reverse("calendar_end"))
    assert _fetch(new)[0] == 404
    assert list(AuditEntry.objects.filter(member=ana.pk).order_by("pk").values_list("verb", flat=True)) == [
        "calendar.made",
        "calendar.made",
        "calendar.ended",
    ]


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 5000, "%00", "é", "'", "<script>"])
def test_strangers_find_nothing(ana: User, token: str) -> None:
    make_feed(ana)
    assert _fetch(token)[0] == 404


def test_a_hash_that_leaked_is_no_address(ana: User) -> None:
    make_feed(ana)
    assert _fetch(CalendarFeed.objects.get().digest)[0] == 404


def test_a_suspended_member_has_no_calendar_and_an_erased_one_no_row(ana: User) -> None:
    token = make_feed(ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert _fetch(token)[0] == 404
    User.objects.filter(pk=ana.pk).update(is_active=True)
    ana.refresh_from_db()
    assert privacy.export(ana)["matching"]["calendar"][0]["made_at"]
    assert token not in str(privacy.export(ana))
    privacy.erase(ana)
    assert not CalendarFeed.objects.exists()


def test_a_fetch_changes_no_row_and_is_kept_nowhere(ana: User, pairing: Pairing) -> None:
    """S8."""
    url = reverse("calendar_feed", args=[make_feed(ana)])
    before = snapshot.take()
    for method in ("get", "head", "options"):
        getattr(Client(), method)(url)
    assert snapshot.differences(before, snapshot.take()) == {}
    answer = Client().get(url)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


def test_what_has_not_changed_is_not_sent_again(ana: User, pairing: Pairing) -> None:
    url = reverse("calendar_feed", args=[make_feed(ana)])
    first = Client().get(url)
    again = Client().get(url, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    end_pairing(pairing, by=ana)
    assert Client().get(url, headers={"if-none-match": first.headers["ETag"]}).status_code == 200


def test_it_names_nobody_and_says_nothing_in_any_language(ana: User, pairing: Pairing) -> None:
    User.objects.filter(pk=ana.pk).update(language="es")
    text = Client().get(reverse("calendar_feed", args=[make_feed(ana)])).content.decode()
    assert "SUMMARY:Un momento para ti" in text
    for private in ("Ana", "Rosa", ana.email, str(ana.pk), str(pairing.pk), "New_York", "Riverside"):
        assert private not in text


def test_it_follows_what_a_member_chooses(ana: User, pairing: Pairing) -> None:
    plan = CheckInPlan.objects.get(member=ana)
    change_plan(plan, by=ana, cadence="weekly", hour=10, help_sponsor=False, help_coordinator=False)
    Profile.objects.filter(pk=ana.pk).update(zone="Europe/Paris")
    _, starts = _fetch(make_feed(ana))
    assert len(starts) in (3, 4)
    assert {datetime.fromisoformat(one).astimezone(ZoneInfo("Europe/Paris")).hour for one in starts} == {10}
    change_plan(plan, by=ana, cadence="none", hour=10, help_sponsor=False, help_coordinator=False)
    assert coming_check_ins(User.objects.get(pk=ana.pk)) == []


def test_a_calendar_does_not_tell_how_many_people_a_sponsor_knows(rosa: User, pairing: Pairing) -> None:
    story.without_review()
    story.paired_at_once(rosa)
    assert CheckInPlan.objects.filter(member=rosa).count() == 2
    assert len(coming_check_ins(rosa)) == 28


def test_the_number_of_queries_does_not_grow_with_the_pairings(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rosa = factories.sponsor(side={"seats": 8})
    story.without_review()
    url = reverse("calendar_feed", args=[make_feed(rosa)])
    for _ in range(5):
        story.paired_at_once(rosa)
    with django_assert_num_queries(2):
        Client().get(url)


def test_no_token_stands_in_a_log(ana: User, caplog: pytest.LogCaptureFixture) -> None:
    """S11: neither when it leads somewhere nor when it does not, nor when something breaks."""
    token = make_feed(ana)
    Client().get(reverse("calendar_feed", args=[token]))
    CalendarFeed.objects.all().delete()
    Client().get(reverse("calendar_feed", args=[token]))
    token = make_feed(ana)
    Profile.objects.filter(pk=ana.pk).delete()
    Client(raise_request_exception=False).get(reverse("calendar_feed", args=[token]))
    written = "\n".join(Scrubbed().format(record) for record in caplog.records)
    assert f"Internal Server Error: {LEFT_OUT}" in written
    assert token not in written
    assert ".ics" not in written
