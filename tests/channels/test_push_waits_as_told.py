"""A push service that says when to come back is heeded, within reason."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from matching.channels.push import LONGEST_WAIT, waiting_time


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        (None, 0),
        ("", 0),
        ("90", 90),
        ("0", 0),
        ("-5", 0),
        ("99999999999999999999", 3600),
        ("7200", 3600),
        ("soon", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)
def test_seconds_are_heeded_up_to_an_hour_and_nonsense_is_not(told: str | None, wait: int) -> None:
    assert waiting_time(told) == timedelta(seconds=wait)


def test_a_date_is_heeded_too() -> None:
    soon = datetime.now(UTC) + timedelta(minutes=10)
    assert timedelta(minutes=9) < waiting_time(format_datetime(soon, usegmt=True)) <= timedelta(minutes=10)
    assert waiting_time(format_datetime(soon + timedelta(days=9), usegmt=True)) == LONGEST_WAIT
