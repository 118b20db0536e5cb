"""What the clock does to requests and offers: nothing open stays without somebody who holds it."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q

from accounts import clock
from accounts.models.sponsor import MOST_SEATS
from matching.actions import offers, roster
from matching.actions.seats import lock_sponsors
from matching.models import Offer, SponsorRequest
from matching.states import LIVE_REQUEST, OfferState

log = logging.getLogger(__name__)


def expire_offers() -> int:
    """Let every offer past its deadline go, ask the next sponsor, and bring what is stuck to a coordinator.

    Run by any number of ticks at once: each request is taken under its lock, those that another tick holds are left
    to it. Returns how many offers went.
    """
    due = Offer.objects.filter(_over()).order_by("expires_at").values_list("pk", "request_id", "sponsor_id")
    gone = sum(_let_go(*ids) for ids in list(due))
    _bring_stuck_to_coordinator()
    return gone


def _over() -> Q:
    """Offers past their deadline, and those that could only be refused: the sponsor's last seat went meanwhile, and
    they were not asked to open another, or can open none."""
    late = Q(state__in=[OfferState.SENT, OfferState.PROPOSED], expires_at__lte=clock.now())
    full = Q(state=OfferState.SENT, sponsor__sponsor__seats_taken__gte=F("sponsor__sponsor__seats"))
    return late | full & (Q(seat_reason="") | Q(sponsor__sponsor__seats__gte=MOST_SEATS))


def _let_go(offer_id: UUID, request_id: UUID, sponsor_id: UUID) -> bool:
    try:
        with transaction.atomic():
            return _end(offer_id, request_id, sponsor_id)
    except Exception as error:  # one that can't move on must not hold up the others; its kind is told, no content
        log.error("request %s does not move on: %s", request_id, type(error).__name__)
        return False


def _end(offer_id: UUID, request_id: UUID, sponsor_id: UUID) -> bool:
    request = SponsorRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
    if request is None:
        return False
    lock_sponsors([sponsor_id, *offers.ranked(request)])
    # Asked again under the locks: it may have been answered meanwhile, or have begun anew as a proposal taken up.
    offer = Offer.objects.filter(_over(), pk=offer_id).first()
    if offer is None:
        return False
    if offer.state == OfferState.PROPOSED:
        offers.end_offer(offer, OfferState.EXPIRED, by=None)
        return True
    overdue = offer.expires_at is not None and offer.expires_at <= clock.now()
    if overdue:
        roster.count_silent_offer(sponsor_id)
    offers.say_no(request, offer, OfferState.EXPIRED if overdue else OfferState.WITHDRAWN, by=None)
    return True


def _bring_stuck_to_coordinator() -> None:
    waited = ExpressionWrapper(F("intergroup__policy__stuck_hours") * timedelta(hours=1), DurationField())
    stuck = SponsorRequest.objects.live().filter(needs_coordinator=False, asked_at__lte=clock.now() - waited)
    for request_id in stuck.values_list("pk", flat=True):
        with transaction.atomic():
            request = SponsorRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
            if request is not None and request.state in LIVE_REQUEST:
                offers.call_coordinator(request, by=None)
