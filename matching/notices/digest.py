"""The one letter a week: how many questions wait, and where they are answered."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from matching.models import NoticeKind
from matching.notices.notice import Facts, Notice
from matching.states import LIVE_PAIRING, CheckInState


def _waiting() -> QuerySet[Any]:
    """Members who still have the letter, and for whom a question waits: ``waiting`` of them, on the page it leads
    to."""
    asked = Q(checkins__state=CheckInState.OPEN, checkins__pairing__state__in=LIVE_PAIRING)
    return (
        User.objects.filter(digest__isnull=False)
        .annotate(waiting=Count("checkins", filter=asked))
        .filter(waiting__gt=0)
    )


def _words(member: Any) -> str:
    return ngettext(
        "%(count)d short question waits for you. One tap answers it.",
        "%(count)d short questions wait for you. One tap answers each of them.",
        member.waiting,
    ) % {"count": member.waiting}


NOTICES: dict[str, Notice] = {
    "digest": Notice(
        _("Your letter of the week"),
        _words,
        _("Look and answer"),
        Facts("member", _waiting, lambda member: reverse("questions")),
        NoticeKind.CHECK_INS,
    )
}
