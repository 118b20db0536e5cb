"""Reads that ask the engine: who would fit, and why nobody does."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from accounts import clock
from accounts.models import Profile
from accounts.models.week import Week
from matching import engine, roster
from matching.engine import week
from matching.models import Offer, Shown, SponsorRequest, Suggestion
from matching.states import LIVE_REQUEST, OfferState

SAID_NO = (OfferState.DECLINED, OfferState.REFUSED, OfferState.REJECTED, OfferState.EXPIRED)


A_DAY = timedelta(days=1)
MOST_PEOPLE = 20
"""So many people may a newcomer see by name in 24 hours, however often they change their profile or ask anew."""


def already_asked(request: SponsorRequest) -> set[UUID]:
    """Sponsors who had their turn with this request and are not asked again."""
    return set(Offer.objects.filter(request=request, state__in=SAID_NO).values_list("sponsor_id", flat=True))


def best(request: SponsorRequest, *, k: int = 3, without: Iterable[UUID] = ()) -> list[engine.Suggestion]:
    """The k best sponsors for a request, best first, exact; those who had their turn are left out."""
    newcomer, pool = roster.pool_for(request)
    return engine.suggest(newcomer, pool, k, without=already_asked(request).union(without))


def seen_lately(member_id: UUID) -> set[UUID]:
    """The people whose names a newcomer has seen, or may have seen, in the last 24 hours; one query."""
    since = clock.now() - A_DAY
    current = Q(request__state__in=LIVE_REQUEST) | Q(request__ended_at__gt=since)
    shown = Shown.objects.filter(member=member_id, at__gt=since).values_list("sponsor_id")
    waiting = Suggestion.objects.filter(current, request__member=member_id).order_by().values_list("sponsor_id")
    offered = Offer.objects.filter(request__member=member_id, made_at__gt=since).order_by().values_list("sponsor_id")
    return {sponsor_id for (sponsor_id,) in shown.union(waiting, offered)}


def has_seen_enough(member_id: UUID) -> bool:
    """Whether nobody new is shown to a newcomer before some hours have passed."""
    return len(seen_lately(member_id)) >= MOST_PEOPLE


def excluded(newcomer: engine.Person, pool: engine.Pool, *, without: Collection[UUID]) -> dict[str, int]:
    """How many sponsors each rule excludes first, in the rules' order; those of other fellowships are not counted."""
    counts = engine.why_nobody(newcomer, pool, without=without)
    return {str(rule): count for rule, count in counts.items() if rule is not engine.Rule.FELLOWSHIP}


def why_nobody(request: SponsorRequest) -> dict[str, int]:
    """For coordinators: how many sponsors each rule excludes first, in the rules' order; never for the newcomer."""
    newcomer, pool = roster.pool_for(request)
    return excluded(newcomer, pool, without=already_asked(request))


def what_would_help(request: SponsorRequest) -> list[str]:
    """For the newcomer: which own preference, widened, would open options; never gender, safety, or who exists.

    Three queries for a request read with its policy, fellowship, and the member's profile, area and sponsor's side.
    """
    newcomer = roster.person(request.member.profile, waiting_since=request.asked_at)
    pool = roster.pool_around(request, now=clock.now())
    return [str(rule) for rule in engine.what_would_help(newcomer, pool, without=already_asked(request))]


def shared_weeks(viewer: Profile, others: Sequence[Profile]) -> list[str]:
    """The hours the viewer shares with each of the others: 168 characters in the viewer's zone, Monday 00:00 first."""
    monday = roster.coming_monday(clock.now())
    mine = (viewer.week.bits, viewer.zone)
    return [str(Week(week.shared_week(mine, (one.week.bits, one.zone), monday, viewer.zone))) for one in others]
