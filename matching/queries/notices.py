"""What members do not want to get, where it reaches them, and who gets one letter a week."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from matching.models import MAIL, CalendarFeed, Digest, NoticeKind, PushAddress, UnwantedNotice
from matching.models.calendar_feed import digest


def unwanted_by(member_id: UUID) -> set[tuple[str, str]]:
    """Kind and channel of all that a member switched off."""
    return set(UnwantedNotice.objects.filter(member=member_id).values_list("kind", "channel"))


def wanted_by(member_id: UUID, channel: str = MAIL) -> set[NoticeKind]:
    """The kinds that a member gets on a channel: all that they did not switch off."""
    off = unwanted_by(member_id)
    return {kind for kind in NoticeKind if (kind.value, channel) not in off}


def reader(member_id: UUID) -> User | None:
    """The active member behind a link."""
    return User.objects.filter(pk=member_id, is_active=True).first()


def devices(member: User) -> QuerySet[PushAddress]:
    """The browsers on which a member has switched notifications on, the newest last."""
    return PushAddress.objects.filter(member=member)


def feed_of(member: User) -> CalendarFeed | None:
    """The member's calendar address, if it is switched on."""
    return CalendarFeed.objects.filter(member=member).first()


def feed_behind(token: str) -> CalendarFeed | None:
    """The calendar of an active member that an address leads to."""
    found = CalendarFeed.objects.select_related("member__profile")
    return found.filter(digest=digest(token), member__is_active=True).first()


def digest_of(member_id: UUID) -> Digest | None:
    """The letter of the week that a member chose, if they did."""
    return Digest.objects.filter(pk=member_id).first()
