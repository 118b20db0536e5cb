"""What members do not want to get by mail, and who gets one letter a week."""

from uuid import UUID

from accounts.models import User
from matching.models import Digest, NoticeKind, UnwantedNotice


def wanted_by(member_id: UUID) -> set[NoticeKind]:
    """The kinds that a member gets: all that they did not switch off."""
    off = UnwantedNotice.objects.filter(member=member_id).values_list("kind", flat=True)
    return set(NoticeKind) - {NoticeKind(kind) for kind in off}


def reader(member_id: UUID) -> User | None:
    """The active member behind a link."""
    return User.objects.filter(pk=member_id, is_active=True).first()


def digest_of(member_id: UUID) -> Digest | None:
    """The letter of the week that a member chose, if they did."""
    return Digest.objects.filter(pk=member_id).first()
