"""Files that are not a feed get one clear sentence; whatever JSON holds, every row is accounted for once."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.meeting_guide import MAX_BYTES, Feed, FeedError, Outcome, read_feed
from tests.accounts.meeting_rows import ZONE, row


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "not_json"),
        (b"<html>Not found</html>", "not_json"),
        (b'[{"name": "cut off', "not_json"),
        (b'[{"day": ' + b"9" * 5000 + b"}]", "not_json"),
        ('[{"name": "Español"}]'.encode("latin-1"), "not_utf8"),
        ('[{"name": "Español"}]'.encode("utf-16"), "not_utf8"),
        (b'{"meetings": []}', "not_a_list"),
        (b'"meetings"', "not_a_list"),
        (b"[]", "empty"),
        (b'["a", 1, null, []]', "no_objects"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep"),
        (b" " * (MAX_BYTES + 1), "too_big"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_with_a_reason(data: bytes, key: str) -> None:
    with pytest.raises(FeedError) as error:
        read_feed(data, zone=ZONE)

    assert error.value.note.key == key
    assert str(error.value).endswith((".", "?"))


def test_a_feed_nested_a_thousand_deep_is_refused() -> None:
    with pytest.raises(FeedError):
        read_feed(b"[" * 1000 + b"]" * 1000, zone=ZONE)


def test_utf8_with_a_byte_order_mark_is_read() -> None:
    feed = read_feed(json.dumps([row(name="Español")], ensure_ascii=False).encode("utf-8-sig"), zone=ZONE)

    assert [meeting.name for meeting in feed.entries] == ["Español"]


def test_a_file_of_50_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    with pytest.raises(FeedError, match="larger than 20 MB"):
        read_feed(path, zone=ZONE)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="could not open"):
        read_feed(tmp_path / "missing.json", zone=ZONE)


def test_a_row_that_is_not_an_object_is_refused_among_good_ones() -> None:
    feed = read_feed(json.dumps([row(), "note to self", None]).encode(), zone=ZONE)

    assert [each.outcome for each in feed.rows] == [Outcome.TAKEN, Outcome.REFUSED, Outcome.REFUSED]


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
_FIELDS = [*row(), "group", "end_time", "latitude", "longitude", "conference_url", "conference_phone", "regions",
           "sub_region", "attendance_option", "approximate", "formatted_address"]  # fmt: skip
_TIMES = st.sampled_from(["18:30", "6 PM", "noon", ""])
_DAYS = st.sampled_from([0, [1, 3], "Monday", 9, None])
_ROWS = st.fixed_dictionaries(
    {"name": st.sampled_from(["Hope", "Joy"]) | _JSON, "day": _DAYS | _JSON, "time": _TIMES | _JSON}
)


@settings(deadline=None)
@given(_JSON)
def test_any_json_value_is_a_feed_or_a_feed_error(value: object) -> None:
    _check_every_row_is_accounted_for(value)


@settings(deadline=None)
@given(
    st.lists(st.builds(lambda base, more: base | more, _ROWS, st.dictionaries(st.sampled_from(_FIELDS), _JSON)) | _JSON)
)
def test_any_list_of_odd_rows_is_accounted_for(rows: list[Any]) -> None:
    _check_every_row_is_accounted_for(rows)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_feed_or_a_feed_error(data: bytes) -> None:
    with suppress(FeedError):
        read_feed(data, zone=ZONE)


def _check_every_row_is_accounted_for(value: object) -> None:
    with suppress(FeedError):
        feed = read_feed(json.dumps(value).encode(), zone=ZONE)
        _check_feed(feed, value)


def _check_feed(feed: Feed, value: object) -> None:
    assert isinstance(value, list)
    assert [each.number for each in feed.rows] == list(range(1, len(value) + 1))
    assert sum(feed.count(outcome) for outcome in Outcome) == len(value)
    slugs = [meeting.slug for meeting in feed.entries]
    assert len(slugs) == len(set(slugs))
    for each in feed.rows:
        assert bool(each.entries) != (each.refusal is not None)
        assert all(str(note) for note in (*each.mends, *each.remarks, *filter(None, [each.refusal])))
        for meeting in each.entries:
            assert meeting.name
            assert len(meeting.name) <= 160
            assert 0 < len(meeting.slug) <= 160
            assert (meeting.day is None) == (meeting.starts is None)
            "".join([meeting.name, meeting.place, meeting.area_name, *meeting.types]).encode()
