"""The report of an intergroup: on a page, on one sheet for the monthly meeting, and as a file."""

import csv
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.actions.looks import view_list
from matching.forms.reports import NumberForm, PeriodForm
from matching.queries import report_pages
from matching.queries import report_rows as rows
from matching.queries.report_period import Period
from matching.queries.reports import figures
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in

PAGE = 25


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
        "address": _address(form.period),
    }


def _address(period: Period) -> str:
    return f"first={period.first:%Y-%m}&last={period.last:%Y-%m}"


@require_safe
@signed_in
def report(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Pictures and tables of a period."""
    context = _context(request, slug)
    return render(request, "matching/report.html", context, status=422 if context["form"].errors else 200)


@require_safe
@signed_in
def report_rows(request: CoordinatorRequest, slug: str, number: str) -> HttpResponse:
    """The people behind the number that the address names."""
    office, asked = office_called(request, slug), NumberForm(request.GET).number(number)
    if asked is None:
        raise Http404
    form = PeriodForm(request.GET, today=clock.today(office.zone), zone=office.zone)
    pairs = asked.name == rows.PAIRS
    found: Any = (
        rows.pairs(office, form.period, request.user)
        if pairs
        else rows.requests(office, form.period, asked, request.user)
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    view_list(by=request.user, people=dict.fromkeys(_members(page.object_list, pairs), office.pk))
    context = {
        "office": office,
        "title": rows.title(asked),
        "pairs": pairs,
        "page": page,
        "period": None if asked.name in rows.OF_TODAY else form.period,
        "address": _address(form.period),
    }
    return render(request, "matching/report_rows.html", context)


def _members(found: Any, pairs: bool) -> list[UUID]:
    if pairs:
        return [member for one in found for member in (one.sponsor_id, one.sponsee_id)]
    return [one.member_id for one in found]


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
    for what, value, _number in context["short"]:
        file.writerow([_("In short"), what, value])
    for section in context["sections"]:
        file.writerow([])
        file.writerow([section.title, *section.headers])
        file.writerows([section.title, *row] for row in section.rows)
    return answer
