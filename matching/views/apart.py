"""Keeping apart from somebody: a page that says what it means, and a list on which it can be taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.views.access import MemberRequest, member_required
from matching.actions.apart import lift_bar, stay_apart
from matching.queries import apart as reads
from matching.queries.apart import Met

WAYS: dict[str, tuple[Callable[[User, Any], Met | None], str]] = {
    "pairing": (reads.met_in_pairing, "pairing"),
    "bridge": (reads.met_in_bridge, "bridge_of_two"),
    "offer": (reads.met_in_offer, ""),
    "suggestion": (reads.met_in_suggestion, ""),
}
"""How somebody was met: who finds them, and the page of the two on which something can be reported as well."""


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def apart_from(request: MemberRequest, way: str, pk: UUID | int) -> HttpResponse:
    """What it means to be kept apart from this person, and the button."""
    find, page = WAYS[way]
    met = find(request.user, pk)
    if met is None:
        raise Http404
    if request.method != "POST":
        report_at = reverse(page, args=[pk]) if page else ""
        return render(request, "matching/apart_from.html", {"name": met.name, "report_at": report_at})
    stay_apart(met.by, by=request.user)
    messages.success(request, _("You two are kept apart from now on. Nobody is told."))
    return redirect("apart")


@require_safe
@member_required
def apart(request: MemberRequest) -> HttpResponse:
    """From whom they keep apart."""
    bars = [(reads.name_of(bar), bar) for bar in reads.bars_of(request.user)]
    return render(request, "matching/apart.html", {"bars": bars})


@require_POST
@member_required
def apart_lift(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one back."""
    bar = get_object_or_404(reads.may_be_lifted(request.user), pk=pk)
    if lift_bar(bar, by=request.user):
        messages.success(request, _("Taken back. What has ended stays ended, and you can meet again one day."))
    return redirect("apart")
