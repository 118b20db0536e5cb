"""A sponsor whose seats are taken, proposed with a written reason: they decide whether to make room for one more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions.looks import view_list
from matching.actions import offers
from matching.actions.errors import NoLongerFits, NotAllowed
from matching.forms.reviews import FullForm
from matching.models import SponsorRequest
from matching.queries import reviews
from matching.states import LIVE_REQUEST, IllegalMove
from matching.views.coordinators import CoordinatorRequest, seen, signed_in, why_not


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def coordinate_full(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Who would fit with a seat more; propose one of them. The newcomer chooses, and then the sponsor decides."""
    wish = seen(request, reviews.requests_with_names(request.user), pk)
    if wish.state not in LIVE_REQUEST:
        return redirect("coordinate_request", pk=pk)
    candidates = reviews.full_ones(wish, without=reviews.not_to_propose(wish, request.user))
    told: dict[str, Any] = {"candidates": candidates, "names": [wish.member.profile.display_name]}
    if request.method != "POST":
        return _page(request, wish, candidates, FullForm(**told))
    form = FullForm(request.POST, **told)
    if not form.is_valid():
        return _page(request, wish, candidates, form, status=422)
    sponsor_id, reason = form.cleaned_data["sponsor"], form.cleaned_data["reason"]
    try:
        offers.propose_offer(wish, sponsor_id, by=request.user, seat_reason=reason)
    except (IllegalMove, NoLongerFits) as error:
        return _page(request, wish, candidates, form, status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("Proposed. The newcomer has three days to say yes or no, then the sponsor decides."))
    return redirect("coordinate_request", pk=pk)


def _page(
    request: CoordinatorRequest,
    wish: SponsorRequest,
    candidates: list[reviews.Candidate],
    form: FullForm,
    *,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    view_list(by=request.user, people=dict.fromkeys((one.key for one in candidates), wish.intergroup_id))
    context = {"wish": wish, "candidates": candidates, "form": form, "trouble": trouble}
    context["chosen"] = str(form["sponsor"].value() or "")
    return render(request, "matching/coordinate_full.html", context, status=status)
