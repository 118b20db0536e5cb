"""A member's devices: switched on and off by the member, forgotten when nothing reaches them."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching.actions.locks import lock
from matching.models import PushAddress
from matching.models.push_address import fingerprint

MOST = 8
UNREACHED = timedelta(days=30)
UNUSED = timedelta(days=365)


@transaction.atomic
def add_address(member: User, *, endpoint: str, p256dh: str, auth: str, label: str) -> PushAddress:
    """Switch notifications on for one browser.

    A browser that somebody else had switched on before them is theirs alone from now on. Of more than MOST, the one
    that was switched on first gives way.
    """
    # One after the other, so that the number of devices holds.
    lock(User.objects.select_for_update(no_key=True), pk=member.pk)
    address, _ = PushAddress.objects.update_or_create(
        fingerprint=fingerprint(endpoint),
        defaults={
            "member": member,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "label": label,
            "added_at": clock.now(),
            "reached_at": None,
            "failing_since": None,
        },
    )
    for old in PushAddress.objects.filter(member=member).order_by("-added_at")[MOST:]:
        old.delete()
    record(member, "push.added", address, member=member.pk)
    return address


@transaction.atomic
def remove_address(address: PushAddress, *, by: User) -> None:
    """Switch notifications off for one browser: nothing is sent to it any more."""
    record(by, "push.removed", address, member=address.member_id)
    address.delete()


def forget_addresses() -> None:
    """Delete devices that nothing has reached for a month of trying, or that nothing was sent to for a year."""
    now = clock.now()
    idle = Q(reached_at__lt=now - UNUSED) | Q(reached_at__isnull=True, added_at__lt=now - UNUSED)
    PushAddress.objects.filter(Q(failing_since__lt=now - UNREACHED) | idle).delete()
