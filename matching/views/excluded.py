"""Whom a rule keeps from a request."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.actions.looks import view_list
from matching.office_words import RULE_BROKEN
from matching.queries import reviews
from matching.queries.excluded import excluded_by, listable
from matching.queries.paged import paged
from matching.states import LIVE_REQUEST
from matching.views.coordinators import CoordinatorRequest, page_number, seen, signed_in

PAGE = 25


@require_safe
@signed_in
def coordinate_excluded(request: CoordinatorRequest, pk: UUID, rule: str) -> HttpResponse:
    """The sponsors whom the rule of the address is the first to exclude, as they are now."""
    wish = seen(request, reviews.requests_with_names(request.user), pk)
    asked = listable(rule)
    if asked is None:
        raise Http404
    if wish.state not in LIVE_REQUEST:
        return redirect("coordinate_request", pk=pk)
    number, without = page_number(request.GET), reviews.not_to_propose(wish, request.user)
    total, rows = paged(excluded_by(asked, wish, request.user, without=without), number, PAGE)
    view_list(by=request.user, people=dict.fromkeys((one.pk for one in rows), wish.intergroup_id))
    context = {
        "wish": wish,
        "reason": RULE_BROKEN[asked],
        "page": Paginator(range(total), PAGE).get_page(number),
        "lines": [{"sponsor": one, "load": reviews.load_in_words(one)} for one in rows],
    }
    return render(request, "matching/coordinate_excluded.html", context)
