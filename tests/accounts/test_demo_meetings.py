"""The demo's copy of real meetings reads through the ordinary reader and holds nothing that it should not."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.meeting_guide import Outcome, read_rows

FEEDS = ("al-anon", "edmonton", "san-francisco-marin", "two-time-zones")
FIELDS = {
    "slug", "name", "day", "time", "timezone", "types", "regions", "region", "sub_region", "city", "location",
    "latitude", "longitude", "attendance_option",
}  # fmt: skip


@pytest.fixture(scope="module")
def feeds() -> dict[str, list[dict[str, Any]]]:
    packed = Path(settings.BASE_DIR, "recovery_match", "demo", "meetings.json.gz").read_bytes()
    copy: dict[str, list[dict[str, Any]]] = json.loads(gzip.decompress(packed))
    return copy


def test_the_copy_holds_the_feeds_and_only_public_coarse_fields(feeds: dict[str, list[dict[str, Any]]]) -> None:
    rows = [row for feed in feeds.values() for row in feed]

    assert sorted(feeds) == sorted(FEEDS)
    assert {field for row in rows for field in row} <= FIELDS
    assert all(row.get("latitude") == round(row.get("latitude", 0), 2) for row in rows if "latitude" in row)


@pytest.mark.parametrize("name", FEEDS)
def test_each_feed_of_the_copy_is_read_almost_whole(feeds: dict[str, list[dict[str, Any]]], name: str) -> None:
    feed = read_rows(feeds[name], zone="America/New_York")

    assert feed.count(Outcome.REFUSED) <= 1
    assert len(feed.rows) == len(feeds[name])
