"""What is known of a member's milestones: for the tick, for their own page, and for the page of two."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts import clock
from accounts.models import Fellowship, Profile
from matching.milestones import ONE_DAY, Kept, Rhythm, first_from, until
from matching.models import CheckInPlan, MilestonePlan, Pairing
from matching.states import LIVE_PAIRING

BEHIND = 2
"""How many of those that were reached are shown: enough to see the way, not a score."""


@dataclass(frozen=True, slots=True)
class Days:
    """A member's milestones around today, in their zone: the last ones reached, the one of today, and the next."""

    behind: list[Kept]
    today: Kept | None
    ahead: Kept | None


def days_of(profile: Profile, fellowship: Fellowship | None) -> Days | None:
    """A member's milestones around today in their fellowship; None without a date, or where none is counted from."""
    if profile.recovery_date is None or fellowship is None or not fellowship.has_date:
        return None
    today = clock.today(profile.zone)
    reckoned = (profile.recovery_date, profile.zone, fellowship.extra_milestone_months)
    reached = until(today, *reckoned)
    now = reached.pop() if reached and reached[-1].on == today else None
    return Days(reached[-BEHIND:], now, first_from(today + ONE_DAY, *reckoned))


def plan_of(profile: Profile) -> MilestonePlan | None:
    """What the member wishes in their present fellowship; None when nothing is remembered."""
    return MilestonePlan.objects.filter(member=profile.pk, fellowship=profile.fellowship_id).first()


@dataclass(frozen=True, slots=True)
class Shown:
    """Milestones on the page of two: ``mine`` for whoever looks, ``theirs`` for a sponsor who was let in."""

    mine: Days | None = None
    sponsor_sees: bool = False
    theirs: Days | None = None


def shown_on(pairing: Pairing, viewer: Profile, other: Profile) -> Shown:
    """One's own milestones, and those of the person one sponsors who allows it; one query. Nothing once it ended."""
    if not pairing.is_live:
        return Shown()
    of_two = MilestonePlan.objects.filter(member__in=[viewer.pk, other.pk], fellowship=pairing.fellowship_id)
    wishes = {plan.member_id: plan for plan in of_two.select_related("fellowship")}
    mine, theirs = wishes.get(viewer.pk), wishes.get(other.pk)
    sponsored = pairing.sponsee_id == viewer.pk
    if sponsored or (theirs is not None and not theirs.sponsor_too):
        theirs = None
    return Shown(
        mine=days_of(viewer, mine.fellowship) if mine else None,
        sponsor_sees=mine is not None and mine.sponsor_too and sponsored,
        theirs=days_of(other, theirs.fellowship) if theirs else None,
    )


def profiles_of(members: Iterable[UUID]) -> dict[UUID, Profile]:
    """What the milestones of these members are reckoned from, by the member's id."""
    found = Profile.objects.filter(pk__in=set(members)).select_related("fellowship", "user")
    wanted = found.only(
        "recovery_date", "zone", "fellowship__date_words", "fellowship__extra_milestone_months", "user__is_active"
    )
    return {profile.pk: profile for profile in wanted}


def rhythms_of(members: Collection[UUID]) -> dict[UUID, Rhythm]:
    """When these members are usually written to: as in the newest pairing that lives, one with a chosen hour first.

    Who is in none has no entry.
    """
    plans = CheckInPlan.objects.filter(member__in=members, pairing__state__in=LIVE_PAIRING)
    in_order = plans.order_by("hour_chosen", "pairing__began_at")
    return {plan.member_id: Rhythm(plan.hour, plan.hour_chosen, plan.quiet) for plan in in_order}


def sponsors_of(plans: Iterable[MilestonePlan]) -> dict[UUID, Pairing]:
    """The live pairing of each plan whose member lets their sponsor in, by the plan's id."""
    letting = {(plan.member_id, plan.fellowship_id): plan.pk for plan in plans if plan.sponsor_too}
    if not letting:
        return {}
    live = Pairing.objects.live().filter(sponsee__in=[member for member, _ in letting])
    return {
        letting[pairing.sponsee_id, pairing.fellowship_id]: pairing
        for pairing in live.select_related("sponsor__profile")
        if (pairing.sponsee_id, pairing.fellowship_id) in letting
    }
