"""The page of one request, for coordinators."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.actions.looks import view_list
from accounts.actions.people import view_person
from matching.actions import offers
from matching.actions.errors import NoLongerFits, NotAllowed
from matching.forms.reviews import ProposeForm
from matching.models import SponsorRequest
from matching.queries import reviews
from matching.states import LIVE_OFFER, LIVE_REQUEST, IllegalMove, OfferState
from matching.views.coordinators import CoordinatorRequest, seen, signed_in, why_not


def _found(request: CoordinatorRequest, pk: UUID) -> SponsorRequest:
    return seen(request, reviews.requests_with_names(request.user), pk)


@require_safe
@signed_in
def coordinate_request(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Who waits and what has been tried; with ``?look=1`` who would fit, and why not the others."""
    wish = _found(request, pk)
    if "look" in request.GET and wish.state in LIVE_REQUEST:
        return _looked(request, wish, reviews.outlook(wish, without=reviews.not_to_propose(wish, request.user)))
    return _told(request, wish)


def _told(request: CoordinatorRequest, wish: SponsorRequest, *, status: int = 200, trouble: str = "") -> HttpResponse:
    view_person(by=request.user, member=wish.member, intergroup_id=wish.intergroup_id, request=wish.pk)
    tried = list(reviews.history(wish))
    context = {
        "wish": wish,
        "facts": reviews.person_facts(wish.member.profile, clock.now()),
        "history": tried,
        "held": next((offer for offer in tried if offer.state in LIVE_OFFER), None),
        "in_review": OfferState.IN_REVIEW,
        "trouble": trouble,
    }
    return render(request, "matching/coordinate_request.html", _around(wish, "told", context), status=status)


def _looked(
    request: CoordinatorRequest,
    wish: SponsorRequest,
    outlook: reviews.Outlook,
    *,
    form: ProposeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    form = form or ProposeForm(candidates=outlook.candidates)
    view_list(by=request.user, people=dict.fromkeys((one.key for one in outlook.candidates), wish.intergroup_id))
    context = {"outlook": outlook, "form": form, "chosen": str(form["sponsor"].value() or "")}
    return render(request, "matching/coordinate_request.html", _around(wish, "look", context), status=status)


def _around(wish: SponsorRequest, part: str, context: dict[str, Any]) -> dict[str, Any]:
    url = reverse("coordinate_request", args=[wish.pk])
    tabs = [{"label": _("The request"), "url": url, "current": part == "told"}]
    if wish.state in LIVE_REQUEST:
        tabs.append({"label": _("Who could fit"), "url": f"{url}?look=1", "current": part == "look"})
    return {"wish": wish, "part": part, "tabs": tabs, "live": wish.state in LIVE_REQUEST, **context}


@require_POST
@signed_in
def coordinate_propose(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Propose a sponsor; the newcomer still chooses."""
    wish = _found(request, pk)
    if wish.state not in LIVE_REQUEST:
        return _told(request, wish, status=409, trouble=why_not(IllegalMove()))
    outlook = reviews.outlook(wish, without=reviews.not_to_propose(wish, request.user))
    form = ProposeForm(request.POST, candidates=outlook.candidates)
    if not form.is_valid():
        return _looked(request, wish, outlook, form=form, status=422)
    try:
        offers.propose_offer(wish, form.cleaned_data["sponsor"], by=request.user)
    except (IllegalMove, NoLongerFits) as error:
        return _told(request, _found(request, pk), status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("Proposed. The newcomer has three days to say yes or no."))
    return redirect("coordinate_request", pk=pk)
