"""The list of erasures; see :mod:`accounts.models.erasure`."""

from uuid import UUID

from django.conf import settings

from accounts.crypto import keyed_hash
from accounts.models import Erasure


def mark(member: UUID) -> bytes:
    """What stands for a member in the list, 32 bytes."""
    return keyed_hash(settings.LOOKUP_KEY, "erased member", member.bytes)


def remember(member: UUID) -> None:
    """Write down that a member is erased; once is enough."""
    Erasure.objects.bulk_create([Erasure(mark=mark(member))], ignore_conflicts=True)


def marks() -> set[bytes]:
    """All marks of the list."""
    return {bytes(found) for found in Erasure.objects.values_list("mark", flat=True).iterator()}
