"""A coordinator's decision: made with one click, taken back for ten minutes, then carried out by the clock.

Until then nobody is told and nothing is shown, so that taking it back leaves no trace with the two. The rules are asked
again when it is carried out; what stands in the way by then brings the offer back to the coordinators.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching.actions import reviews
from matching.actions.errors import NoLongerFits, NotAllowed, TooLate
from matching.actions.outbox import post
from matching.models import Offer, RejectReason, ReviewDecision, Verdict
from matching.states import OfferState

CAN_BE_TAKEN_BACK = timedelta(minutes=10)

log = logging.getLogger(__name__)


@transaction.atomic
def decide(offer: Offer, verdict: Verdict, *, by: User, reason: str = "") -> ReviewDecision:
    """Decide on an offer in review.

    Raises TooLate when somebody has decided already, NoLongerFits for a yes that a hard rule forbids, NotAllowed for
    whoever may not.
    """
    if verdict == Verdict.APPROVE:
        reviews.may_approve(offer, by=by)
    else:
        reviews.may_decide(offer, by=by)
    if ReviewDecision.objects.filter(pk=offer.pk).exists():
        raise TooLate
    now = clock.now()
    decision = ReviewDecision.objects.create(
        offer=offer,
        verdict=verdict,
        reason=RejectReason(reason) if reason else "",
        by=by,
        at=now,
        due_at=now + CAN_BE_TAKEN_BACK,
    )
    record(by, f"offer.to_{verdict}", offer, intergroup_id=offer.request.intergroup_id)
    return decision


@transaction.atomic
def take_back(offer: Offer, *, by: User) -> None:
    """Take a decision back, one's own or another coordinator's; raises TooLate once it was carried out."""
    request, offer = reviews.may_decide(offer, by=by)
    gone, _ = ReviewDecision.objects.filter(pk=offer.pk).delete()
    if not gone:
        raise TooLate
    record(by, "offer.decision_taken_back", offer, intergroup_id=request.intergroup_id)


def carry_out_decisions() -> int:
    """Carry out what can no longer be taken back; returns how many. Any number of ticks may run at once."""
    due = ReviewDecision.objects.filter(due_at__lte=clock.now()).values_list("pk", flat=True)
    return sum(_carry_out(pk) for pk in list(due))


def _carry_out(pk: UUID) -> bool:
    try:
        with transaction.atomic():
            return _carry_out_one(pk)
    except (
        Exception
    ) as error:  # one that can't be carried out must not hold up the others; its kind is told, no content
        log.error("the decision on offer %s is not carried out: %s", pk, type(error).__name__)
        return False


def _carry_out_one(pk: UUID) -> bool:
    """The offer's own locks come first, as in every action on it; the decision is read again under them."""
    offer = Offer.objects.select_related("request").get(pk=pk)
    _, offer = reviews.locked(offer)
    decision = ReviewDecision.objects.select_related("by").filter(pk=pk, due_at__lte=clock.now()).first()
    if decision is None:
        return False
    decision.delete()
    if offer.state != OfferState.IN_REVIEW:
        return False
    try:
        with transaction.atomic():
            if decision.verdict == Verdict.APPROVE:
                reviews.approve_offer(offer, by=decision.by)
            else:
                reviews.reject_offer(offer, by=decision.by, reason=decision.reason)
    except (NoLongerFits, NotAllowed) as error:
        record(None, "offer.decision_fell_through", offer, intergroup_id=offer.request.intergroup_id)
        if isinstance(error, NoLongerFits):
            key = f"review_waiting:{offer.pk}:{decision.at:%Y%m%d%H%M%S}"
            post("review_waiting", decision.by, key=key, offer=offer.pk)
        return False
    return True
