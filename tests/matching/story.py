"""How far a story has come, told by the actions themselves; and the same made quickly, row by row, for races."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts import clock
from accounts.models import Policy, Sponsor, User
from matching.actions.offers import accept_offer
from matching.actions.requests import ask, choose
from matching.actions.reviews import approve_offer
from matching.cadence import at_hour
from matching.models import CheckInPlan, ConsentRole, Offer, OfferConsent, Pairing, SponsorRequest
from matching.states import HELD_OFFER, LIVE_PAIRING, OfferState, RequestState
from tests import factories


def asked(member: User) -> SponsorRequest:
    """Somebody asked for a sponsor."""
    return ask(member, by=member)


def offered(member: User, *sponsors: User) -> Offer:
    """Somebody asked and ranked these sponsors; the first has the offer."""
    return choose(asked(member), [one.pk for one in sponsors], by=member)


def accepted(member: User, sponsor: User) -> Offer:
    """The sponsor said yes; a coordinator's look is still to come."""
    return accept_offer(offered(member, sponsor), by=sponsor, note="Call me after six.")


def paired(member: User, sponsor: User, coordinator: User) -> Pairing:
    """Everybody said yes."""
    return approve_offer(accepted(member, sponsor), by=coordinator)


def without_review() -> None:
    """The intergroup has switched its review off."""
    Policy.objects.update(review_required=False)


def held_out(request: SponsorRequest, sponsor: User, *, until: datetime | None = None, review: bool = True) -> Offer:
    """An offer that waits for a sponsor, without asking the engine."""
    now = clock.now()
    offer = Offer.objects.create(
        request=request,
        sponsor=sponsor,
        state=OfferState.SENT,
        review_required=review,
        made_at=now,
        expires_at=until or now + timedelta(hours=24),
    )
    OfferConsent.objects.create(offer=offer, role=ConsentRole.NEWCOMER, actor=request.member_id, at=now)
    return offer


def looking(member: User | None = None) -> SponsorRequest:
    """A request that is held out to somebody, without asking the engine."""
    now = clock.now()
    return SponsorRequest.objects.create(
        member=member or factories.newcomer(),
        intergroup=factories.intergroup(),
        fellowship=factories.fellowship(),
        state=RequestState.OFFERED,
        asked_at=now,
        decide_by=now + timedelta(hours=24),
    )


def paired_at_once(sponsor: User) -> Pairing:
    """Somebody new and this sponsor, without review."""
    return Pairing.objects.get(offer=accept_offer(held_out(looking(), sponsor, review=False), by=sponsor))


def due_now() -> None:
    """A day or more went by, and the hour at which everybody paired is asked has just struck.

    Never near the end of an hour: at night a reminder is dropped an hour after its time, and the test would then depend
    on the minute at which it runs.
    """
    now = clock.now()
    if not 5 <= now.minute < 40:
        struck = now.replace(minute=5, second=0, microsecond=0)
        clock.move_on((struck if struck > now else struck + timedelta(hours=1)) - now)
    for plan in CheckInPlan.objects.select_related("member__profile"):
        zone = plan.member.profile.zone
        plan.hour = clock.now().astimezone(ZoneInfo(zone)).hour
        plan.hour_chosen = True
        plan.next_at = at_hour(clock.today(zone), plan.hour, zone)
        plan.save()


def seats_taken(sponsor: User) -> int:
    """What the counter says."""
    return Sponsor.objects.values_list("seats_taken", flat=True).get(pk=sponsor.pk)


def seats_held(sponsor: User) -> int:
    """What the counter should say: the yeses under review and the pairings that live."""
    waiting = Offer.objects.filter(sponsor=sponsor, state=HELD_OFFER[1]).count()
    return waiting + Pairing.objects.filter(sponsor=sponsor, state__in=LIVE_PAIRING).count()
