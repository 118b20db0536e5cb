"""Check-ins: ask who is due, take answers, count what was talked."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.db.models import BooleanField, ExpressionWrapper

from accounts import clock
from accounts.models import Profile, User
from accounts.models.audit import record
from matching.actions import reminding, silence, step_service
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.actions.pairings import last_asked_on, next_at
from matching.actions.reminding import Sheet
from matching.cadence import QUIET, SILENCE, Quiet, asking_at, at_hour
from matching.models import Answer, CheckIn, CheckInPlan, Pairing
from matching.queries.coordinators import serving
from matching.queries.silence import asked_singly
from matching.states import CheckInState, move

BATCH = 200
LATEST = timedelta(hours=3)
LATEST_AT_NIGHT = timedelta(hours=1)
AGAIN_AFTER = timedelta(hours=1)

log = logging.getLogger(__name__)


def remind_due() -> int:
    """Make the check-ins that are due and post their reminders; return how many.

    Any number of ticks may run at once: each takes plans that no other holds, and a day's check-in is unique.
    """
    made = 0
    while batch := _remind_batch():
        made += batch
    return made


@transaction.atomic
def _remind_batch() -> int:
    now = clock.now()
    plans = list(
        CheckInPlan.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("pairing", "member__profile")
        .annotate(singly=ExpressionWrapper(asked_singly(), output_field=BooleanField()))
        .filter(next_at__lte=now)
        .order_by("next_at")[:BATCH]
    )
    if not plans:
        return 0
    ready = []
    for sheet in reminding.read(plans):
        try:
            _remind(sheet, now)
        except Exception as error:  # one that can't be asked must not hold up the others
            _set_aside(sheet.plan, error, now)
        else:
            ready.append(sheet)
    try:
        reminding.write(ready)
    except DatabaseError:  # one of them is refused: each for itself, so that the others are asked
        _write_each(ready, now)
    return len(plans)


def _write_each(sheets: Sequence[Sheet], now: datetime) -> None:
    for sheet in sheets:
        try:
            reminding.write([sheet])
        except DatabaseError as error:
            _set_aside(sheet.plan, error, now)


def _set_aside(plan: CheckInPlan, error: Exception, now: datetime) -> None:
    """Its kind is told, no content."""
    log.error("plan %s can't be asked: %s", plan.pk, type(error).__name__)
    CheckInPlan.objects.filter(pk=plan.pk).update(next_at=now + AGAIN_AFTER)


def _remind(sheet: Sheet, now: datetime) -> None:
    """What becomes of one plan that is due, written on its sheet."""
    plan = sheet.plan
    zone = plan.member.profile.zone
    due_at = plan.next_at or now
    due_on = due_at.astimezone(ZoneInfo(zone)).date()
    if not plan.pairing.is_live or not plan.member.is_active:
        plan.next_at = None
        return
    today = now.astimezone(ZoneInfo(zone)).date()
    if due_on < today or due_at != asking_at(due_on, plan.hour, zone, quiet=plan.quiet, chosen=plan.hour_chosen):
        # The day went by while nothing ran, or the member lives by other clocks since: neither a day nor an hour is
        # made up for; the next one ahead counts.
        plan.next_at = next_at(plan, zone, sheet.last_on)
        return
    grace = _grace(due_at, zone, plan.quiet)
    lapsed = sheet.lapse_before(today)
    # A question that was not told of by itself may simply not have been seen.
    plan.unanswered = plan.unanswered + lapsed if sheet.singly else 0
    if lapsed and plan.unanswered == SILENCE:
        # Once in a silence, and to this one alone; nothing is inferred from it. It takes the place of today's question:
        # from here on they are asked half as often.
        key = f"gentle_note:{plan.pk}:{today.isoformat()}"
        sheet.post("gentle_note", key=key, send_after=due_at, grace=grace, pairing=plan.pairing_id)
        plan.next_at = next_at(plan, zone, sheet.last_on)
        return
    sheet.ask(today, due_at, grace=grace)
    plan.next_at = next_at(plan, zone, today)


def _grace(due_at: datetime, zone: str, quiet: Quiet) -> timedelta:
    """How late a reminder may still come: never on into the quiet hours; an hour at most when it was wanted in them."""
    local = due_at.astimezone(ZoneInfo(zone))
    if quiet.covers(local.hour):
        return LATEST_AT_NIGHT
    if quiet.begins == quiet.ends:
        return LATEST
    begins = at_hour(local.date(), quiet.begins, zone)
    if begins <= due_at:
        begins = at_hour(local.date() + timedelta(days=1), quiet.begins, zone)
    return min(LATEST, begins - due_at)


@transaction.atomic
def answer_checkin(checkin: CheckIn, answer: Answer, *, by: User) -> CheckIn:
    """Take an answer, or correct the one given; "We talked" counts once for the sponsor, whichever of the two says it.

    Raises TooLate when a newer question is out.
    """
    # The pairing first: the answers of the two touch one service entry, and are taken one after the other.
    pairing = lock(Pairing.objects.select_for_update(no_key=True), pk=checkin.pairing_id)
    # Then the plan, which the tick too takes before its check-ins.
    plan = lock(CheckInPlan.objects.select_for_update(), pairing=pairing, member=checkin.member_id)
    plan.pairing = pairing
    checkin = lock(CheckIn.objects.select_for_update(), pk=checkin.pk)
    checkin.pairing = pairing
    if checkin.member_id != by.pk:
        raise NotAllowed
    if CheckIn.objects.filter(
        pairing=checkin.pairing_id, member=checkin.member_id, local_date__gt=checkin.local_date
    ).exists():
        raise TooLate
    before = checkin.answer
    checkin.state = move(CheckInState(checkin.state), CheckInState.ANSWERED)
    checkin.answer = answer
    checkin.answered_at = clock.now()
    checkin.save(update_fields=["state", "answer", "answered_at"])
    _break_silence(plan)
    if answer == Answer.TALKED:
        step_service.count_talk(checkin)
    elif before == Answer.TALKED:
        step_service.uncount_talk(checkin)
    if answer == Answer.HELP and before != Answer.HELP:
        _tell_helpers(checkin)
    silence.heard(checkin, before=before)
    record(by, "checkin.answered", checkin, member=by.pk, intergroup_id=pairing.intergroup_id)
    return checkin


def _break_silence(plan: CheckInPlan) -> None:
    """An answer, whichever: the questions come as often as before."""
    slowed, plan.unanswered = plan.unanswered >= SILENCE, 0
    if slowed and plan.pairing.is_live:
        zone = Profile.objects.values_list("zone", flat=True).get(pk=plan.member_id)
        plan.next_at = next_at(plan, zone, last_asked_on(plan))
    plan.save(update_fields=["next_at", "unanswered"])


def _tell_helpers(checkin: CheckIn) -> None:
    """Tell exactly those whom this member allowed: the sponsor at a waking hour, coordinators when ticked."""
    plan = CheckInPlan.objects.get(pairing=checkin.pairing_id, member=checkin.member_id)
    pairing = checkin.pairing
    # With the moment: help asked for again, after a correction, is another occasion.
    occasion = f"{checkin.pk}:{checkin.answered_at:%H%M%S%f}"
    if plan.help_sponsor and checkin.member_id == pairing.sponsee_id:
        theirs = CheckInPlan.objects.get(pairing=pairing, member=pairing.sponsor_id)
        post(
            "help_asked",
            pairing.sponsor_id,
            key=f"help_asked:{occasion}:{pairing.sponsor_id}",
            send_after=next_waking_moment(pairing.sponsor_id, theirs.quiet),
            checkin=checkin.pk,
        )
    if plan.help_coordinator:
        for coordinator_id in serving(pairing.intergroup_id):
            if coordinator_id not in (pairing.sponsor_id, pairing.sponsee_id):
                post(
                    "help_asked_office",
                    coordinator_id,
                    key=f"help_asked:{occasion}:{coordinator_id}",
                    checkin=checkin.pk,
                )


def next_waking_moment(member_id: UUID, quiet: Quiet = QUIET) -> datetime:
    """Now, or the end of these quiet hours in the member's zone, in UTC."""
    zone = Profile.objects.values_list("zone", flat=True).get(pk=member_id)
    return quiet.over(clock.now(), zone)
