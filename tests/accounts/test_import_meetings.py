"""Importing a feed: a second run updates and does not double, and nothing of another feed is touched."""

from typing import Any

import pytest

from accounts.actions.meetings import ImportReport, import_meetings
from accounts.meeting_guide import FeedError
from accounts.meeting_guide.rows import NAME_LENGTH, PLACE_LENGTH, SLUG_LENGTH
from accounts.meeting_guide.where import (
    AREA_CODE_LENGTH,
    AREA_NAME_LENGTH,
    PHONE_LENGTH,
    TYPE_LENGTH,
    URL_LENGTH,
)
from accounts.models import Area, AuditEntry, Intergroup, Meeting, Profile, User
from accounts.models.audit import pseudonym
from tests.accounts.meeting_rows import feed_of, row

LATE = {"slug": "late", "name": "Late Risers", "time": "22:00"}


def run(
    intergroup: Intergroup, *rows: dict[str, Any], source: str = "feed.json", by: User | None = None
) -> ImportReport:
    fellowship = intergroup.fellowships.get()
    return import_meetings(feed_of(*rows), intergroup=intergroup, fellowship=fellowship, by=by, source=source)


def test_a_meeting_is_stored_as_the_feed_says(intergroup: Intergroup) -> None:
    run(intergroup, row(time="6:30 PM", end_time="20:00", types=["X", "ASL"]))

    meeting = Meeting.objects.get()
    assert (meeting.name, meeting.day, str(meeting.starts), meeting.minutes) == ("Early Risers", 1, "18:30:00", 90)
    assert (meeting.zone, meeting.types, meeting.place) == ("America/Denver", ["X", "ASL"], "Community Hall")
    assert meeting.area is not None
    assert (meeting.area.code, meeting.area.intergroup) == ("oldtown", intergroup)
    meeting.full_clean()


def test_a_second_run_changes_nothing(intergroup: Intergroup) -> None:
    rows = [row(day=[1, 2]), row(**LATE), row(slug="call-us", name="Call us", day=None, time=None)]

    assert run(intergroup, *rows) == ImportReport(created=4, updated=0, unchanged=0, retired=0)
    assert run(intergroup, *rows) == ImportReport(created=0, updated=0, unchanged=4, retired=0)
    assert Meeting.objects.count() == 4


def test_a_changed_row_updates_its_meeting(intergroup: Intergroup) -> None:
    run(intergroup, row(), row(**LATE))
    before = Meeting.objects.get(slug="late").pk

    report = run(intergroup, row(), row(**LATE | {"time": "22:30", "region": "Newtown"}))

    after = Meeting.objects.get(slug="late")
    assert report == ImportReport(created=0, updated=1, unchanged=1, retired=0)
    assert (after.pk, str(after.starts), after.area and after.area.name) == (before, "22:30:00", "Newtown")


def test_a_meeting_gone_from_the_feed_is_retired_and_stays_a_home_group(intergroup: Intergroup, ana: User) -> None:
    run(intergroup, row(), row(**LATE))
    Profile.objects.filter(user=ana).update(home_group=Meeting.objects.get(slug="late"))

    assert run(intergroup, row()).retired == 1

    assert not Meeting.objects.get(slug="late").active
    assert Profile.objects.get(user=ana).home_group is not None


def test_a_retired_meeting_that_returns_is_active_again(intergroup: Intergroup) -> None:
    run(intergroup, row(), row(**LATE))
    run(intergroup, row())

    assert run(intergroup, row(), row(**LATE)).updated == 1
    assert Meeting.objects.get(slug="late").active


def test_meetings_of_another_feed_are_not_retired(intergroup: Intergroup) -> None:
    run(intergroup, row(), source="north.json")

    assert run(intergroup, row(**LATE), source="south.json").retired == 0
    assert Meeting.objects.filter(active=True).count() == 2


def test_two_feeds_may_use_one_slug_for_two_meetings(intergroup: Intergroup) -> None:
    for _ in range(2):
        run(intergroup, row(slug="6", name="Shifters"), source="north.json")
        run(intergroup, row(slug="6", name="Drifters"), source="south.json")

    assert dict(Meeting.objects.values_list("slug", "name")) == {"6": "Shifters", "6-southjson": "Drifters"}
    assert Meeting.objects.filter(active=True).count() == 2


def test_a_renamed_file_does_not_double_its_meetings(intergroup: Intergroup) -> None:
    run(intergroup, row(), source="may.json")
    run(intergroup, row(), source="june.json")

    assert [meeting.source for meeting in Meeting.objects.all()] == ["june.json"]


def test_a_meeting_closed_for_now_is_stored_but_not_active(intergroup: Intergroup) -> None:
    run(intergroup, row(types=["TC"]))

    assert not Meeting.objects.get().active


def test_the_centre_of_an_area_is_the_middle_of_its_meetings(intergroup: Intergroup) -> None:
    places = [("41.111", "-87.5"), ("41.123", "-87.51"), ("45", "-80")]
    rows = [
        row(slug=f"m-{number}", name=f"Meeting {number}", latitude=latitude, longitude=longitude)
        for number, (latitude, longitude) in enumerate(places)
    ]
    run(intergroup, *rows, row(**LATE))

    area = Area.objects.get()
    assert (area.latitude, area.longitude) == (41.12, -87.5)


def test_an_area_keeps_its_centre_when_a_feed_has_no_coordinates(intergroup: Intergroup) -> None:
    run(intergroup, row(latitude=41.11, longitude=-87.5))
    run(intergroup, row())

    assert Area.objects.get().latitude == 41.11


def test_a_feed_without_one_usable_row_retires_nothing(intergroup: Intergroup) -> None:
    run(intergroup, row())

    with pytest.raises(FeedError):
        run(intergroup, row(day=9))

    assert Meeting.objects.get().active


def test_an_import_is_in_the_audit_with_counts_only(intergroup: Intergroup, bea: User) -> None:
    run(intergroup, row(), by=bea)

    entry = AuditEntry.objects.get(verb="meetings_imported")
    assert (entry.actor, entry.intergroup_id) == (pseudonym(bea.pk), intergroup.pk)
    assert entry.ids == {"created": "1", "updated": "0", "unchanged": "0", "retired": "0"}


def test_a_thousand_rows_take_few_queries(intergroup: Intergroup, django_assert_max_num_queries: Any) -> None:
    rows = [row(slug=f"m-{number}", name=f"Meeting {number}") for number in range(1000)]

    with django_assert_max_num_queries(20):
        run(intergroup, *rows)


def test_what_the_reader_lets_through_fits_the_tables() -> None:
    def length(model: type[Meeting] | type[Area], field: str) -> Any:
        return getattr(model._meta.get_field(field), "max_length", None)

    assert (length(Meeting, "name"), length(Meeting, "place")) == (NAME_LENGTH, PLACE_LENGTH)
    assert length(Meeting, "slug") == SLUG_LENGTH
    assert length(Meeting, "conference_url") == URL_LENGTH
    assert length(Meeting, "conference_phone") == PHONE_LENGTH
    assert Meeting._meta.get_field("types").base_field.max_length == TYPE_LENGTH
    assert (length(Area, "name"), length(Area, "code")) == (AREA_NAME_LENGTH, AREA_CODE_LENGTH)
