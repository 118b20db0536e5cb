"""Milestones: who wants theirs remembered, a date that changes, and what the tick posts on the day.

A message names the plan and never the date. With every change of the date the plan gets another id (by a trigger, see
the model), so what was posted before is gone, and what a sender already holds finds its plan no more.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import clock
from accounts.actions.people import save_profile
from accounts.models import Profile, User
from accounts.models.audit import record
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.milestones import ONE_DAY, Kept, Rhythm, begins, first_from, late_after, telling_at
from matching.models import ANEW, MilestonePlan
from matching.queries import milestones as queries

BATCH = 500
AGAIN_AFTER = timedelta(hours=1)
# Zones change their rules, and a fellowship may add a milestone: no plan sleeps for years on what was true once.
LOOK_AGAIN = timedelta(days=30)

log = logging.getLogger(__name__)


@transaction.atomic
def set_milestones(profile: Profile, *, by: User, wanted: bool, sponsor_too: bool = False) -> None:
    """Have the member's milestones remembered, or no longer; ``sponsor_too``: their sponsor may hear of them.

    It counts from tomorrow on, so that wishing twice on one day tells nothing twice. Raises TooLate when there is no
    date to count from.
    """
    if profile.pk != by.pk:
        raise NotAllowed
    # The profile first: a date that changes at this moment either sees this plan or is seen by it.
    profile = lock(Profile.objects.select_for_update(no_key=True, of=("self",)).select_related("fellowship"), pk=by.pk)
    before = queries.plan_of(profile)
    if not wanted:
        if before is not None:
            before.delete()
            record(by, "milestones.unwanted", profile, member=by.pk)
        return
    if profile.recovery_date is None or profile.fellowship is None or not profile.fellowship.has_date:
        raise TooLate
    if before is None:
        MilestonePlan.objects.create(member=by, fellowship=profile.fellowship, sponsor_too=sponsor_too)
        record(by, "milestones.wanted", profile, member=by.pk)
    elif before.sponsor_too != sponsor_too:
        MilestonePlan.objects.filter(pk=before.pk).update(sponsor_too=sponsor_too)
        record(by, "milestones.changed", profile, member=by.pk)


@transaction.atomic
def change_date(profile: Profile, *, by: User, to: date | None) -> None:
    """Count from another date, or from none. The old one is not kept, and nobody is told."""
    if profile.pk != by.pk:
        raise NotAllowed
    profile = lock(Profile.objects.select_for_update(no_key=True), pk=by.pk)
    if profile.recovery_date != to:
        profile.recovery_date = to
        save_profile(profile, by=by, fields=["recovery_date"])


def tell_due() -> int:
    """Post the notices of the milestones whose day has come; return how many milestones.

    Each is posted in the first minutes of its local day, to be sent at the member's hour. Any number of ticks may run
    at once: each takes plans that no other holds, and a message's key names the plan and the milestone.
    """
    told = 0
    while True:
        seen, posted = _tell_batch()
        told += posted
        if seen < BATCH:
            return told


@transaction.atomic
def _tell_batch() -> tuple[int, int]:
    """How many plans were looked at, and how many milestones posted."""
    now = clock.now()
    due_plans = MilestonePlan.objects.filter(next_at__lte=now).order_by("next_at")
    plans = list(due_plans.select_for_update(skip_locked=True)[:BATCH])
    # Only now, and not in the same query: from here on a date can't change under a plan that is ours.
    profiles = queries.profiles_of(plan.member_id for plan in plans)
    due = [(plan, kept) for plan in plans if (kept := _look(plan, profiles, now)) is not None]
    if due:
        _post(due, profiles)
    MilestonePlan.objects.bulk_update(plans, ["from_on", "next_at"])
    return len(plans), len(due)


def _look(plan: MilestonePlan, profiles: Mapping[UUID, Profile], now: datetime) -> Kept | None:
    """The milestone that is due, if one is; and when to look again."""
    try:
        return _reckon(plan, profiles[plan.member_id], now)
    except Exception as error:  # one that can't be reckoned must not hold up the others; its kind is told, no content
        log.error("milestones of plan %s can't be reckoned: %s", plan.pk, type(error).__name__)
        plan.next_at = now + AGAIN_AFTER
        return None


def _reckon(plan: MilestonePlan, profile: Profile, now: datetime) -> Kept | None:
    fellowship, zone = profile.fellowship, ZoneInfo(profile.zone)
    plan_at, plan.next_at = plan.next_at, now + LOOK_AGAIN
    if profile.recovery_date is None or fellowship is None or not fellowship.has_date:
        return None
    today = now.astimezone(zone).date()
    # A day that went by while nothing ran is posted too: the outbox records it as missed, and nothing is made up for.
    looked_for = today if plan_at == ANEW else plan_at.astimezone(zone).date()
    plan.from_on = plan.from_on or today + ONE_DAY
    reckoned = (profile.recovery_date, profile.zone, fellowship.extra_milestone_months)
    kept = first_from(max(plan.from_on, looked_for), *reckoned)
    due = kept if kept is not None and kept.on <= today else None
    ahead = kept if due is None else first_from(today + ONE_DAY, *reckoned)
    if ahead is not None:
        plan.next_at = min(plan.next_at, begins(ahead.on, profile.zone))
    return due if profile.user.is_active else None


def _post(due: Sequence[tuple[MilestonePlan, Kept]], profiles: Mapping[UUID, Profile]) -> None:
    pairings = queries.sponsors_of(plan for plan, _ in due)
    members = [plan.member_id for plan, _ in due] + [pairing.sponsor_id for pairing in pairings.values()]
    rhythms = queries.rhythms_of(members)
    for plan, kept in due:
        zone, rhythm = profiles[plan.member_id].zone, rhythms.get(plan.member_id, Rhythm())
        at = telling_at(kept.on, zone, rhythm)
        # Not in plain words: an operator who reads keys would read dates.
        key = f"milestone:{plan.pk}:{uuid5(plan.pk, kept.milestone.code).hex}"
        grace = late_after(at, zone, rhythm.quiet) - at
        post("milestone", plan.member_id, key=key, send_after=at, grace=grace, milestones=plan.pk)
        if (pairing := pairings.get(plan.pk)) is not None:
            theirs, their_zone = rhythms.get(pairing.sponsor_id, Rhythm()), pairing.sponsor.profile.zone
            at = _next_hour(begins(kept.on, zone), their_zone, theirs)
            grace = late_after(at, their_zone, theirs.quiet) - at
            ids = {"milestones": plan.pk, "pairing": pairing.pk}
            post("milestone_of_other", pairing.sponsor_id, key=f"{key}:s", send_after=at, grace=grace, **ids)


def _next_hour(after: datetime, zone: str, rhythm: Rhythm) -> datetime:
    """The first of somebody's usual hours from a moment on."""
    day = after.astimezone(ZoneInfo(zone)).date()
    at = telling_at(day, zone, rhythm)
    return at if at >= after else telling_at(day + ONE_DAY, zone, rhythm)
