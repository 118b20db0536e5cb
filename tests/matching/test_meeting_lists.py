"""A meeting list is looked over before it is published, and can be taken back; a home group stays its members'."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actions.errors import ChangedSince
from accounts.actions.meeting_feeds import forget_feeds
from accounts.actions.meetings import import_meetings
from accounts.actions.policies import change_policy
from accounts.meeting_guide import read_feed
from accounts.models import AuditEntry, Meeting, MeetingFeed, PolicyChange, Profile, User
from tests import factories
from tests.accounts.meeting_rows import row
from tests.conftest import signed_in
from tests.matching import lists, office

URL = "/coordinate/riverside/settings/meetings/"
LATE = row(slug="late", name="Late Risers", time="22:00")
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def upload(desk: Client, data: bytes, name: str = "list.json") -> Any:
    return desk.post(URL, {"file": SimpleUploadedFile(name, data, "application/json")}, follow=True)


def published(by: User, *rows: dict[str, Any]) -> PolicyChange:
    feed = lists.brought(by, *rows)
    change = change_policy(feed.intergroup, {"meeting_feed": str(feed.pk)}, by=by)
    assert change is not None
    return change


def undo(desk: Client, change: PolicyChange) -> int:
    return desk.post(reverse("policy_undo", args=[change.pk])).status_code


def listed() -> dict[str, bool]:
    return dict(Meeting.objects.values_list("name", "active"))


def test_a_list_changes_nothing_until_it_is_published(desk: Client) -> None:
    text = upload(desk, lists.data(row(), LATE, row(name=None), row(slug="x", name="X", type=["?"]))).content.decode()
    assert "2 meetings are new." in text or "3 meetings are new." in text
    assert "It has no name." in text
    assert listed() == {}
    desk.post(reverse("meeting_feed", args=[MeetingFeed.objects.get().pk]))
    assert listed()["Late Risers"]
    assert AuditEntry.objects.filter(verb="policy.changed").count() == 1


def test_pasted_text_does_as_well(desk: Client) -> None:
    assert desk.post(URL, {"text": lists.data(LATE).decode()}, follow=True).status_code == 200
    assert MeetingFeed.objects.get().source == "Pasted list"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Choose a file, or paste the list"),
        ({"text": "{"}, "not valid JSON"),
        ({"text": "[]"}, "lists no meetings"),
        ({"text": '[{"name": ""}]'}, "No row of this file could be used."),
    ],
)
def test_a_list_of_no_use_is_refused_with_a_word(desk: Client, given: dict[str, str], said: str) -> None:
    answer = desk.post(URL, given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not MeetingFeed.objects.exists()


def test_what_would_go_is_named_and_a_home_group_is_kept_for_its_members(desk: Client, bea: User, ana: User) -> None:
    published(bea, row(), LATE)
    Profile.objects.filter(pk=ana.pk).update(home_group=Meeting.objects.get(slug="late"))
    text = upload(desk, lists.data(row())).content.decode()
    assert "1 meeting goes off the list." in text
    assert "they keep it" in text
    desk.post(reverse("meeting_feed", args=[MeetingFeed.objects.latest("made_at").pk]))
    assert listed() == {"Early Risers": True, "Late Risers": False}
    profile = office.page(signed_in(ana), reverse("profile"))
    assert "Late Risers" in profile
    assert "no longer on your office" in profile


def test_taking_a_list_back_makes_the_meetings_what_they_were(desk: Client, bea: User, ana: User) -> None:
    published(bea, row(), LATE)
    before = list(Meeting.objects.order_by("pk").values())
    change = published(bea, row(time="08:00"), row(slug="noon", name="Noon", time="12:00"))
    assert listed() == {"Early Risers": True, "Late Risers": False, "Noon": True}
    assert undo(desk, change) == 302
    assert list(Meeting.objects.order_by("pk").values()) == before


def test_what_a_list_added_and_a_member_chose_stays_for_them(desk: Client, bea: User, ana: User) -> None:
    change = published(bea, row(), LATE)
    Profile.objects.filter(pk=ana.pk).update(home_group=Meeting.objects.get(slug="late"))
    undo(desk, change)
    assert listed() == {"Late Risers": False}
    ana.refresh_from_db()
    assert ana.profile.home_group is not None


def test_two_lists_are_taken_back_in_turn_and_the_older_not_before_the_newer(desk: Client, bea: User) -> None:
    first, second = published(bea, row()), published(bea, row(), LATE)
    assert undo(desk, first) == 409
    assert undo(desk, second) == 302
    assert undo(desk, first) == 302
    assert listed() == {}


def test_after_an_import_by_the_operators_a_list_is_not_taken_back(desk: Client, bea: User) -> None:
    change = published(bea, row())
    import_meetings(
        read_feed(lists.data(row(time="09:00")), zone="UTC"),
        intergroup=factories.intergroup(),
        fellowship=factories.fellowship(),
        by=None,
        source="list.json",
    )
    assert undo(desk, change) == 409
    assert str(Meeting.objects.get().starts) == "09:00:00"


def test_a_list_is_published_once(bea: User) -> None:
    feed = lists.brought(bea)
    change_policy(feed.intergroup, {"meeting_feed": str(feed.pk)}, by=bea)
    change_policy(feed.intergroup, {"meeting_feed": str(lists.brought(bea, LATE).pk)}, by=bea)
    with pytest.raises(ChangedSince):
        change_policy(feed.intergroup, {"meeting_feed": str(feed.pk)}, by=bea)


def test_no_address_and_nobodys_name_is_kept(bea: User) -> None:
    feed = lists.brought(bea, row(contact_1_name="Quentin", contact_1_phone="5550199", notes="Ring at Quentin's"))
    assert "Quentin" not in str(feed.rows) + str(feed.entries)
    assert "Example Street" not in str(feed.rows) + str(feed.entries)


def test_a_list_that_nobody_publishes_is_deleted_after_a_week(bea: User) -> None:
    lists.brought(bea)
    kept = published(bea, row())
    lists.brought(bea, LATE)
    clock.move_on(timedelta(days=8))
    forget_feeds()
    assert [str(one.pk) for one in MeetingFeed.objects.all()] == [kept.after["meeting_feed"]]


def test_the_history_names_the_list(desk: Client, bea: User) -> None:
    published(bea, row())
    assert "Meeting list: nothing, then list.json" in office.page(desk, "/coordinate/riverside/settings/")


def test_the_pages_take_few_queries_however_many_rows(desk: Client, bea: User) -> None:
    published(bea, *(row(slug=f"s{number}", name=f"Group {number}") for number in range(60)))
    feed = lists.brought(bea, row(), *(row(slug=f"t{number}", name=f"Circle {number}") for number in range(120)))
    for url in (URL, reverse("meeting_feed", args=[feed.pk])):
        with office.at_most(8):
            office.page(desk, url)
