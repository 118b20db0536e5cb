"""The report of an intergroup: on a page, on one sheet for the monthly meeting, and as a file."""

import csv
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import clock
from matching.forms.reports import PeriodForm
from matching.queries import report_pages
from matching.queries.reports import figures
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in


def _context(request: CoordinatorRequest, slug: str) -> dict[str, Any]:
    office = office_called(request, slug)
    form = PeriodForm(request.GET, today=clock.today(office.zone), zone=office.zone)
    found = figures(office, form.period)
    return {
        "office": office,
        "form": form,
        "period": form.period,
        "short": report_pages.in_short(found),
        "sections": report_pages.sections(found),
        "address": f"first={form.period.first:%Y-%m}&last={form.period.last:%Y-%m}",
    }


@require_safe
@signed_in
def report(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Pictures and tables of a period."""
    context = _context(request, slug)
    return render(request, "matching/report.html", context, status=422 if context["form"].errors else 200)


@require_safe
@signed_in
def report_sheet(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """The same on one sheet of A4."""
    return render(request, "matching/report_sheet.html", _context(request, slug))


@require_safe
@signed_in
def report_file(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """The same figures as a file: one line a figure, after the section it belongs to."""
    context = _context(request, slug)
    name = f"report-{slug}-{context['period'].first:%Y-%m}-{context['period'].last:%Y-%m}.csv"
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    file = csv.writer(answer)
    for what, value in context["short"]:
        file.writerow([_("In short"), what, value])
    for section in context["sections"]:
        file.writerow([])
        file.writerow([section.title, *section.headers])
        file.writerows([section.title, *row] for row in section.rows)
    return answer
