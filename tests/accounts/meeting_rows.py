"""Made-up feed rows in the shape of published ones."""

import json
from typing import Any

from accounts.meeting_guide import Entry, Feed, Row, read_feed

ZONE = "America/Chicago"


def row(**changes: Any) -> dict[str, Any]:
    """A row that follows the spec to the letter; ``None`` takes a field away."""
    fields: dict[str, Any] = {
        "slug": "early-risers-1",
        "name": "Early Risers",
        "day": 1,
        "time": "07:00",
        "timezone": "America/Denver",
        "types": ["O", "D"],
        "region": "Oldtown",
        "location": "Community Hall",
        "address": "12 Example Street",
        "city": "Springfield",
    }
    fields.update(changes)
    return {name: value for name, value in fields.items() if value is not None}


def feed_of(*rows: Any) -> Feed:
    """These rows, through the whole reader."""
    return read_feed(json.dumps(list(rows)).encode(), zone=ZONE)


def read(**changes: Any) -> Row:
    """One row, read."""
    return feed_of(row(**changes)).rows[0]


def entry(**changes: Any) -> Entry:
    """The one meeting of one row."""
    (only,) = read(**changes).entries
    return only


def mends(**changes: Any) -> list[str]:
    """The keys of what was mended in one row."""
    return [note.key for note in read(**changes).mends]


def refusal(**changes: Any) -> str:
    """The key of why one row was refused; empty if it was not."""
    note = read(**changes).refusal
    return note.key if note else ""
