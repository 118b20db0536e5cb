"""The list of newcomers."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actions.looks import view_list
from accounts.models import Language
from matching.forms.people import NewcomerFilter, SearchForm
from matching.queries.name_search import searching
from matching.queries.newcomers import Search, listed_newcomers
from matching.views.coordinators import CoordinatorRequest, signed_in
from matching.views.people_search import areas_of, kept_word
from matching.words import listed

PAGE = 25


@require_safe
@signed_in
def newcomers(request: CoordinatorRequest) -> HttpResponse:
    """Who looks for a sponsor, or has found one: filtered, sorted and paged by the address."""
    form, word = NewcomerFilter(request.GET, areas=areas_of(request)), kept_word(request)
    with searching(word):
        page = Paginator(listed_newcomers(request.user, form.wanted(), word), PAGE).get_page(request.GET.get("page"))
        lines = [
            {"person": one, "search": Search(one.search), "languages": listed(Language, one.languages)}  # type: ignore[attr-defined]
            for one in page.object_list
        ]
    view_list(by=request.user, people={one.pk: one.intergroup_id for one in page.object_list})
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "word": word,
        "search": SearchForm(initial={"word": word, "where": "newcomers"}),
    }
    return render(request, "matching/newcomers.html", context)
