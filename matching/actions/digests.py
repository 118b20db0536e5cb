"""The one letter a week: chosen, given up, and written when its hour has come."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import clock
from accounts.models import Profile, User
from accounts.models.audit import record
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.actions.silence import look_again
from matching.cadence import DAY, at_hour
from matching.models import Digest
from matching.queries.hours import first_waking, quiet_hours

BATCH = 200
LATEST = timedelta(hours=3)
AFTER_TROUBLE = timedelta(hours=1)

log = logging.getLogger(__name__)


@transaction.atomic
def choose_digest(member: User, *, weekday: int, hour: int) -> None:
    """One letter a week, on this weekday (0 is Monday) at this local hour, instead of a mail for each question."""
    member = lock(User.objects.select_for_update(no_key=True), pk=member.pk)
    zone = Profile.objects.values_list("zone", flat=True).get(pk=member.pk)
    digest = Digest(member=member, weekday=weekday, hour=hour)
    digest.next_at = _next(digest, zone, clock.now())
    values = {"weekday": weekday, "hour": hour, "next_at": digest.next_at}
    Digest.objects.update_or_create(member=member, defaults=values)
    look_again(member.pk)
    record(member, "digest.chosen", member, member=member.pk)


@transaction.atomic
def give_up_digest(member: User) -> None:
    """A mail for each question again."""
    member = lock(User.objects.select_for_update(no_key=True), pk=member.pk)
    deleted, _ = Digest.objects.filter(member=member).delete()
    if deleted:
        look_again(member.pk)
        record(member, "digest.given_up", member, member=member.pk)


def write_digests() -> int:
    """Post the letters of the week that are due; return at how many it looked. Any number of ticks may run at once."""
    looked = 0
    while batch := _batch():
        looked += batch
    return looked


@transaction.atomic
def _batch() -> int:
    now = clock.now()
    due = Digest.objects.select_related("member__profile").filter(next_at__lte=now).order_by("next_at")
    batch = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for digest in batch:
        try:
            with transaction.atomic():
                _write(digest, now)
        except Exception as error:  # one that can't be written must not hold up the others; no content is told
            log.error("digest of %s can't be written: %s", digest.pk, type(error).__name__)
            Digest.objects.filter(pk=digest.pk).update(next_at=now + AFTER_TROUBLE)
    return len(batch)


def _write(digest: Digest, now: datetime) -> None:
    """A letter whose time went by while nothing ran is not made up for, nor one that would wake somebody who lives by
    other hours since."""
    zone, due = digest.member.profile.zone, digest.next_at
    start, left = first_waking(due, zone, quiet_hours(digest.pk))
    grace = min(LATEST, left)
    if start == due and now <= due + grace:
        day = due.astimezone(ZoneInfo(zone)).date()
        key = f"digest:{digest.pk}:{day.isoformat()}"
        post("digest", digest.pk, key=key, send_after=due, grace=grace, member=digest.pk)
    digest.next_at = _next(digest, zone, now)
    digest.save(update_fields=["next_at"])


def _next(digest: Digest, zone: str, after: datetime) -> datetime:
    """The next of its hours later than a moment, moved on to when the quiet hours end if it falls into them; in UTC."""
    day = after.astimezone(ZoneInfo(zone)).date()
    day += timedelta(days=(digest.weekday - day.weekday()) % 7)
    quiets = quiet_hours(digest.member_id)
    while True:
        start, _ = first_waking(at_hour(day, digest.hour, zone), zone, quiets)
        if start > after:
            return start
        day += 7 * DAY
