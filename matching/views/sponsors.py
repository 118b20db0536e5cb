"""The list of sponsors."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actions.looks import view_list
from accounts.models import Language, Sponsor
from matching import words
from matching.forms.people import SearchForm, SponsorFilter
from matching.queries.name_search import searching
from matching.queries.reviews import load_in_words
from matching.queries.sponsors import Standing, listed, standing_notes
from matching.views.coordinators import CoordinatorRequest, signed_in
from matching.views.people_search import areas_of, kept_word

PAGE = 25


@require_safe
@signed_in
def coordinate_sponsors(request: CoordinatorRequest) -> HttpResponse:
    """Who sponsors: filtered, sorted and paged by the address."""
    form, word = SponsorFilter(request.GET, areas=areas_of(request)), kept_word(request)
    with searching(word):
        page = Paginator(listed(request.user, form.wanted(), word), PAGE).get_page(request.GET.get("page"))
        lines = [_line(one) for one in page.object_list]
    view_list(by=request.user, people={one.pk: one.user.profile.intergroup_id for one in page.object_list})
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "word": word,
        "search": SearchForm(initial={"word": word, "where": "sponsors"}),
    }
    return render(request, "matching/coordinate_sponsors.html", context)


def _line(one: Sponsor) -> dict[str, Any]:
    standing = Standing(one.standing)  # type: ignore[attr-defined]
    return {
        "sponsor": one,
        "standing": standing,
        "notes": standing_notes(one, standing),
        "load": load_in_words(one),
        "seats": _("%(taken)s of %(seats)s") % {"taken": one.seats_taken, "seats": one.seats},
        "languages": words.listed(Language, one.user.profile.languages),
    }
