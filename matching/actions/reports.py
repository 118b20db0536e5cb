"""Something was not right between two members: contact ends at once and never begins again, and the office hears of it.

The other is never told by whom, nor that there was a report: they meet what everybody meets whose partner goes on
differently.
"""

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts import clock
from accounts.actions.bars import keep_apart
from accounts.models import BarKind, Report, Scope, User
from accounts.models.audit import record
from matching.actions import offers
from matching.actions.bridging import close_bridge, end_bridge, locked
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.outbox import post
from matching.actions.pairings import end_pairing
from matching.models import Bridge, EndReason, Offer, Pairing, Suggestion
from matching.queries.coordinators import serving
from matching.states import BridgeState, OfferState


def report_partner(pairing: Pairing, *, by: User, kind: str) -> Report:
    """Report the other of the two; a pairing that has ended can be reported as well."""
    if by.pk not in (pairing.sponsor_id, pairing.sponsee_id):
        raise NotAllowed
    other = pairing.other_id(by)
    with transaction.atomic():
        # Somebody else may end it at this very moment: the report is filed all the same.
        with suppress(TooLate):
            end_pairing(pairing, by=by, reason=EndReason.UNSAID)
        report = _file(by, other, pairing.intergroup_id, kind)
    _part(by, other)
    return report


def report_bridge(bridge: Bridge, *, by: User, kind: str) -> Report:
    """Report the other of the two of a first contact; one that has ended can be reported as well."""
    with transaction.atomic():
        bridge = locked(bridge)
        if by.pk not in (bridge.member_id, bridge.volunteer_id) or bridge.volunteer_id is None:
            raise NotAllowed
        other = bridge.volunteer_id if by.pk == bridge.member_id else bridge.member_id
        if bridge.is_live:
            close_bridge(bridge, by=by, to=BridgeState.CLOSED)
        report = _file(by, other, bridge.intergroup_id, kind)
    _part(by, other)
    return report


def _file(by: User, other: UUID, intergroup_id: int, kind: str) -> Report:
    keep_apart(by.pk, other, BarKind.BLOCK)
    report = Report.objects.create(by=by, about_id=other, intergroup_id=intergroup_id, kind=kind, at=clock.now())
    record(by, "report.filed", report, member=by.pk, intergroup_id=intergroup_id)
    for coordinator_id in serving(intergroup_id, Scope.SAFETY):
        if coordinator_id not in (by.pk, other):
            post("report_filed", coordinator_id, key=f"report_filed:{report.pk}:{coordinator_id}", report=report.pk)
    return report


def _part(by: User, other: UUID) -> None:
    """End whatever else is between the two, in whichever role, each in a transaction of its own.

    Were this cut off, nothing could begin all the same: the block is written, and the rules are asked at each step.
    """
    two = [by.pk, other]
    Suggestion.objects.filter(request__member__in=two, sponsor__in=two).delete()
    for offer in Offer.objects.live().filter(request__member__in=two, sponsor__in=two).order_by("pk"):
        offers.hand_on(offer)
        if offer.state == OfferState.IN_REVIEW:
            post("not_this_time", offer.sponsor_id, key=f"not_this_time:{offer.pk}", offer=offer.pk)
    for pairing in Pairing.objects.live().filter(sponsor__in=two, sponsee__in=two).order_by("pk"):
        with suppress(TooLate):
            end_pairing(pairing, by=by, reason=EndReason.UNSAID)
    theirs = Q(member=by, volunteer=other) | Q(member=other, volunteer=by)
    for bridge in Bridge.objects.live().filter(theirs).order_by("pk"):
        with suppress(TooLate):
            end_bridge(bridge, by=by)
