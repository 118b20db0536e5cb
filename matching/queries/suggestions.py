"""Reads that ask the engine: who would fit, and why nobody does."""

from collections.abc import Iterable
from uuid import UUID

from accounts.models.week import Week
from matching import engine, roster
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
    """For the newcomer: which own preference, widened, would open options; never gender, safety, or who exists."""
    newcomer, pool = roster.pool_for(request, without=already_asked(request))
    return [str(rule) for rule in engine.what_would_help(newcomer, pool)]


def shared_week(request: SponsorRequest, sponsor_id: UUID, *, viewer_id: UUID) -> str:
    """The hours the two share, as 168 characters in the viewer's zone, Monday 00:00 first."""
    now = request.asked_at
    people = {
        row.pk: roster.person(row, now=now) for row in roster.profiles().filter(pk__in=[request.member_id, sponsor_id])
    }
    viewer = people[viewer_id]
    (other,) = (one for key, one in people.items() if key != viewer_id)
    return str(Week(engine.shared_week(viewer, other, roster.coming_monday(now))))
