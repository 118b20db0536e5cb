"""What a member wants to get, on which channel."""

from collections.abc import Collection

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching.actions.locks import lock
from matching.actions.silence import look_again
from matching.models import MAIL, NoticeKind, UnwantedNotice


@transaction.atomic
def set_notice(member: User, kind: NoticeKind, *, wanted: bool, channel: str = MAIL) -> None:
    """Switch one kind of notice on or off on one channel; what is so already stays, and is not written down again."""
    # One after the other, so that two clicks at once write one line.
    lock(User.objects.select_for_update(no_key=True), pk=member.pk)
    rows = UnwantedNotice.objects.filter(member=member, kind=kind, channel=channel)
    if wanted != rows.exists():
        return
    if wanted:
        rows.delete()
    else:
        UnwantedNotice.objects.create(member=member, kind=kind, channel=channel, since=clock.now())
    if kind == NoticeKind.CHECK_INS:
        look_again(member.pk)
    record(member, "notices.wanted" if wanted else "notices.unwanted", member, member=member.pk)


@transaction.atomic
def set_notices(member: User, wanted: Collection[tuple[NoticeKind, str]], *, channels: Collection[str]) -> None:
    """On these channels, switch every kind on that is named, and all others off."""
    for channel in channels:
        for kind in NoticeKind:
            set_notice(member, kind, wanted=(kind, channel) in wanted, channel=channel)
