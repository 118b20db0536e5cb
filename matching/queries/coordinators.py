"""Who coordinates."""

from uuid import UUID

from accounts import clock
from accounts.models import Coordinator


def serving(intergroup_id: int) -> list[UUID]:
    """The active members whose term as coordinator of this intergroup covers today (UTC)."""
    return list(
        Coordinator.objects.serving(clock.now().date())
        .filter(intergroup=intergroup_id, user__is_active=True)
        .order_by("pk")
        .values_list("user_id", flat=True)
    )
