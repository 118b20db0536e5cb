"""What is said about a request that waits."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import NoticeKind, SponsorRequest
from matching.notices.notice import LOOK, NEWS, WAITS, Facts, Notice, Where, to
from matching.states import LIVE_REQUEST


def _request(url: str) -> Where:
    def path(request: SponsorRequest) -> str:
        return reverse(url, args=[request.pk]) if url == "coordinate_request" else reverse(url)

    return Facts("request", lambda: SponsorRequest.objects.filter(state__in=LIVE_REQUEST), path)


NOTICES: dict[str, Notice] = {
    "choose_again": Notice(
        NEWS,
        _("The people you chose could not say yes this time. It is not about you. There may be others to choose from."),
        LOOK,
        _request("suggestions"),
    ),
    "looked_after": Notice(
        NEWS,
        _("It takes longer than it should. A volunteer now looks after it and will be in touch."),
        LOOK,
        _request("request"),
        NoticeKind.NEWS,
    ),
    "needs_coordinator": Notice(
        WAITS, _("Somebody has waited too long and needs you."), LOOK, _request("coordinate_request")
    ),
    "request_closed": Notice(
        NEWS,
        _("We looked for two months and found nobody. We have stopped looking. You can start again at any time."),
        LOOK,
        to("request"),
    ),
}
