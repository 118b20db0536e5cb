"""What is written to a member, and where it reaches them."""

from typing import Any

from accounts.models import User
from accounts.queries.my_data import Covers, Given
from matching.models import CalendarFeed, Digest, OutboxMessage, PushAddress, UnwantedNotice
from matching.queries.mine.opened import opened
from matching.states import OutboxState

COVERS: Covers = {
    Digest: Given("letter_of_the_week"),
    UnwantedNotice: Given("notices_not_wanted"),
    PushAddress: Given("devices"),
    CalendarFeed: Given("calendar"),
    OutboxMessage: Given("messages_to_me"),
}


def collect(member: User) -> dict[str, Any]:
    """Plain values by name."""
    return {
        "letter_of_the_week": list(Digest.objects.filter(member=member).values("weekday", "hour")),
        # Only what was sent: what others took back in time is theirs.
        "messages_to_me": list(
            OutboxMessage.objects.filter(recipient=member, state=OutboxState.SENT).values("topic", "ended_at")
        ),
        "notices_not_wanted": list(UnwantedNotice.objects.filter(member=member).values("kind", "channel", "since")),
        "devices": [
            opened(device, "label", "endpoint", "p256dh", "auth", "added_at", "reached_at", "failing_since")
            for device in PushAddress.objects.filter(member=member)
        ],
        "calendar": list(CalendarFeed.objects.filter(member=member).values("made_at")),
    }
