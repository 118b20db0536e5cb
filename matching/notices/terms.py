"""What those hear who serve an office: that their time ends soon, and that something there is to be looked over."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Coordinator, User
from matching.notices.notice import LOOK, Facts, Notice


def _serving() -> QuerySet[User]:
    """Those whose term runs."""
    return User.objects.filter(pk__in=Coordinator.objects.serving(clock.now()).values("user"))


NOTICES: dict[str, Notice] = {
    "term_ends": Notice(
        _("A date comes near"),
        _("The time for which you said that you would help ends soon. Have a look at who goes on."),
        LOOK,
        Facts("member", _serving, lambda member: reverse("coordinate")),
    ),
    "numbers_due": Notice(
        _("Something to look over"),
        _("Once a year a short list of phone numbers wants a look. Please check that each still answers."),
        LOOK,
        Facts("member", _serving, lambda member: reverse("coordinate")),
    ),
}
