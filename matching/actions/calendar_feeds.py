"""A member's calendar address: made, made anew, and switched off at one tap."""

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching.models import CalendarFeed
from matching.models.calendar_feed import digest, fresh_token


@transaction.atomic
def make_feed(member: User) -> str:
    """Make an address and return its token, which is kept nowhere; the one before leads nowhere from now on."""
    token = fresh_token()
    CalendarFeed.objects.update_or_create(member=member, defaults={"digest": digest(token), "made_at": clock.now()})
    record(member, "calendar.made", member, member=member.pk)
    return token


@transaction.atomic
def end_feed(member: User) -> None:
    """Switch the address off; nothing happens when there is none."""
    if CalendarFeed.objects.filter(member=member).delete()[0]:
        record(member, "calendar.ended", member, member=member.pk)
