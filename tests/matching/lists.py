"""Meeting lists as a coordinator brings them."""

import json
from typing import Any

from accounts.actions.meeting_feeds import bring_feed
from accounts.models import MeetingFeed, User
from tests import factories
from tests.accounts.meeting_rows import row


def data(*rows: dict[str, Any]) -> bytes:
    """The bytes of a list with these rows; one early meeting without any."""
    return json.dumps(list(rows) or [row()]).encode()


def brought(by: User, *rows: dict[str, Any], source: str = "list.json") -> MeetingFeed:
    """A list that waits to be published."""
    office = factories.intergroup()
    return bring_feed(data(*rows), intergroup=office, fellowship=factories.fellowship(), source=source, by=by)
