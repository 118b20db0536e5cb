"""Everything that a coordinator may see of their office, as lists in one file."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.models import Intergroup, User
from matching.actions import exports
from matching.actions.errors import NotAllowed
from matching.queries.exports import lists_of
from matching.sheet.out import zipped
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def office_export(request: CoordinatorRequest, slug: str) -> HttpResponseBase:
    """What is in it; a POST gives it, so that no link or prefetch makes one."""
    office = office_called(request, slug)
    if request.method != "POST":
        return _page(request, office)
    try:
        exports.take_along(office, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    pieces = _pieces(request.user, office, translation.get_language() or "en")
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{clock.today(office.zone):%Y-%m-%d}.zip"'
    return answer


def _page(request: CoordinatorRequest, office: Intergroup) -> HttpResponse:
    return render(request, "matching/office_export.html", {"office": office})


def _pieces(user: User, office: Intergroup, language: str) -> Iterator[bytes]:
    """The file, written while it goes out: by then the reader's language is no longer set for the request."""
    now = clock.now()
    with translation.override(language):
        here = now.astimezone(ZoneInfo(office.zone))
        text = _(
            "%(office)s, %(day)s. This holds what is told in confidence: keep it safe, and delete it after use."
        ) % {
            "office": office.name,
            "day": formats.date_format(here, "DATE_FORMAT"),
        }
        yield from zipped(lists_of(user, office, now), text=text + "\n", at=here)
