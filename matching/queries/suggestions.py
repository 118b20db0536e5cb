"""Reads that ask the engine: who would fit, and why nobody does."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from accounts import clock
from accounts.models import Profile
from accounts.models.week import Week
from matching import engine, roster
from matching.engine import week
from matching.models import Offer, SponsorRequest
from matching.states import OfferState

SAID_NO = (OfferState.DECLINED, OfferState.REFUSED, OfferState.REJECTED, OfferState.EXPIRED)


def already_asked(request: SponsorRequest) -> set[UUID]:
    """Sponsors who had their turn with this request and are not asked again."""
    return set(Offer.objects.filter(request=request, state__in=SAID_NO).values_list("sponsor_id", flat=True))


def best(request: SponsorRequest, *, k: int = 3, without: Iterable[UUID] = ()) -> list[engine.Suggestion]:
    """The k best sponsors for a request, best first, exact; those who had their turn are left out."""
    newcomer, pool = roster.pool_for(request, without=[*already_asked(request), *without])
    return engine.suggest(newcomer, pool, k)


def why_nobody(request: SponsorRequest) -> dict[str, int]:
    """For coordinators: how many sponsors each rule excludes first, in the rules' order; never for the newcomer."""
    newcomer, pool = roster.pool_for(request, without=already_asked(request))
    return {str(rule): count for rule, count in engine.why_nobody(newcomer, pool).items()}


def what_would_help(request: SponsorRequest) -> list[str]:
    """For the newcomer: which own preference, widened, would open options; never gender, safety, or who exists.

    Three queries for a request read with its policy, fellowship, and the member's profile, area and sponsor's side.
    """
    now = clock.now()
    had = Offer.objects.filter(request=request, state__in=SAID_NO).values("sponsor")
    sponsors = [roster.person(row) for row in roster.sponsor_profiles(request).exclude(pk__in=had)]
    newcomer = roster.person(request.member.profile, waiting_since=request.asked_at)
    pool = engine.Pool.of(sponsors, roster.facts_of(request, now=now))
    return [str(rule) for rule in engine.what_would_help(newcomer, pool)]


def shared_weeks(viewer: Profile, others: Sequence[Profile]) -> list[str]:
    """The hours the viewer shares with each of the others: 168 characters in the viewer's zone, Monday 00:00 first."""
    monday = roster.coming_monday(clock.now())
    mine = (viewer.week.bits, viewer.zone)
    return [str(Week(week.shared_week(mine, (one.week.bits, one.zone), monday, viewer.zone))) for one in others]
