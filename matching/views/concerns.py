"""What a member reported about another, for the coordinators whom it does not concern."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions.people import view_people
from accounts.models import Report
from matching.actions.reports import settle_report
from matching.queries.coordinate import reports_for
from matching.views.coordinators import CoordinatorRequest, seen, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def concern(request: CoordinatorRequest, pk: int) -> HttpResponse:
    """Who reported whom and how to reach whoever did, until a coordinator says that they have looked into it."""
    found = reports_for(request.user).select_related("by__profile", "by__contact", "about__profile")
    report = seen(request, found, pk)
    if request.method != "POST":
        return _page(request, report)
    if settle_report(report, by=request.user):
        messages.success(request, _("Thank you. This no longer waits."))
    else:
        messages.info(request, _("Somebody of your office has looked into it already."))
    return redirect("coordinate")


def _page(request: CoordinatorRequest, report: Report) -> HttpResponse:
    both = [one for one in (report.by, report.about) if one is not None]
    view_people(by=request.user, members=both, intergroup_id=report.intergroup_id, report=report.pk)
    context = {"report": report, "contact": getattr(report.by, "contact", None)}
    return render(request, "matching/concern.html", context)
