"""The review: both people side by side, and the coordinator's yes or no, which can be taken back for a while."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.actions.people import view_people
from matching.actions.decisions import decide, take_back
from matching.actions.errors import NoLongerFits, NotAllowed
from matching.actions.review_questions import ask_in_review
from matching.forms.reviews import QuestionForm, RejectForm
from matching.models import Offer, Verdict
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
    request: CoordinatorRequest,
    offer: Offer,
    *,
    form: RejectForm | None = None,
    ask: QuestionForm | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    both = (offer.request.member, offer.sponsor)
    view_people(by=request.user, members=both, intergroup_id=offer.request.intergroup_id, offer=offer.pk)
    decision = reviews.decision_on(offer)
    asked = reviews.questions_of(offer)
    to_ask = reviews.can_be_asked(offer, asked)
    context = {
        "offer": offer,
        "pair": reviews.pair_of(offer),
        "form": form or RejectForm(),
        "asked": asked,
        "ask": (ask or QuestionForm(people=to_ask)) if to_ask else None,
        "open": offer.state == OfferState.IN_REVIEW and decision is None,
        "decision": decision,
        "history": [one for one in reviews.history(offer.request) if one.pk != offer.pk],
        "contact": last_contact(offer.pk, clock.now()) if offer.state == OfferState.PAIRED else "",
        "trouble": trouble,
        **reviews.neighbours(offer),
    }
    return render(request, "matching/review.html", context, status=status)


def _moved(request: CoordinatorRequest, pk: UUID, act: Callable[[Offer], str]) -> HttpResponse:
    """Let a coordinator decide, and go on to the next review; or say why not."""
    try:
        words = act(_found(request, pk))
    except (IllegalMove, NoLongerFits) as error:
        return _page(request, _found(request, pk), status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, words)
    return redirect("coordinate")


@require_POST
@signed_in
def review_approve(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Yes: in ten minutes the two are paired and see how to reach each other."""

    def act(offer: Offer) -> str:
        decide(offer, Verdict.APPROVE, by=request.user)
        return _("Approved. In ten minutes both see how to reach each other; until then you can take it back below.")

    return _moved(request, pk, act)


@require_POST
@signed_in
def review_reject(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """No, with a reason: in ten minutes the next of the newcomer's choices is asked."""
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, _found(request, pk), form=form, status=422)

    def act(offer: Offer) -> str:
        decide(offer, Verdict.REJECT, by=request.user, reason=form.cleaned_data["reason"])
        return _("Not approved. In ten minutes the next sponsor is asked; until then you can take it back below.")

    return _moved(request, pk, act)


@require_POST
@signed_in
def review_ask(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Ask one of the two something; the review stays open."""
    offer = _found(request, pk)
    form = QuestionForm(request.POST, people=reviews.can_be_asked(offer, reviews.questions_of(offer)))
    if not form.is_valid():
        return _page(request, offer, ask=form, status=422)
    try:
        ask_in_review(offer, form.cleaned_data["whom"], form.cleaned_data["text"], by=request.user)
    except IllegalMove as error:
        return _page(request, _found(request, pk), status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("Asked. The answer will stand here, and you get a mail."))
    return redirect("review", pk=pk)


@require_POST
@signed_in
def review_take_back(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Take a decision back before it is carried out."""

    def act(offer: Offer) -> str:
        take_back(offer, by=request.user)
        return _("Taken back. Nobody was told.")

    return _moved(request, pk, act)
