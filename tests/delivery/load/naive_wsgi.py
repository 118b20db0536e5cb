"""The site with the naive twin of a lock: whoever answers an offer locks that first, and its request then."""

import time
from typing import Any

from recovery_match.wsgi import application

__all__ = ["application"]

from matching.actions import offers
from matching.models import Offer, SponsorRequest

A_MOMENT = 0.3


def backwards(offer: Offer, **_: Any) -> tuple[SponsorRequest, Offer]:
    """Against the order of everybody else."""
    offer = Offer.objects.select_for_update().get(pk=offer.pk)
    time.sleep(A_MOMENT)
    return SponsorRequest.objects.select_for_update().get(pk=offer.request_id), offer


offers.locked = backwards
