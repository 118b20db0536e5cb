"""Signs of life."""

from datetime import UTC, datetime

from matching.models import Heartbeat


def beat_heart(name: str) -> None:
    """Write down, by the machine's own clock, that this part of the works consumes at present."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": datetime.now(UTC)})
