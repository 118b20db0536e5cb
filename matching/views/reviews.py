"""The review: both people side by side, and the coordinator's yes or no."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.actions.people import view_person
from matching.actions.errors import NoLongerFits, NotAllowed
from matching.actions.reviews import approve_offer, reject_offer
from matching.forms.reviews import RejectForm
from matching.models import Offer
from matching.queries import reviews
from matching.queries.silence import last_contact
from matching.states import IllegalMove, OfferState
from matching.views.coordinators import CoordinatorRequest, seen, signed_in, why_not


def _found(request: CoordinatorRequest, pk: UUID) -> Offer:
    return seen(request, reviews.offers_for(request.user), pk)


@require_safe
@signed_in
def review(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Both people, the hours they share, the rules and the points."""
    return _page(request, _found(request, pk))


def _page(
    request: CoordinatorRequest, offer: Offer, *, form: RejectForm | None = None, status: int = 200, trouble: str = ""
) -> HttpResponse:
    for member in (offer.request.member, offer.sponsor):
        view_person(by=request.user, member=member, intergroup_id=offer.request.intergroup_id, offer=offer.pk)
    context = {
        "offer": offer,
        "pair": reviews.pair_of(offer),
        "form": form or RejectForm(),
        "open": offer.state == OfferState.IN_REVIEW,
        "contact": last_contact(offer.pk, clock.now()) if offer.state == OfferState.PAIRED else "",
        "trouble": trouble,
    }
    return render(request, "matching/review.html", context, status=status)


@require_POST
@signed_in
def review_approve(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Yes: the two are paired and see how to reach each other."""
    try:
        approve_offer(_found(request, pk), by=request.user)
    except (IllegalMove, NoLongerFits) as error:
        return _page(request, _found(request, pk), status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("Approved. Both now see how to reach each other."))
    return redirect("coordinate")


@require_POST
@signed_in
def review_reject(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """No, with a reason: the next of the newcomer's choices is asked."""
    offer, form = _found(request, pk), RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, offer, form=form, status=422)
    try:
        reject_offer(offer, by=request.user, reason=form.cleaned_data["reason"])
    except IllegalMove as error:
        return _page(request, _found(request, pk), status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("Not approved. The request goes on to the next sponsor."))
    return redirect("coordinate")
