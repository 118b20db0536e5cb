"""Who coordinates."""

from uuid import UUID

from accounts import clock
from accounts.models import Coordinator, Scope


def serving(intergroup_id: int, *scopes: Scope) -> list[UUID]:
    """The active members whose term in this intergroup runs now, in one of these scopes; without any, those who do the
    work of the office."""
    return list(
        Coordinator.objects.serving(clock.now())
        .with_any(*(scopes or (Scope.AREA,)))
        .filter(intergroup=intergroup_id)
        .order_by("pk")
        .values_list("user_id", flat=True)
    )
