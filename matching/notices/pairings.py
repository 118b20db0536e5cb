"""What the two of a pairing hear about it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import Pairing
from matching.notices.notice import LOOK, NEWS, WAITS, Facts, Notice, to
from matching.states import LIVE_PAIRING

PAIRING = Facts(
    "pairing",
    lambda: Pairing.objects.filter(state__in=LIVE_PAIRING),
    lambda pairing: reverse("pairing", args=[pairing.pk]),
)


NOTICES: dict[str, Notice] = {
    "paired": Notice(NEWS, _("You can get in touch with each other now. Here is how."), _("See how"), PAIRING),
    "pairing_ended": Notice(
        NEWS,
        _("The other person would like to go on differently. That is normal, and nobody's fault."),
        LOOK,
        to("home"),
    ),
    "report_filed": Notice(WAITS, _("Somebody told us that something was not right."), LOOK, to("coordinate")),
}
