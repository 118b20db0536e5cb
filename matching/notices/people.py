"""What the office has decided about somebody's part, told kindly."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import PauseReason, Sponsor, User
from matching.models import SponsorRequest
from matching.notices.notice import LOOK, NEWS, Facts, Ids, Notice
from matching.states import LIVE_REQUEST


def _declined(ids: Ids) -> str | None:
    """Of several that were said and taken back only the no that stands is told."""
    if "at" not in ids:
        return None
    same = Sponsor.objects.filter(pk=UUID(ids["sponsor"]), declined_at=datetime.fromisoformat(ids["at"]))
    return reverse("profile") if same.filter(user__is_active=True).exists() else None


def _paused() -> QuerySet[Sponsor]:
    return Sponsor.objects.filter(pause_reason=PauseReason.OFFICE, user__is_active=True)


def _active() -> QuerySet[User]:
    return User.objects.filter(is_active=True)


NOTICES: dict[str, Notice] = {
    "application_declined": Notice(
        NEWS,
        _(
            "Thank you for what you have offered. We do not take it up for now. It says nothing about you as a person,"
            " and you can offer it again at any time."
        ),
        LOOK,
        _declined,
    ),
    "paused_by_office": Notice(
        NEWS,
        _("We have made a pause for you: nobody new comes to you for now. Nothing else changes, and one tap ends it."),
        LOOK,
        Facts("sponsor", _paused, lambda sponsor: reverse("profile")),
    ),
    "handed_over": Notice(
        NEWS,
        _(
            "The other person can't go on at present. It is nobody's fault, and not about you. We look for somebody new"
            " with you already, and the time you have waited counts."
        ),
        LOOK,
        Facts(
            "request",
            lambda: SponsorRequest.objects.filter(state__in=LIVE_REQUEST),
            lambda request: reverse("request"),
        ),
    ),
    "all_handed_over": Notice(
        NEWS,
        _("It is arranged: nobody new comes to you, and everybody else has heard from us. Thank you for all you did."),
        LOOK,
        Facts("member", _active, lambda member: reverse("home")),
    ),
    "account_open_again": Notice(
        NEWS,
        _("Your account is open again. You can sign in as before."),
        LOOK,
        Facts("member", _active, lambda member: reverse("home")),
    ),
}
