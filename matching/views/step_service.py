"""The service log: quick to log, the year as a picture, the entries page by page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.views.access import MemberRequest, member_required
from matching.actions.step_service import log_service, remove_service
from matching.forms.step_service import ServiceForm
from matching.models import ServiceEntry
from matching.pictures import tree
from matching.queries import step_service as queries
from matching.queries.step_service import Month

PAGE = 20

# The picture's grid, in units of its viewBox.
BAR_STEP, BAR_WIDTH, TALLEST, BASELINE = 40, 26, 110, 136


@require_safe
@member_required
def service(request: MemberRequest) -> HttpResponse:
    """What the member did for others."""
    return _page(request, ServiceForm(zone=request.profile.zone))


def _page(request: MemberRequest, form: ServiceForm) -> HttpResponse:
    months = queries.last_year(request.user, clock.today(request.profile.zone))
    context = {
        **_line(request),
        "form": form,
        "page": Paginator(queries.entries_of(request.user), PAGE).get_page(request.GET.get("page")),
        "bars": _bars(months),
        "rows": [[formats.date_format(month.first, "F Y"), month.count, month.talks] for month in months],
        "total": sum(month.count for month in months),
        "talks": sum(month.talks for month in months),
        "headers": [_("Month"), _("Times"), _("Talks with people you sponsor")],
        "width": BAR_STEP * len(months),
        "bar_width": BAR_WIDTH,
        "baseline": BASELINE,
    }
    return render(request, "matching/service.html", context, status=422 if form.errors else 200)


def _line(request: MemberRequest) -> dict[str, Any]:
    """The line of sponsorship as a picture and as rows; nothing for whoever has none."""
    line = queries.line_of(request.user)
    if not line.sponsors and not line.sponsees:
        return {}
    own = request.profile.display_name
    rows = [
        *([_("Sponsors you"), name] for name in line.sponsors),
        [_("You"), own],
        *([_("You sponsor"), name] for name in line.sponsees),
    ]
    return {
        "line": tree(line.sponsors, own, line.sponsees),
        "line_rows": rows,
        "line_headers": [_("Place in the line"), _("Name")],
    }


def _bars(months: list[Month]) -> list[dict[str, Any]]:
    """Where each month's bar stands; an empty month keeps its place."""
    most = max(month.count for month in months) or 1
    return [
        {
            "x": at * BAR_STEP + (BAR_STEP - BAR_WIDTH) // 2,
            "middle": at * BAR_STEP + BAR_STEP // 2,
            "height": round(TALLEST * month.count / most),
            "y": BASELINE - round(TALLEST * month.count / most),
            "above": BASELINE - round(TALLEST * month.count / most) - 5,
            "count": month.count,
            "name": formats.date_format(month.first, "M"),
        }
        for at, month in enumerate(months)
    ]


@require_POST
@member_required
def service_add(request: MemberRequest) -> HttpResponse:
    """Log one piece of service."""
    form = ServiceForm(request.POST, zone=request.profile.zone)
    if not form.is_valid():
        return _page(request, form)
    entry = log_service(by=request.user, **form.cleaned_data)
    told = {"what": entry.get_kind_display(), "day": formats.date_format(entry.on, "MONTH_DAY_FORMAT")}
    messages.success(request, _("Logged: %(what)s, %(day)s. You can remove it below.") % told)
    return redirect("service")


@require_POST
@member_required
def service_remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take an entry out again."""
    entry = get_object_or_404(ServiceEntry.objects.of(request.user), pk=pk)
    remove_service(entry, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("service")
