"""Something was not right between two members: contact ends at once and never begins again, and the office hears of it.

The other is never told by whom, nor that there was a report: they meet what everybody meets whose partner goes on
differently.
"""

from contextlib import suppress
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.actions.bars import keep_apart
from accounts.models import BarKind, Report, Scope, User
from accounts.models.audit import record
from matching.actions.apart import part
from matching.actions.bridging import close_bridge, locked
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.outbox import post
from matching.actions.pairings import end_pairing
from matching.models import Bridge, EndReason, Pairing
from matching.queries.coordinate import reports_for
from matching.queries.coordinators import serving
from matching.states import BridgeState


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
    part(by, other)
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
    part(by, other)
    return report


def _file(by: User, other: UUID, intergroup_id: int, kind: str) -> Report:
    keep_apart(by.pk, other, BarKind.BLOCK)
    report = Report.objects.create(by=by, about_id=other, intergroup_id=intergroup_id, kind=kind, at=clock.now())
    record(by, "report.filed", report, member=by.pk, intergroup_id=intergroup_id)
    for coordinator_id in serving(intergroup_id, Scope.SAFETY):
        if coordinator_id not in (by.pk, other):
            post("report_filed", coordinator_id, key=f"report_filed:{report.pk}:{coordinator_id}", report=report.pk)
    return report


@transaction.atomic
def settle_report(report: Report, *, by: User) -> bool:
    """A coordinator has looked into a report; False when another one had, or it is not theirs to see any more: who is
    near to one of the two settles nothing."""
    # Two who settle at the same moment: the second finds it settled.
    held = Report.objects.select_for_update().filter(pk=report.pk).first()
    if held is None or not reports_for(by).filter(pk=held.pk).exists():
        return False
    held.settled_at = clock.now()
    held.save(update_fields=["settled_at"])
    record(by, "report.settled", held, member=held.by_id, intergroup_id=held.intergroup_id)
    return True
