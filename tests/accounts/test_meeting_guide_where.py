"""Attendance, links, coordinates, areas and types."""

from typing import Any

import pytest

from tests.accounts.meeting_rows import entry, mends, read

LINK = "https://meet.example/j/1"
NOWHERE: dict[str, Any] = {"address": None, "location": None}


@pytest.mark.parametrize(
    ("fields", "attendance", "active"),
    [
        ({}, "in_person", True),
        (NOWHERE, "in_person", True),
        ({"conference_url": LINK}, "hybrid", True),
        ({"conference_phone": "+15555550100"}, "hybrid", True),
        ({"types": ["ONL"], "conference_url": LINK, **NOWHERE}, "online", True),
        ({"types": ["ONL"], "conference_url": LINK, "address": "Springfield, Example, Country"}, "online", True),
        ({"types": ["ONL"], "conference_url": LINK, "approximate": "yes"}, "online", True),
        ({"types": ["ONL"], "conference_url": LINK, "approximate": "no", **NOWHERE}, "hybrid", True),
        ({"types": ["ONL"], "latitude": "41.5", "longitude": "-87.5", **NOWHERE}, "hybrid", True),
        ({"types": ["TC", "ONL"], "conference_url": LINK}, "online", True),
        ({"types": ["TC"], "conference_phone": "+15555550100"}, "online", True),
        ({"types": ["TC", "O"]}, "in_person", False),
        ({"attendance_option": "hybrid"}, "hybrid", True),
        ({"attendance_option": "In-Person", "types": ["ONL"]}, "in_person", True),
        ({"attendance_option": "inactive", "types": ["TC"]}, "in_person", False),
        ({"attendance_option": "online"}, "online", True),
    ],
)
def test_attendance_is_as_stated_or_follows_from_the_other_fields(
    fields: dict[str, Any], attendance: str, active: bool
) -> None:
    meeting = entry(**fields)

    assert (meeting.attendance, meeting.active) == (attendance, active)
    assert mends(**fields) == []


def test_an_unknown_way_to_attend_is_mended_by_the_other_fields() -> None:
    assert entry(attendance_option="by pigeon", types=["TC", "ONL"]).attendance == "online"
    assert mends(attendance_option="by pigeon") == ["attendance_unknown"]


def test_a_meeting_closed_for_now_is_kept_and_said_so() -> None:
    assert [note.key for note in read(types=["TC"]).remarks] == ["not_meeting"]


def test_an_online_meeting_that_publishes_no_link_is_said_so() -> None:
    assert [note.key for note in read(attendance_option="online").remarks] == ["no_way_to_join"]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://meet.example/",
        "http://",
        "https://meet example/",
        "https://[::1",
        "https://meet.example@evil.example/",
        "https://meet.example/\u202e",
        "https://meet.example/" + "j" * 400,
        "ask me",
        5,
        ["x"],
    ],
)
def test_only_web_addresses_are_links(link: object) -> None:
    assert entry(conference_url=link).conference_url == ""
    assert mends(conference_url=link) == ["link_dropped"]


def test_a_link_without_its_scheme_is_completed() -> None:
    assert entry(conference_url="meet.example/j/1?a=1&amp;b=2").conference_url == "https://meet.example/j/1?a=1&b=2"
    assert mends(conference_url="meet.example/j/1") == ["link_completed"]


def test_one_tap_phone_numbers_stay_and_words_do_not() -> None:
    assert entry(conference_phone="+15555550100,,123#,,*456#").conference_phone == "+15555550100,,123#,,*456#"
    assert mends(conference_phone="call Pat") == ["phone_dropped"]


def test_coordinates_may_be_text() -> None:
    meeting = entry(latitude="41.5", longitude=-87.5)

    assert (meeting.latitude, meeting.longitude) == (41.5, -87.5)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(91, 0), (0, 0), ("north", "east"), (41.5, None), (float("nan"), 1), (10**400, 1), (True, 1), ([1], 1)],
)
def test_impossible_coordinates_are_left_out(latitude: object, longitude: object) -> None:
    assert entry(latitude=latitude, longitude=longitude).latitude is None
    assert mends(latitude=latitude, longitude=longitude) == ["coordinates_dropped"]


@pytest.mark.parametrize(
    ("fields", "code", "name"),
    [
        ({"region": "Camrose "}, "camrose", "Camrose"),
        ({"region": "Marin", "sub_region": "San Rafael"}, "marin-san-rafael", "San Rafael, Marin"),
        ({"regions": ["Chicago", "Wicker Park", "West End"]}, "chicago-wicker-park", "Wicker Park, Chicago"),
        ({"regions": "Chicago > Loop"}, "chicago-loop", "Loop, Chicago"),
        ({"regions": ["Boston"], "region": "Boston"}, "boston", "Boston"),
        ({"regions": [], "region": None}, "springfield", "Springfield"),
        ({"region": "東京"}, "東京", "東京"),
        ({"region": None, "city": None}, "", ""),
    ],
)
def test_the_area_is_coarse(fields: dict[str, Any], code: str, name: str) -> None:
    meeting = entry(**fields)

    assert (meeting.area_code, meeting.area_name) == (code, name)


@pytest.mark.parametrize(
    ("written", "types"),
    [
        (["S", "ASL", "LGBTQ", "X", "ZZ-OWN"], ("S", "ASL", "LGBTQ", "X", "ZZ-OWN")),
        ([""], ()),
        ([], ()),
        (None, ()),
        ("O, X", ("O", "X")),
        ([11, "12x12", "O", "O"], ("11", "12x12", "O")),
    ],
)
def test_types_are_kept_known_or_not(written: object, types: tuple[str, ...]) -> None:
    assert entry(types=written).types == types
    assert mends(types=written) == []


def test_unreadable_types_are_left_out() -> None:
    assert entry(types=["O", {"code": "X"}, "T" * 50]).types == ("O",)
    assert mends(types=["O", {"code": "X"}, "T" * 50]) == ["not_text", "type_dropped"]
    assert len(entry(types=[f"T{number}" for number in range(500)]).types) == 40


def test_no_street_address_is_kept() -> None:
    assert "12 Example Street" not in str(read())
