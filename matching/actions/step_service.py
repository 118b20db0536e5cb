"""Twelfth-Step service: logged by hand, or counted from a check-in's "We talked"."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import clock
from accounts.models import Profile, User
from accounts.models.audit import record
from matching.actions.errors import NotAllowed
from matching.models import CheckIn, ServiceEntry, ServiceKind


@transaction.atomic
def log_service(*, by: User, kind: str, on: date, minutes: int | None = None) -> ServiceEntry:
    """Log one piece of service on a date in the member's zone."""
    entry = ServiceEntry.objects.create(member=by, kind=kind, on=on, minutes=minutes, at=clock.now())
    record(by, "service.logged", entry, member=by.pk)
    return entry


@transaction.atomic
def remove_service(entry: ServiceEntry, *, by: User) -> None:
    """Take an entry out again."""
    if entry.member_id != by.pk:
        raise NotAllowed
    record(by, "service.removed", entry, member=by.pk)
    entry.delete()


def count_talk(checkin: CheckIn) -> None:
    """Count one talk for the sponsor. Both may answer, in two zones: the day is the sponsor's own at the asking."""
    sponsor_id = checkin.pairing.sponsor_id
    zone = Profile.objects.values_list("zone", flat=True).get(pk=sponsor_id)
    entry, _ = ServiceEntry.objects.get_or_create(
        contact_of=checkin.pairing,
        on=checkin.due_at.astimezone(ZoneInfo(zone)).date(),
        defaults={"member_id": sponsor_id, "kind": ServiceKind.CONTACT, "at": clock.now()},
    )
    entry.checkins.add(checkin)


def uncount_talk(checkin: CheckIn) -> None:
    """Take back what a corrected answer had counted, unless the other of the two still says that they talked."""
    for entry in checkin.service_entries.select_for_update():
        entry.checkins.remove(checkin)
        if not entry.checkins.exists():
            entry.delete()
