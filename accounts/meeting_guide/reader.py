"""From a file to a feed: what can be wrong with the file as a whole."""

import json
from pathlib import Path

from accounts.meeting_guide.duplicates import Register
from accounts.meeting_guide.feed import Feed, FeedError
from accounts.meeting_guide.rows import read_row

MAX_MEGABYTES = 20
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024


def read_feed(source: bytes | Path, *, zone: str) -> Feed:
    """Read a feed from a file or its bytes; ``zone`` is the office's own, for rows without one.

    Raises FeedError when the file as a whole cannot be used: too large, not UTF-8, not JSON, not a list of meetings.
    """
    data = _bytes_of(source) if isinstance(source, Path) else source
    if len(data) > MAX_BYTES:
        raise FeedError("too_big", str(MAX_MEGABYTES))
    try:
        return read_rows(json.loads(data.decode("utf-8-sig")), zone=zone)
    except UnicodeDecodeError:
        raise FeedError("not_utf8") from None
    except json.JSONDecodeError as error:
        raise FeedError("not_json", f"{error.msg}, {error.lineno}:{error.colno}") from None
    except RecursionError:
        raise FeedError("too_deep") from None
    except ValueError as error:
        raise FeedError("not_json", str(error)) from None


def read_rows(items: object, *, zone: str) -> Feed:
    """Read the rows of a feed that was parsed already. Raises FeedError unless it is a list that holds an object."""
    if not isinstance(items, list):
        raise FeedError("not_a_list")
    if not items:
        raise FeedError("empty")
    if not any(isinstance(item, dict) for item in items):
        raise FeedError("no_objects")
    drafts = [read_row(item, number, zone=zone) for number, item in enumerate(items, start=1)]
    register = Register(reserved={entry.slug for draft in drafts for entry in draft.entries})
    return Feed(rows=tuple(register.admit(draft) for draft in drafts))


def _bytes_of(path: Path) -> bytes:
    """The file's bytes, and never more than one beyond the limit: a size on disk can lie, as for a pipe."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FeedError("too_big", str(MAX_MEGABYTES))
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FeedError("unreadable", error.strerror or str(error)) from None
