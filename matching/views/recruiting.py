"""Why somebody finds nobody, whom the office could look for, and a sheet to read out at a meeting."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.looks import view_list
from accounts.models import Intergroup
from matching.actions import recruiting as actions
from matching.actions.errors import AlreadyWorking, NotAllowed, TooLate
from matching.forms.recruiting import RecruitsForm
from matching.queries import recruiting as queries
from matching.queries.paged import paged
from matching.queries.recruiting import last
from matching.states import RecruitingState
from matching.views.coordinators import CoordinatorRequest, office_called, page_number, signed_in, why_not
from matching.views.rounds import look_again

PAGE = 25


@require_safe
@signed_in
def why(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """The last search: whom to look for, and for each who waits in vain what stands in the way."""
    return _page(request, office_called(request, slug))


def _page(request: CoordinatorRequest, office: Intergroup, *, status: int = 200, trouble: str = "") -> HttpResponse:
    search = last(office)
    form = RecruitsForm(request.GET if "number" in request.GET else None)
    wrong = form.is_bound and not form.is_valid()
    context: dict[str, Any] = {"office": office, "search": search, "form": form, "trouble": trouble}
    if search is not None and search.state == RecruitingState.WORKING:
        context |= {"look_again": look_again(request), "steps": queries.STEPS, "done": queries.steps_done(search)}
    elif search is not None and search.state == RecruitingState.DONE:
        number = page_number(request.GET)
        total, lines = paged(queries.lines(search, request.user), number, PAGE)
        groups = queries.groups(search, form.chosen, request.user)
        shown = [*lines, *(line for group in groups for line in group.people)]
        view_list(by=request.user, people=dict.fromkeys((one.newcomer_id for one in shown), office.pk))
        context |= {
            "page": Paginator(range(total), PAGE).get_page(number),
            "lines": [{"row": one, "why": queries.why(one)} for one in lines],
            "groups": groups,
            "number": form.chosen,
            "gain": sum(search.gains[:-1][: form.chosen]),
            "most": queries.most(search, form.chosen),
        }
    return render(request, "matching/why.html", context, status=422 if wrong and status == 200 else status)


@require_POST
@signed_in
def why_ask(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Have it worked out from how people are now."""
    office = office_called(request, slug)
    try:
        actions.ask(office, by=request.user)
    except AlreadyWorking:
        return _page(request, office, status=409, trouble=_("This is being worked out at present."))
    except NotAllowed as error:
        raise Http404 from error
    return redirect("why", slug=slug)


@require_POST
@signed_in
def why_cancel(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Stop what is being worked out."""
    office = office_called(request, slug)
    try:
        actions.cancel(office, by=request.user)
    except TooLate as error:
        return _page(request, office, status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("Cancelled. Nothing of it is kept, and nobody was told."))
    return redirect("why", slug=slug)


@require_safe
@signed_in
def why_sheet(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Whom the office looks for, on a page that tells of nobody."""
    office = office_called(request, slug)
    search, form = last(office), RecruitsForm(request.GET if "number" in request.GET else None)
    done = search is not None and search.state == RecruitingState.DONE
    context = {
        "office": office,
        "search": search,
        "number": form.chosen,
        "sheet": queries.sheet(search, form.chosen) if search is not None and done else None,
    }
    return render(request, "matching/why_sheet.html", context)
