"""A sponsor steps down: everybody they sponsor goes on to somebody else, one after the other.

Each pair is a transaction of its own: it ends without fault, the person gets a new request that keeps their place in
the queue, and a letter. What is left to do is read from the pairs that still last, so whoever is killed in between
loses nothing and doubles nothing: the tick goes on where they were.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.actions import sponsors
from accounts.models import Sponsor, User
from accounts.models.audit import record
from matching.actions import offers
from matching.actions.errors import NotAllowed
from matching.actions.outbox import post
from matching.actions.pairings import end_locked, lock_live
from matching.actions.requests import ask_again
from matching.actions.seats import lock_sponsors
from matching.models import Handover, Offer, Pairing
from matching.queries.people import sponsors_to_open

MOST_KEPT = timedelta(days=30)
"""Of the time somebody waited before, so much counts again: a request is closed after sixty days, and thirty of them
are left for the search."""

log = logging.getLogger(__name__)


@transaction.atomic
def begin_handover(sponsor: Sponsor, *, by: User) -> Handover:
    """Take the sponsor off the roster and write down that their people go on; one that is open already is returned.

    Raises NotAllowed for whoever may not open the sponsor's page.
    """
    if not sponsors_to_open(by).filter(pk=sponsor.pk).exists():
        raise NotAllowed
    return begin_for(sponsor.user, by=by)


def begin_for(member: User, *, by: User) -> Handover:
    """The same within the caller's transaction, for whoever may decide it."""
    lock_sponsors([member.pk])
    found = Handover.objects.filter(sponsor=member, finished_at__isnull=True).first()
    if found is not None:
        return found
    office = member.profile.intergroup_id
    assert office is not None
    sponsors.step_back(Sponsor.objects.get(pk=member.pk), by=by)
    handover = Handover.objects.create(
        sponsor=member,
        intergroup_id=office,
        by=by.pk,
        people=Pairing.objects.live().filter(sponsor=member).count(),
        begun_at=clock.now(),
    )
    record(by, "handover.begun", handover, member=member.pk, intergroup_id=handover.intergroup_id)
    return handover


def carry_on(handover: Handover) -> None:
    """Do what is left of a handover; may be called by any number at once, and again at any time."""
    by = User.objects.filter(pk=handover.by).first()
    for offer in Offer.objects.live().filter(sponsor=handover.sponsor_id).order_by("pk"):
        offers.hand_on(offer, by=by)
    left = Pairing.objects.live().filter(sponsor=handover.sponsor_id).order_by("began_at", "pk")
    for pk in list(left.values_list("pk", flat=True)):
        hand_over(pk, by=by or handover.sponsor)
    _finish(handover)


@transaction.atomic
def hand_over(pairing_id: UUID, *, by: User) -> bool:
    """One of them: the pair ends, and who was sponsored looks again with the time they had waited; False when the pair
    has ended meanwhile."""
    pairing = lock_live(pairing_id)
    if pairing is None:
        return False
    now, asked = clock.now(), pairing.offer.request.asked_at
    end_locked(pairing, by=by)
    waited = max(min(pairing.began_at - asked, MOST_KEPT), timedelta())
    request = ask_again(pairing.sponsee, asked_at=now - waited, by=by)
    record(by, "pairing.handed_over", pairing, member=pairing.sponsee_id, intergroup_id=pairing.intergroup_id)
    if request is None:
        post("pairing_ended", pairing.sponsee_id, key=f"pairing_ended:{pairing.pk}", pairing=pairing.pk)
    else:
        post("handed_over", pairing.sponsee_id, key=f"handed_over:{pairing.pk}", request=request.pk)
    return True


@transaction.atomic
def _finish(handover: Handover) -> None:
    now = clock.now()
    open_ = Handover.objects.filter(pk=handover.pk, finished_at__isnull=True)
    if not open_.update(finished_at=now):
        return
    record(None, "handover.finished", handover, member=handover.sponsor_id, intergroup_id=handover.intergroup_id)
    if handover.people:
        post("all_handed_over", handover.sponsor_id, key=f"all_handed_over:{handover.pk}", member=handover.sponsor_id)


def carry_on_handovers() -> int:
    """Go on with what a killed worker left; returns with how many. Any number of ticks may run at once."""
    found = list(Handover.objects.filter(finished_at__isnull=True).select_related("sponsor").order_by("begun_at"))
    for handover in found:
        try:
            carry_on(handover)
        except Exception as error:  # one that can't go on must not hold up the others; no content is told
            log.error("handover %s does not go on: %s", handover.pk, type(error).__name__)
    return len(found)
