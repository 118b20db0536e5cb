"""The page of one's own days, and what the two of a pairing see of each other's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import formats

from accounts import clock
from accounts.models import Profile, User
from matching.actions.milestones import set_milestones
from matching.actions.notice_wishes import set_notice
from matching.actions.pairings import end_pairing
from matching.models import MilestonePlan, NoticeKind, Pairing
from tests import factories
from tests.conftest import signed_in
from tests.matching import days, office, story
from tests.security import snapshot

pytestmark = pytest.mark.django_db

PAGE = "/days/"


def page(user: User) -> str:
    return office.page(signed_in(user), PAGE)


def shared(user: User, pairing: Pairing) -> str:
    return office.page(signed_in(user), reverse("pairing", args=[pairing.pk]))


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


def test_without_a_date_the_page_asks_for_nothing(ana: User) -> None:
    text = page(ana)
    assert "none is needed" in text
    assert reverse("profile_edit", args=["date"]) in text
    assert 'name="wanted"' not in text


def test_with_a_date_it_is_off_until_switched_on_and_no_days_are_counted_out(ana: User) -> None:
    began = days.dated(ana, 10)
    text = page(ana)
    assert f"Sobriety date: {formats.date_format(began, 'DATE_FORMAT')}" in text
    assert "It is off until you switch it on" in text
    assert "20 days" not in text
    assert "checked" not in text


def test_the_first_days_show_only_what_comes_next(ana: User) -> None:
    days.remembered(ana)
    text = page(ana)
    assert "24 hours" in text
    assert "30 days" not in text
    assert "timeline__step--done" not in text


def test_later_the_last_two_the_present_and_the_next_are_shown(ana: User) -> None:
    days.remembered(ana, 90)
    text = page(ana)
    for words in ("30 days", "60 days", "90 days", "6 months"):
        assert words in text
    for words in ("24 hours", "9 months", "1 year"):
        assert f">{words}<" not in text
    assert text.count("timeline__step--now") == 1
    assert "!" not in text.split("<main")[1].split("</main>")[0].replace("<!--", "")


def test_after_decades_the_page_is_as_calm_as_at_first(ana: User) -> None:
    days.remembered(ana, 365 * 40 + 100)
    text = page(ana)
    assert text.count("timeline__step timeline__step") == 3
    assert "40 years" in text


def test_two_ticks_are_saved_and_taken_back(ana: User) -> None:
    days.dated(ana, 10)
    client = signed_in(ana)
    client.post(PAGE, {"wanted": "on", "sponsor_too": "on"})
    assert MilestonePlan.objects.get().sponsor_too
    client.post(PAGE, {"wanted": "on"})
    assert not MilestonePlan.objects.get().sponsor_too
    client.post(PAGE, {"sponsor_too": "on"})
    assert not MilestonePlan.objects.exists(), "a sponsor hears of nothing that is not remembered"


def test_a_stale_page_whose_date_is_gone_is_told_so(ana: User) -> None:
    answer = signed_in(ana).post(PAGE, {"wanted": "on"})
    assert answer.status_code == 409
    assert not MilestonePlan.objects.exists()


def test_one_tap_counts_from_today_and_another_removes_the_date(ana: User) -> None:
    days.remembered(ana, 400)
    client = signed_in(ana)
    text = client.post(reverse("milestone_date"), {"to": "today"}, follow=True).content.decode()
    assert "Nobody is told" in text
    assert "My date is today" not in text
    assert Profile.objects.get(pk=ana.pk).recovery_date == clock.today(ana.profile.zone)
    client.post(reverse("milestone_date"), {"to": "none"})
    assert Profile.objects.get(pk=ana.pk).recovery_date is None
    assert client.post(reverse("milestone_date"), {"to": "1999-01-01"}).status_code == 422
    assert client.post(reverse("milestone_date")).status_code == 422


def test_where_a_fellowship_has_no_date_there_is_no_such_page_and_no_way_to_it(ana: User) -> None:
    al_anon = factories.fellowship("al-anon", name="Al-Anon", date_words={})
    client = signed_in(ana)
    assert PAGE in client.get(reverse("profile")).content.decode()
    Profile.objects.filter(pk=ana.pk).update(fellowship=al_anon)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"wanted": "on"}).status_code == 404
    assert client.post(reverse("milestone_date"), {"to": "today"}).status_code == 404
    assert PAGE not in client.get(reverse("profile")).content.decode()
    assert Profile.objects.get(pk=ana.pk).recovery_date is None


def test_whoever_switched_the_mails_off_is_told_that_the_days_stand_here(ana: User) -> None:
    days.remembered(ana, 10)
    assert "switched these mails off" not in page(ana)
    set_notice(ana, NoticeKind.DATES, wanted=False)
    assert "switched these mails off" in page(ana)


def test_on_the_page_of_two_each_sees_their_own_and_a_sponsor_only_what_is_allowed(
    ana: User, rosa: User, pairing: Pairing
) -> None:
    for viewer in (ana, rosa):
        assert "Days worth remembering" not in shared(viewer, pairing)
    days.remembered(ana, 10)
    assert "Yours: 30 days, on" in shared(ana, pairing)
    assert "Only you see this." in shared(ana, pairing)
    assert "30 days" not in shared(rosa, pairing)
    set_milestones(ana.profile, by=ana, wanted=True, sponsor_too=True)
    assert "Rosa M. sees this too." in shared(ana, pairing)
    assert "Ana L.: 30 days, on" in shared(rosa, pairing)


def test_the_person_sponsored_never_sees_the_sponsors_days(ana: User, rosa: User, pairing: Pairing) -> None:
    days.remembered(rosa, 10, sponsor_too=True)
    assert "Yours: 30 days" in shared(rosa, pairing)
    assert "Only you see this." in shared(rosa, pairing)
    assert "30 days" not in shared(ana, pairing)


def test_after_a_reset_a_sponsor_sees_nothing_rather_than_a_day_that_tells(
    ana: User, rosa: User, pairing: Pairing
) -> None:
    days.remembered(ana, 300, sponsor_too=True)
    assert "Ana L.: 1 year, on" in shared(rosa, pairing)
    signed_in(ana).post(reverse("milestone_date"), {"to": "today"})
    assert "24 hours" in page(ana)
    assert "Days worth remembering" not in shared(rosa, pairing)


def test_nothing_is_shown_once_the_pairing_has_ended(ana: User, rosa: User, pairing: Pairing) -> None:
    days.remembered(ana, 10, sponsor_too=True)
    end_pairing(pairing, by=ana)
    for viewer in (ana, rosa):
        assert "30 days" not in shared(viewer, pairing)


def test_looking_changes_nothing(ana: User, rosa: User, pairing: Pairing) -> None:
    """S8, and with it a browser that loads ahead."""
    days.remembered(ana, 29, sponsor_too=True)
    days.next_day(ana)
    before = snapshot.take()
    for method in ("get", "head", "options"):
        for viewer in (ana, rosa):
            for url in (PAGE, reverse("milestone_date"), reverse("pairing", args=[pairing.pk])):
                assert getattr(signed_in(viewer), method)(url).status_code in (200, 405)
    assert set(snapshot.differences(before, snapshot.take())) <= {"accounts_user"}


def test_the_pages_ask_few_questions(ana: User, rosa: User, pairing: Pairing) -> None:
    """L3."""
    days.remembered(ana, 40, sponsor_too=True)
    for viewer, url in ((ana, PAGE), (rosa, PAGE), (rosa, reverse("pairing", args=[pairing.pk]))):
        client = signed_in(viewer)
        with office.at_most(8):
            client.get(url)


def test_a_coordinator_sees_none_of_it(ana: User, bea: User, pairing: Pairing) -> None:
    days.remembered(ana, 29, sponsor_too=True)
    clock.move_on(timedelta(days=1))
    text = office.page(signed_in(bea), reverse("coordinate"))
    assert "30 days" not in text
    assert signed_in(bea).get(reverse("pairing", args=[pairing.pk])).status_code == 404
