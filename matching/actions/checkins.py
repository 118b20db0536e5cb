"""Check-ins: ask who is due, take answers, count what was talked."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import clock
from accounts.models import Profile, User
from accounts.models.audit import record
from matching.actions import step_service
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.outbox import post
from matching.actions.pairings import next_at
from matching.models import Answer, CheckIn, CheckInPlan
from matching.queries.coordinators import serving
from matching.states import CheckInState, move

BATCH = 200
QUIET_FROM, QUIET_UNTIL = 21, 9
LATEST = timedelta(hours=3)


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
        .filter(next_at__lte=now)
        .order_by("next_at")[:BATCH]
    )
    for plan in plans:
        _remind(plan, now)
    return len(plans)


def _remind(plan: CheckInPlan, now: datetime) -> None:
    zone = plan.member.profile.zone
    due_at = plan.next_at or now
    if not plan.pairing.is_live or not plan.member.is_active:
        plan.next_at = None
        plan.save(update_fields=["next_at"])
        return
    today = now.astimezone(ZoneInfo(zone)).date()
    if due_at.astimezone(ZoneInfo(zone)).date() < today:
        # The day went by while nothing ran: it is not made up for; today's hour, if still ahead, is.
        plan.next_at = next_at(plan, zone, today - timedelta(days=1))
        plan.save(update_fields=["next_at"])
        return
    CheckIn.objects.filter(pairing=plan.pairing_id, member=plan.member_id, state=CheckInState.OPEN).update(
        state=CheckInState.LAPSED
    )
    checkin, new = CheckIn.objects.get_or_create(
        pairing=plan.pairing,
        member=plan.member,
        local_date=today,
        defaults={"due_at": due_at, "state": CheckInState.OPEN},
    )
    if new:
        post(
            "check_in",
            plan.member_id,
            key=f"check_in:{checkin.pk}",
            send_after=due_at,
            grace=LATEST,
            checkin=checkin.pk,
        )
    plan.next_at = next_at(plan, zone, today)
    plan.save(update_fields=["next_at"])


@transaction.atomic
def answer_checkin(checkin: CheckIn, answer: Answer, *, by: User) -> CheckIn:
    """Take an answer, or correct the one given; "We talked" counts once for the sponsor, whichever of the two says it.

    Raises TooLate when a newer question is out.
    """
    checkin = CheckIn.objects.select_for_update(of=("self",)).select_related("pairing").get(pk=checkin.pk)
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
    if answer == Answer.TALKED:
        step_service.count_talk(checkin)
    elif before == Answer.TALKED:
        step_service.uncount_talk(checkin)
    if answer == Answer.HELP:
        _tell_helpers(checkin)
    record(by, "checkin.answered", checkin, member=by.pk, intergroup_id=checkin.pairing.intergroup_id)
    return checkin


def _tell_helpers(checkin: CheckIn) -> None:
    """Tell exactly those whom this member allowed: the sponsor at a waking hour, coordinators when ticked."""
    plan = CheckInPlan.objects.get(pairing=checkin.pairing_id, member=checkin.member_id)
    pairing = checkin.pairing
    if plan.help_sponsor and checkin.member_id == pairing.sponsee_id:
        post(
            "help_asked",
            pairing.sponsor_id,
            key=f"help_asked:{checkin.pk}:{pairing.sponsor_id}",
            send_after=next_waking_moment(pairing.sponsor_id),
            pairing=pairing.pk,
        )
    if plan.help_coordinator:
        for coordinator_id in serving(pairing.intergroup_id):
            if coordinator_id not in (pairing.sponsor_id, pairing.sponsee_id):
                post(
                    "help_asked_office",
                    coordinator_id,
                    key=f"help_asked:{checkin.pk}:{coordinator_id}",
                    pairing=pairing.pk,
                )


def next_waking_moment(member_id: UUID) -> datetime:
    """Now, or the end of the member's quiet hours (21:00 to 09:00 in their zone), in UTC."""
    there = ZoneInfo(Profile.objects.values_list("zone", flat=True).get(pk=member_id))
    local = clock.now().astimezone(there)
    if QUIET_UNTIL <= local.hour < QUIET_FROM:
        return clock.now()
    day = local.date() + timedelta(days=1 if local.hour >= QUIET_FROM else 0)
    return datetime.combine(day, time(QUIET_UNTIL), tzinfo=there).astimezone(clock.now().tzinfo)
