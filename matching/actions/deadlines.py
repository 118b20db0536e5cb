"""What the clock does to requests and offers: nothing open stays without somebody who holds it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q

from accounts import clock
from matching.actions import offers
from matching.models import Offer, SponsorRequest
from matching.states import LIVE_REQUEST, OfferState


def expire_offers() -> int:
    """Let every offer past its deadline go, ask the next sponsor, and bring what is stuck to a coordinator.

    Run by any number of ticks at once: each request is taken under its lock, those that another tick holds are left
    to it. Returns how many offers went.
    """
    gone = 0
    waiting = [OfferState.SENT, OfferState.PROPOSED]
    due = Offer.objects.filter(Q(state__in=waiting, expires_at__lte=clock.now()) | _seatless()).order_by("expires_at")
    for offer_id, request_id in due.values_list("pk", "request_id"):
        with transaction.atomic():
            request = SponsorRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
            offer = Offer.objects.filter(pk=offer_id, state__in=waiting).first()
            if request is None or offer is None:
                continue
            if offer.state == OfferState.PROPOSED:
                offers.end_offer(offer, OfferState.EXPIRED, by=None)
            else:
                overdue = offer.expires_at is not None and offer.expires_at <= clock.now()
                offers.say_no(request, offer, OfferState.EXPIRED if overdue else OfferState.WITHDRAWN, by=None)
            gone += 1
    _bring_stuck_to_coordinator()
    return gone


def _seatless() -> Q:
    """Offers that could only be refused: the sponsor's last seat went to somebody else meanwhile."""
    return Q(state=OfferState.SENT, sponsor__sponsor__seats_taken__gte=F("sponsor__sponsor__seats"))


def _bring_stuck_to_coordinator() -> None:
    waited = ExpressionWrapper(F("intergroup__policy__stuck_hours") * timedelta(hours=1), DurationField())
    stuck = SponsorRequest.objects.live().filter(needs_coordinator=False, asked_at__lte=clock.now() - waited)
    for request_id in stuck.values_list("pk", flat=True):
        with transaction.atomic():
            request = SponsorRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
            if request is not None and request.state in LIVE_REQUEST:
                offers.call_coordinator(request, by=None)
