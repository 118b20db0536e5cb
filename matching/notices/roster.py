"""What those hear who are there for somebody new: whether they still are, and that nobody new comes for now."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import OPEN_END, PauseReason, Sponsor
from matching import tokens
from matching.notices.notice import LOOK, NEWS, Facts, Notice


def _page(sponsor: Sponsor) -> str:
    return reverse("roster", args=[tokens.roster_token(sponsor.pk)])


def _asked() -> QuerySet[Sponsor]:
    """Anything they say brings ``asks`` back to nought."""
    return Sponsor.objects.filter(asks__gt=0, approved_at__isnull=False, user__is_active=True)


def _paused(reason: PauseReason) -> Facts:
    def found() -> QuerySet[Sponsor]:
        return Sponsor.objects.filter(pause_reason=reason, paused_until=OPEN_END, user__is_active=True)

    return Facts("sponsor", found, _page)


NOTICES: dict[str, Notice] = {
    "still_there": Notice(
        _("A short question for you"),
        _("May we still send somebody new to you? Yes, a pause and no are all fine."),
        _("Answer with one tap"),
        Facts("sponsor", _asked, _page),
    ),
    "still_there_again": Notice(
        _("A short question for you"),
        _(
            "We ask once more: may we still send somebody new to you? If we hear nothing, we make a pause for you. You"
            " can end it at any time."
        ),
        _("Answer with one tap"),
        Facts("sponsor", _asked, _page),
    ),
    "paused_unconfirmed": Notice(
        NEWS,
        _("We have made a pause for you: nobody new comes to you for now. Nothing else changes, and one tap ends it."),
        LOOK,
        _paused(PauseReason.UNCONFIRMED),
    ),
    "paused_unanswered": Notice(
        NEWS,
        _(
            "Life is full at times, so we have made a pause for you: nobody new comes to you for now. Nothing else"
            " changes, and one tap ends it."
        ),
        LOOK,
        _paused(PauseReason.UNANSWERED),
    ),
}
