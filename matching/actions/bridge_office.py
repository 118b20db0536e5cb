"""The office's part in bridging: volunteers are approved once, one may be asked, the clock calls for help."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.models import Profile, User
from accounts.models.audit import record
from matching.actions.bridging import call_coordinators, close_bridge, locked, tell_volunteer
from matching.actions.errors import NoLongerFits, NotAllowed, TooLate
from matching.models import Bridge, BridgeVolunteer
from matching.queries.bridging import fitting_volunteers
from matching.states import BridgeState

MORE_TIME = timedelta(hours=24)
OPEN_FOR = timedelta(days=60)
KEPT_FOR = timedelta(days=365)

log = logging.getLogger(__name__)


@transaction.atomic
def approve_volunteer(side: BridgeVolunteer, *, by: User) -> None:
    """A coordinator lets somebody meet people. Raises TooLate when somebody did so already."""
    if side.pk == by.pk:
        raise NotAllowed
    waiting = BridgeVolunteer.objects.filter(pk=side.pk, approved_at__isnull=True)
    if not waiting.update(approved_at=clock.now(), approved_by=by):
        raise TooLate
    intergroup_id = Profile.objects.values_list("intergroup_id", flat=True).get(pk=side.pk)
    record(by, "bridging.approved", side, member=side.pk, intergroup_id=intergroup_id)


@transaction.atomic
def ask_volunteer(bridge: Bridge, volunteer_id: UUID, *, by: User) -> None:
    """A coordinator asks one of those who fit; they still decide. Raises TooLate or NoLongerFits."""
    bridge = locked(bridge)
    if bridge.state != BridgeState.OPEN:
        raise TooLate
    if volunteer_id not in {one.pk for one in fitting_volunteers(bridge)}:
        raise NoLongerFits("")
    tell_volunteer(bridge, volunteer_id)
    record(by, "bridge.volunteer_asked", bridge, member=bridge.member_id, intergroup_id=bridge.intergroup_id)


@transaction.atomic
def give_time(bridge: Bridge, *, by: User) -> None:
    """A coordinator looks after it: it leaves the queue for a day, and comes back without a contact by then.

    Raises TooLate when it no longer waits for the office.
    """
    bridge = locked(bridge)
    if not bridge.is_live or not bridge.needs_coordinator:
        raise TooLate
    bridge.needs_coordinator, bridge.contact_by = False, max(bridge.contact_by, clock.now() + MORE_TIME)
    bridge.save(update_fields=["needs_coordinator", "contact_by"])
    record(by, "bridge.given_time", bridge, member=bridge.member_id, intergroup_id=bridge.intergroup_id)


def watch_bridges() -> int:
    """Bring each to the coordinators whose 48 hours went by without a contact; returns how many.

    Any number of ticks may run at once: one that another tick or a member holds is left to the next.
    """
    due = Bridge.objects.live().filter(
        contact_by__lte=clock.now(), first_contact_at__isnull=True, needs_coordinator=False
    )
    return sum(_bring(pk) for pk in list(due.order_by("contact_by").values_list("pk", flat=True)))


def _bring(pk: UUID) -> bool:
    try:
        with transaction.atomic():
            bridge = Bridge.objects.live().select_for_update(skip_locked=True).filter(pk=pk).first()
            if bridge is None or bridge.first_contact_at is not None or bridge.contact_by > clock.now():
                return False
            call_coordinators(bridge, by=None)
            return True
    except Exception as error:  # one that can't move on must not hold up the others; its kind is told, no content
        log.error("bridge %s does not move on: %s", pk, type(error).__name__)
        return False


def forget_bridges() -> None:
    """Close what nobody ended two months after the day of leaving; delete what ended a year ago."""
    today = clock.now().date()
    for pk in Bridge.objects.live().filter(leaves_on__lt=today - OPEN_FOR).values_list("pk", flat=True):
        with transaction.atomic():
            bridge = Bridge.objects.live().select_for_update(skip_locked=True).filter(pk=pk).first()
            if bridge is not None:
                close_bridge(bridge, by=None)
    Bridge.objects.filter(ended_at__lt=clock.now() - KEPT_FOR).delete()
