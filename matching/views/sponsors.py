"""The list of sponsors, and the yes to an application."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.sponsors import approve_sponsor
from accounts.models import Area, Language, Scope, Sponsor
from matching.forms.reviews import SponsorFilter
from matching.queries.reviews import load_in_words
from matching.queries.sponsors import Standing, checklist, listed, sponsors_for, standing_notes
from matching.views.coordinators import CoordinatorRequest, offices, seen, signed_in

PAGE = 25


@require_safe
@signed_in
def coordinate_sponsors(request: CoordinatorRequest) -> HttpResponse:
    """Who sponsors: filtered, sorted and paged by the address."""
    return _page(request)


def _page(request: CoordinatorRequest, *, status: int = 200, trouble: str = "") -> HttpResponse:
    form = SponsorFilter(request.GET, areas=Area.objects.filter(intergroup__in=offices(request, Scope.AREA)))
    page = Paginator(listed(request.user, form.wanted()), PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "sponsor": one,
            "standing": Standing(one.standing),  # type: ignore[attr-defined]
            "notes": standing_notes(one, Standing(one.standing)),  # type: ignore[attr-defined]
            "load": load_in_words(one),
            "languages": _languages(one),
            "checks": checklist(one) if one.approved_at is None else [],
        }
        for one in page.object_list
    ]
    context = {"form": form, "page": page, "lines": lines, "trouble": trouble}
    return render(request, "matching/coordinate_sponsors.html", context, status=status)


def _languages(sponsor: Sponsor) -> str:
    return ", ".join(str(Language(code).label) for code in sponsor.user.profile.languages)


@require_POST
@signed_in
def sponsor_approve(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Let somebody sponsor."""
    sponsor = seen(request, sponsors_for(request.user).select_related("user__profile"), pk)
    if sponsor.approved_at is not None:
        return _page(request, status=409, trouble=_("This sponsor is approved already."))
    approve_sponsor(sponsor, by=request.user)
    name = sponsor.user.profile.display_name
    messages.success(request, _("%(name)s may sponsor now.") % {"name": name})
    return redirect(f"{reverse('coordinate_sponsors')}?state=applied")
