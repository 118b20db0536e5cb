"""The list of sponsors, and the yes to an application."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.sponsors import approve_sponsor
from accounts.models import Language, Sponsor
from matching import words
from matching.forms.people import SearchForm, SponsorFilter
from matching.queries.name_search import searching
from matching.queries.reviews import load_in_words
from matching.queries.sponsors import Standing, checklist, listed, sponsors_for, standing_notes
from matching.views.coordinators import CoordinatorRequest, seen, signed_in
from matching.views.people_search import areas_of, kept_word

PAGE = 25


@require_safe
@signed_in
def coordinate_sponsors(request: CoordinatorRequest) -> HttpResponse:
    """Who sponsors: filtered, sorted and paged by the address."""
    return _page(request)


def _page(request: CoordinatorRequest, *, status: int = 200, trouble: str = "") -> HttpResponse:
    form, word = SponsorFilter(request.GET, areas=areas_of(request)), kept_word(request)
    with searching(word):
        page = Paginator(listed(request.user, form.wanted(), word), PAGE).get_page(request.GET.get("page"))
        lines = [_line(one) for one in page.object_list]
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "word": word,
        "search": SearchForm(initial={"word": word, "where": "sponsors"}),
        "trouble": trouble,
    }
    return render(request, "matching/coordinate_sponsors.html", context, status=status)


def _line(one: Sponsor) -> dict[str, Any]:
    standing = Standing(one.standing)  # type: ignore[attr-defined]
    return {
        "sponsor": one,
        "standing": standing,
        "notes": standing_notes(one, standing),
        "load": load_in_words(one),
        "languages": words.listed(Language, one.user.profile.languages),
        "checks": checklist(one) if one.approved_at is None else [],
    }


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
