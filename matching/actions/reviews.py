"""The coordinator's review: the last yes before contact details are shown."""

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching import roster
from matching.actions import offers, pairings
from matching.actions.errors import NoLongerFits, NotAllowed, TooLate
from matching.actions.outbox import post
from matching.models import ConsentRole, Offer, OfferConsent, Pairing, SponsorRequest
from matching.states import OfferState


def locked(offer: Offer) -> tuple[SponsorRequest, Offer]:
    """Lock an offer and all that a decision on it may move, in the fixed order, and read it afresh."""
    return offers.locked(offer, onward=True)


def may_decide(offer: Offer, *, by: User, onward: bool = False) -> tuple[SponsorRequest, Offer]:
    """Lock an offer for somebody who may decide on it; raises NotAllowed, or TooLate when it is not in review."""
    request, offer = offers.locked(offer, onward=onward)
    if not Offer.objects.for_coordinator(by).filter(pk=offer.pk).exists():
        raise NotAllowed
    if offer.state != OfferState.IN_REVIEW:
        raise TooLate
    return request, offer


def may_approve(offer: Offer, *, by: User) -> tuple[SponsorRequest, Offer]:
    """The same for a yes; raises NoLongerFits when a hard rule broke meanwhile: no coordinator can override one."""
    request, offer = may_decide(offer, by=by)
    verdict = roster.recheck(request, offer.sponsor_id, seat_held=True)
    if verdict.broken is not None:
        raise NoLongerFits(str(verdict.broken))
    return request, offer


@transaction.atomic
def approve_offer(offer: Offer, *, by: User) -> Pairing:
    """Say the coordinator's yes and pair the two.

    Raises TooLate when somebody else decided or the newcomer withdrew, NoLongerFits when a hard rule broke meanwhile.
    """
    request, offer = may_approve(offer, by=by)
    OfferConsent.objects.create(offer=offer, role=ConsentRole.COORDINATOR, actor=by.pk, at=clock.now())
    record(by, "offer.approved", offer, member=request.member_id, intergroup_id=request.intergroup_id)
    return pairings.pair(request, offer, by=by)


@transaction.atomic
def reject_offer(offer: Offer, *, by: User, reason: str) -> None:
    """Say no, with a reason for the record; the seat is free again and the next of the ranked is asked."""
    request, offer = may_decide(offer, by=by, onward=True)
    offer.reject_reason = reason
    offer.save(update_fields=["reject_reason"])
    offers.end_offer(offer, OfferState.REJECTED, by=by)
    post("not_this_time", offer.sponsor_id, key=f"not_this_time:{offer.pk}", offer=offer.pk)
    offers.advance(request, by=by)
