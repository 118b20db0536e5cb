"""A first contact for somebody who leaves treatment: ask, say yes on both sides, count the meetings, step back.

Each of the two decides for themself; a coordinator approves volunteers once and may ask one of them, and never brings
two people together alone. Locks are taken on the bridge before anything else.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.actions.bars import keep_apart
from accounts.models import BarKind, Profile, User
from accounts.models.audit import record
from matching.actions.errors import AlreadyLooking, NoLongerFits, NotAllowed, NotReady, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.actions.requests import NEEDED
from matching.models import LOOK_AFTER_BRIDGES, MOST_MEETINGS, Bridge, BridgeVolunteer
from matching.queries.bridging import bars_around, fits, fitting_volunteers, volunteers_of
from matching.queries.coordinators import serving
from matching.states import HELD_BRIDGE, BridgeState, move

CONTACT_WITHIN = timedelta(hours=48)


def contact_by(leaves_on: date, zone: str) -> datetime:
    """Until when there should be a first contact: 48 hours after noon of the day of leaving, in the newcomer's zone."""
    return datetime.combine(leaves_on, time(12), tzinfo=ZoneInfo(zone)) + CONTACT_WITHIN


def ask_bridge(member: User, *, leaves_on: date, by: User) -> Bridge:
    """Open a member's wish for a first contact, and tell the volunteers who fit; without any, the coordinators.

    Raises NotReady while the profile is unfinished, AlreadyLooking when there is a live one already.
    """
    if member.pk != by.pk:
        raise NotAllowed
    profile = Profile.objects.select_related("fellowship", "intergroup").get(pk=member.pk)
    missing = [step for step, has in NEEDED.items() if not has(profile)]
    if missing or profile.completed_at is None or profile.intergroup is None or profile.fellowship is None:
        raise NotReady(missing)
    try:
        with transaction.atomic():
            bridge = Bridge.objects.create(
                member=member,
                intergroup=profile.intergroup,
                fellowship=profile.fellowship,
                leaves_on=leaves_on,
                contact_by=contact_by(leaves_on, profile.zone),
                asked_at=clock.now(),
            )
            record(by, "bridge.asked", bridge, member=member.pk, intergroup_id=bridge.intergroup_id)
            _call_volunteers(bridge)
    except IntegrityError as error:
        if "bridge_one_live" in str(error):
            raise AlreadyLooking from error
        raise
    return bridge


def _call_volunteers(bridge: Bridge) -> None:
    found = fitting_volunteers(bridge)
    for profile in found:
        tell_volunteer(bridge, profile.pk)
    if not found:
        call_coordinators(bridge, by=None)


def tell_volunteer(bridge: Bridge, volunteer: UUID) -> None:
    """Have a volunteer look whether they can be there."""
    post("bridge_wanted", volunteer, key=f"{_key('bridge_wanted', bridge)}:{volunteer}", bridge=bridge.pk)


def _key(topic: str, bridge: Bridge) -> str:
    """Names the occasion, as the same wish may be opened again and each time is one of its own."""
    return f"{topic}:{bridge.pk}:{clock.now():%Y%m%d%H%M%S}"


def call_coordinators(bridge: Bridge, *, by: User | None) -> None:
    """Put a locked bridge into the coordinators' queue, once, and tell them."""
    if bridge.needs_coordinator:
        return
    bridge.needs_coordinator = True
    bridge.save(update_fields=["needs_coordinator"])
    record(by, "bridge.needs_coordinator", bridge, member=bridge.member_id, intergroup_id=bridge.intergroup_id)
    for coordinator_id in serving(bridge.intergroup_id, *LOOK_AFTER_BRIDGES):
        if coordinator_id not in (bridge.member_id, bridge.volunteer_id):
            post("bridge_late", coordinator_id, key=f"{_key('bridge_late', bridge)}:{coordinator_id}", bridge=bridge.pk)


def locked(bridge: Bridge) -> Bridge:
    """The bridge as it is now, for this transaction alone."""
    return lock(Bridge.objects.select_for_update(), pk=bridge.pk)


@transaction.atomic
def volunteer(user: User, *, paused: bool = False) -> BridgeVolunteer:
    """Offer to meet people who leave treatment, or change one's pause; a coordinator approves it the first time."""
    side, new = BridgeVolunteer.objects.get_or_create(user=user, defaults={"offered_at": clock.now(), "paused": paused})
    if not new and side.paused != paused:
        side.paused = paused
        side.save(update_fields=["paused"])
    record(user, "bridging.offered" if new else "bridging.changed", side, member=user.pk)
    return side


@transaction.atomic
def take(bridge: Bridge, *, by: User) -> Bridge:
    """A volunteer says that they can be there; the newcomer still says yes or no.

    Raises TooLate when somebody else was first, NoLongerFits when a rule stands between the two.
    """
    bridge = locked(bridge)
    if bridge.state != BridgeState.OPEN:
        raise TooLate
    side = volunteers_of(bridge.intergroup_id, bridge.fellowship_id).filter(pk=by.pk).first()
    newcomer = Profile.objects.select_related("user__sponsor", "area").get(pk=bridge.member_id)
    if side is None or not fits(newcomer, side, bars_around(by.pk)):
        raise NoLongerFits("")
    bridge.state = move(BridgeState(bridge.state), BridgeState.OFFERED)
    bridge.volunteer, bridge.offered_at = by, clock.now()
    bridge.save(update_fields=["state", "volunteer", "offered_at"])
    record(by, "bridge.taken", bridge, member=bridge.member_id, intergroup_id=bridge.intergroup_id)
    post("bridge_offered", bridge.member_id, key=_key("bridge_offered", bridge), bridge=bridge.pk)
    return bridge


@transaction.atomic
def answer(bridge: Bridge, *, by: User, yes: bool) -> Bridge:
    """The newcomer's yes, after which the two see how to reach each other; or no, and others are asked.

    A no is for good: the two are not brought together again. Raises TooLate when the offer is gone, NoLongerFits when a
    rule came between the two meanwhile.
    """
    bridge = locked(bridge)
    if bridge.member_id != by.pk:
        raise NotAllowed
    if bridge.state != BridgeState.OFFERED or bridge.volunteer_id is None:
        raise TooLate
    if not yes:
        keep_apart(by.pk, bridge.volunteer_id, BarKind.NOT_AGAIN)
        _open_again(bridge, by=by)
        return bridge
    newcomer = Profile.objects.select_related("user__sponsor", "area").get(pk=by.pk)
    side = Profile.objects.select_related("user__sponsor", "area").get(pk=bridge.volunteer_id)
    if not fits(newcomer, side, bars_around(by.pk)):
        raise NoLongerFits("")
    bridge.state = move(BridgeState(bridge.state), BridgeState.MEETING)
    bridge.agreed_at = clock.now()
    bridge.save(update_fields=["state", "agreed_at"])
    record(by, "bridge.agreed", bridge, member=by.pk, intergroup_id=bridge.intergroup_id)
    post("bridge_agreed", bridge.volunteer_id, key=_key("bridge_agreed", bridge), bridge=bridge.pk)
    return bridge


def _open_again(bridge: Bridge, *, by: User | None) -> None:
    """Look for another volunteer; what was counted stays, since six are six."""
    bridge.state = move(BridgeState(bridge.state), BridgeState.OPEN)
    bridge.volunteer = bridge.offered_at = bridge.agreed_at = None
    bridge.save(update_fields=["state", "volunteer", "offered_at", "agreed_at"])
    record(by, "bridge.opened_again", bridge, member=bridge.member_id, intergroup_id=bridge.intergroup_id)
    _call_volunteers(bridge)


@transaction.atomic
def step_back(bridge: Bridge, *, by: User) -> Bridge:
    """The volunteer can't after all: another one is looked for, and the newcomer hears so kindly."""
    bridge = locked(bridge)
    if bridge.volunteer_id != by.pk:
        raise NotAllowed
    if bridge.state not in HELD_BRIDGE:
        raise TooLate
    _open_again(bridge, by=by)
    post("bridge_open_again", bridge.member_id, key=_key("bridge_open_again", bridge), bridge=bridge.pk)
    return bridge


@transaction.atomic
def in_touch(bridge: Bridge, *, by: User) -> Bridge:
    """Either of the two says that they have been in touch: the deadline is met, and nobody in the office waits."""
    bridge = _meeting(bridge, by)
    if bridge.first_contact_at is None:
        bridge.first_contact_at = clock.now()
        bridge.needs_coordinator = False
        bridge.save(update_fields=["first_contact_at", "needs_coordinator"])
        record(by, "bridge.in_touch", bridge, member=bridge.member_id, intergroup_id=bridge.intergroup_id)
    return bridge


@transaction.atomic
def count_meeting(bridge: Bridge, *, by: User) -> Bridge:
    """Either of the two counts today's meeting; the sixth is the last, and the volunteer steps back.

    Raises TooLate when today's is counted already, by whichever of the two.
    """
    bridge = _meeting(bridge, by)
    today = clock.today(bridge.member.profile.zone)
    if bridge.met_on is not None and bridge.met_on >= today:
        raise TooLate
    bridge.first_contact_at = bridge.first_contact_at or clock.now()
    bridge.needs_coordinator = False
    bridge.meetings, bridge.met_on = bridge.meetings + 1, today
    bridge.save(update_fields=["first_contact_at", "needs_coordinator", "meetings", "met_on"])
    record(by, "bridge.met", bridge, member=bridge.member_id, intergroup_id=bridge.intergroup_id)
    if bridge.meetings == MOST_MEETINGS:
        close_bridge(bridge, by=by)
    return bridge


def _meeting(bridge: Bridge, by: User) -> Bridge:
    bridge = locked(bridge)
    if by.pk not in (bridge.member_id, bridge.volunteer_id):
        raise NotAllowed
    if bridge.state != BridgeState.MEETING:
        raise TooLate
    return bridge


def close_bridge(bridge: Bridge, *, by: User | None, to: BridgeState = BridgeState.CLOSED) -> None:
    """End a locked bridge and tell those of the two who did not end it themselves."""
    bridge.state = move(BridgeState(bridge.state), to)
    bridge.ended_at, bridge.needs_coordinator = clock.now(), False
    bridge.save(update_fields=["state", "ended_at", "needs_coordinator"])
    record(by, f"bridge.{to.value}", bridge, member=bridge.member_id, intergroup_id=bridge.intergroup_id)
    for one in (bridge.member_id, bridge.volunteer_id):
        if one is not None and (by is None or one != by.pk):
            post("bridge_closed", one, key=f"bridge_closed:{bridge.pk}:{one}", bridge=bridge.pk)


@transaction.atomic
def end_bridge(bridge: Bridge, *, by: User) -> Bridge:
    """Either of the two ends it, the newcomer also while nobody is found; no reason is asked. Raises TooLate."""
    bridge = locked(bridge)
    if by.pk not in (bridge.member_id, bridge.volunteer_id):
        raise NotAllowed
    if not bridge.is_live:
        raise TooLate
    close_bridge(bridge, by=by, to=BridgeState.CLOSED if bridge.state == BridgeState.MEETING else BridgeState.WITHDRAWN)
    return bridge


def leave_bridges(member: User) -> None:
    """A member goes: their own wishes end, and for those whom they wanted to meet somebody else is looked for."""
    BridgeVolunteer.objects.filter(pk=member.pk).delete()
    for bridge in Bridge.objects.of(member).live().order_by("pk"):
        with transaction.atomic():
            bridge = locked(bridge)
            if bridge.is_live and bridge.member_id == member.pk:
                end_bridge(bridge, by=member)
            elif bridge.state in HELD_BRIDGE:
                step_back(bridge, by=member)
