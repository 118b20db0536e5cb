"""A member is suspended by those who look after safety, and let in again.

Whoever serves an office themself is suspended by an operator: no colleague should lock another one out. The suspension
is one transaction: from then on nobody signs in with the account. What follows takes locks of its
own, one transaction each; the tick goes on where somebody was killed.
"""

import logging
from contextlib import suppress
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts import clock
from accounts.models import Sponsor, Suspension, User
from accounts.models.audit import record
from matching.actions import handovers, offers, requests
from matching.actions.bridging import leave_bridges
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.actions.pairings import end_locked, lock_live
from matching.models import Offer, Pairing, SponsorRequest
from matching.queries.people import to_suspend

log = logging.getLogger(__name__)


@transaction.atomic
def suspend(member: User, *, reason: str, ends_pairs: bool, by: User) -> Suspension:
    """Suspend a member: they are signed out everywhere, at once. Raises NotAllowed, or TooLate when they are not active
    any more."""
    # Not the strongest lock: rows that refer to the member go on being written.
    locked = lock(User.objects.select_for_update(no_key=True), pk=member.pk)
    if not to_suspend(by).filter(pk=locked.pk).exists():
        raise NotAllowed
    if not locked.is_active:
        raise TooLate
    office = locked.profile.intergroup_id
    assert office is not None
    User.objects.filter(pk=member.pk).update(is_active=False)
    for session in UserSession.objects.filter(user=member):
        session.end()
    made = Suspension.objects.create(
        member=member,
        intergroup_id=office,
        by=by.pk,
        at=clock.now(),
        reason=reason,
        ends_pairs=ends_pairs,
    )
    record(by, "member.suspended", member, member=member.pk, intergroup_id=made.intergroup_id, suspension=made.pk)
    return made


def settle(suspension: Suspension) -> None:
    """Do what follows, as far as it is not done: what is held out to them or asked by them ends, and their pairs."""
    member, by = suspension.member, User.objects.filter(pk=suspension.by).first() or suspension.member
    for request in SponsorRequest.objects.of(member).live().order_by("pk"):
        with suppress(TooLate):
            requests.withdraw_for(request, by=by)
    for offer in Offer.objects.live().filter(sponsor=member).order_by("pk"):
        offers.hand_on(offer, by=by)
    leave_bridges(member)
    if suspension.ends_pairs:
        _end_pairs(member, by=by)
    Suspension.objects.filter(pk=suspension.pk, settled_at__isnull=True).update(settled_at=clock.now())


def _end_pairs(member: User, *, by: User) -> None:
    """Whom they sponsor goes on to somebody else; their own sponsor is told that it goes on differently."""
    if Sponsor.objects.filter(pk=member.pk).exists() and Pairing.objects.live().filter(sponsor=member).exists():
        with transaction.atomic():
            handover = handovers.begin_for(member, by=by)
        handovers.carry_on(handover)
    for pk in list(Pairing.objects.live().filter(sponsee=member).values_list("pk", flat=True)):
        _end(pk, by)


@transaction.atomic
def _end(pairing_id: UUID, by: User) -> None:
    pairing = lock_live(pairing_id)
    if pairing is None:
        return
    end_locked(pairing, by=by)
    record(by, "pairing.ended", pairing, member=pairing.sponsee_id, intergroup_id=pairing.intergroup_id)
    post("pairing_ended", pairing.sponsor_id, key=f"pairing_ended:{pairing.pk}", pairing=pairing.pk)


def settle_suspensions() -> int:
    """Go on with what a killed worker left; returns with how many. Any number of ticks may run at once."""
    found = list(Suspension.objects.filter(settled_at__isnull=True).select_related("member").order_by("at"))
    for suspension in found:
        try:
            settle(suspension)
        except Exception as error:  # one that can't go on must not hold up the others; no content is told
            log.error("suspension %s does not go on: %s", suspension.pk, type(error).__name__)
    return len(found)


@transaction.atomic
def lift(suspension: Suspension, *, by: User) -> None:
    """Let a member in again; what has ended stays ended. Raises NotAllowed, or TooLate when it is lifted already."""
    suspension = lock(Suspension.objects.select_for_update(), pk=suspension.pk)
    if not to_suspend(by).filter(pk=suspension.member_id).exists():
        raise NotAllowed
    if suspension.lifted_at is not None:
        raise TooLate
    suspension.lifted_at, suspension.lifted_by = clock.now(), by.pk
    suspension.save(update_fields=["lifted_at", "lifted_by"])
    User.objects.filter(pk=suspension.member_id).update(is_active=True)
    member, office = suspension.member_id, suspension.intergroup_id
    record(by, "member.suspension_lifted", suspension, member=member, intergroup_id=office)
    post("account_open_again", member, key=f"account_open_again:{suspension.pk}", member=member)
