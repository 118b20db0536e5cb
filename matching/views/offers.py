"""The sponsor's side: the offers made to them, and their answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.views.access import MemberRequest, member_required
from matching import words
from matching.actions.errors import NoLongerFits, NoSeat
from matching.actions.offers import accept_offer, decline_offer
from matching.forms.offers import AcceptForm, DeclineAndPauseForm
from matching.models import Offer
from matching.queries import offers as reads
from matching.states import IllegalMove, OfferState

PAGE = 20

STANDS = {
    OfferState.IN_REVIEW: gettext_lazy("You said yes. A coordinator takes a last look. Then you hear from us."),
    OfferState.PAIRED: gettext_lazy("You said yes, and you were introduced."),
    OfferState.DECLINED: gettext_lazy("You said no. That is fine, and nobody is told why."),
    OfferState.EXPIRED: gettext_lazy("The time to answer is over, and we ask somebody else. That is fine too."),
    OfferState.REJECTED: gettext_lazy("It did not come about. It is not about you, and thank you for your yes."),
    OfferState.WITHDRAWN: gettext_lazy("This is no longer open. You need not do anything."),
}


@require_safe
@member_required
def offers(request: MemberRequest) -> HttpResponse:
    """Those that wait for an answer, then the others, newest first."""
    now = clock.now()
    page = Paginator(reads.offers_to(request.user), PAGE).get_page(request.GET.get("page"))
    waiting = [offer for offer in page.object_list if reads.waits(offer, now)]
    context = {
        "page": page,
        "waiting": [(one, words.moment(one.expires_at)) for one in waiting if one.expires_at],
        "others": [
            (one, reads.is_named(one, now), _stands(one)) for one in page.object_list if not reads.waits(one, now)
        ],
    }
    return render(request, "matching/offers.html", context)


def _stands(offer: Offer) -> str:
    """Where an offer is that no longer waits; one whose time has just run out says so before the tick writes it."""
    return str(STANDS[OfferState.EXPIRED if offer.state == OfferState.SENT else OfferState(offer.state)])


def _found(request: MemberRequest, pk: UUID) -> Offer:
    return get_object_or_404(reads.offers_to(request.user), pk=pk)


@require_safe
@member_required
def offer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Who asks and why, and the answers there are."""
    return _page(request, _found(request, pk))


def _page(
    request: MemberRequest,
    offer: Offer,
    *,
    accept: AcceptForm | None = None,
    pause: DeclineAndPauseForm | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    now = clock.now()
    context: dict[str, Any] = {"offer": offer, "trouble": trouble, "zone": request.profile.zone}
    if reads.is_named(offer, now):
        context["asker"] = reads.asker_of(offer, request.profile)
    if reads.waits(offer, now) and offer.expires_at is not None:
        context["until"] = words.moment(offer.expires_at)
        context["accept"] = accept or AcceptForm()
        side = request.user.sponsor if offer.seat_reason else None
        context["make_room"] = side is not None and not side.seats_free
        context["pause"] = pause or DeclineAndPauseForm(zone=request.profile.zone)
    else:
        context["stands"] = _stands(offer)
    return render(request, "matching/offer.html", context, status=status)


@require_POST
@member_required
def offer_accept(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Yes, with a first word if they like."""
    found, form = _found(request, pk), AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, found, accept=form, status=422)
    try:
        accepted = accept_offer(found, by=request.user, note=form.cleaned_data["note"])
    except (IllegalMove, NoLongerFits) as error:
        return _page(request, _found(request, pk), accept=form, status=409, trouble=_why_not(error))
    messages.success(request, _("Thank you for your yes."))
    if accepted.state == OfferState.PAIRED:
        return redirect("pairing", accepted.pairing.pk)
    return redirect("offer", pk)


def _why_not(error: Exception) -> str:
    """What a sponsor is told whose yes came too late. Only of their own places is more said than that."""
    if isinstance(error, NoSeat):
        return _("All your places are taken at present. You can offer more of them in your profile.")
    if isinstance(error, NoLongerFits):
        return _("This can't go ahead at present. It is nobody's fault, and you need not do anything.")
    return _("This has moved on meanwhile, and nothing was changed. Below is how it stands now.")


@require_POST
@member_required
def offer_decline(request: MemberRequest, pk: UUID) -> HttpResponse:
    """No, and with ``pause`` nobody else for a while, in one step."""
    found, until = _found(request, pk), None
    if "pause" in request.POST:
        form = DeclineAndPauseForm(request.POST, zone=request.profile.zone)
        if not form.is_valid():
            return _page(request, found, pause=form, status=422)
        until = form.cleaned_data["until"]
    try:
        decline_offer(found, by=request.user, pause_until=until)
    except IllegalMove as error:
        return _page(request, _found(request, pk), status=409, trouble=_why_not(error))
    if until is None:
        messages.success(request, _("Thank you for answering. No is a fine answer."))
    else:
        day = formats.date_format(until, "DATE_FORMAT")
        messages.success(request, _("Thank you for answering. Nobody new is sent to you until %(day)s.") % {"day": day})
    return redirect("offers")
