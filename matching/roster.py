"""Database rows -> the engine's values. The one place that knows both."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts import clock
from accounts.models import Bar, Profile
from matching import engine
from matching.models import Offer, Pairing, SponsorRequest
from matching.states import LIVE_PAIRING, OfferState

ANSWERED = (OfferState.IN_REVIEW, OfferState.PAIRED, OfferState.DECLINED, OfferState.REJECTED)


def coming_monday(now: datetime) -> date:
    """The Monday after today (UTC): the week whose hours are compared."""
    today = now.date()
    return today + timedelta(days=7 - today.weekday())


def person(profile: Profile, *, waiting_since: datetime | None = None) -> engine.Person:
    """One member as the engine sees them. ``profile`` comes from :func:`profiles`."""
    area = profile.area
    side = getattr(profile.user, "sponsor", None)
    values: dict[str, object] = {}
    if side is not None:
        answered, expired = getattr(profile, "answered", 0), getattr(profile, "expired", 0)
        values = {
            "is_sponsor": True,
            "approved": side.approved_at is not None,
            "confirmed_at": side.confirmed_at,
            "paused_until": side.paused_until,
            "has_sponsor": side.has_own_sponsor,
            "steps_worked": side.steps_worked,
            "seats": side.seats,
            "seats_taken": side.seats_taken,
            "answered_in_time": answered / (answered + expired) if answered + expired else None,
            "last_offer_at": side.last_offer_at,
        }
    return engine.Person(
        id=profile.user_id,
        fellowship=profile.fellowship_id or 0,
        active=profile.user.is_active and profile.completed_at is not None,
        gender=profile.gender,
        comfortable_with=frozenset(profile.comfortable_with),
        languages=frozenset(profile.languages),
        modes=frozenset(profile.modes),
        week=profile.week.bits,
        zone=profile.zone,
        needs=frozenset(profile.needs),
        can_meet=frozenset(profile.can_meet),
        area=profile.area_id,
        latitude=None if area is None else area.latitude,
        longitude=None if area is None else area.longitude,
        max_km=None if profile.max_km is None else float(profile.max_km),
        home_group=profile.home_group_id,
        approach=profile.approach,
        experiences=tuple(profile.experiences),
        recovery_since=profile.recovery_date or profile.program_since,
        waiting_since=waiting_since,
        **values,  # type: ignore[arg-type]
    )


def profiles() -> QuerySet[Profile]:
    """Profiles with everything :func:`person` reads, in one query."""

    def offers(*states: OfferState) -> Coalesce:
        counted = (
            Offer.objects.filter(sponsor=OuterRef("pk"), state__in=states)
            .order_by()
            .values("sponsor")
            .annotate(n=Count("pk"))
        )
        return Coalesce(Subquery(counted.values("n")), 0)

    return Profile.objects.select_related("user", "user__sponsor", "area").annotate(
        answered=offers(*ANSWERED), expired=offers(OfferState.EXPIRED)
    )


def policy_of(request: SponsorRequest) -> engine.Policy:
    """The intergroup's policy for the request's fellowship."""
    policy = request.intergroup.policy
    weights = {**engine.DEFAULT_WEIGHTS, **{engine.Component(k): int(v) for k, v in policy.weights.items()}}
    return engine.Policy(
        minimum_days={request.fellowship_id: request.fellowship.minimum_days},
        steps_needed=policy.steps_needed,
        confirm_within_days=policy.confirm_days,
        weights=weights,
    )


def facts_of(request: SponsorRequest, *, now: datetime) -> engine.Facts:
    """What is true around the newcomer: the policy, whom they must not meet, and who sponsors whom."""
    me = request.member_id
    barred = Bar.objects.filter(Q(by=me) | Q(other=me)).values_list("by_id", "other_id")
    chain: dict[UUID, set[UUID]] = {}
    living = Pairing.objects.filter(state__in=LIVE_PAIRING, fellowship=request.fellowship_id)
    for sponsee, sponsor in living.values_list("sponsee_id", "sponsor_id"):
        chain.setdefault(sponsee, set()).add(sponsor)
    return engine.Facts(
        now=now, monday=coming_monday(now), policy=policy_of(request), barred=frozenset(barred), chain=chain
    )


def newcomer_of(request: SponsorRequest, *, now: datetime) -> engine.Person:
    """The member who asks, read afresh."""
    return person(profiles().get(pk=request.member_id), waiting_since=request.asked_at)


def sponsor_profiles(request: SponsorRequest) -> QuerySet[Profile]:
    """Profiles of everybody who sponsors in the request's intergroup and fellowship, as :func:`person` reads them."""
    return profiles().filter(
        intergroup=request.intergroup_id, fellowship=request.fellowship_id, user__sponsor__isnull=False
    )


def sponsors_for(request: SponsorRequest, *, now: datetime, without: Iterable[UUID] = ()) -> list[engine.Person]:
    """Everybody who sponsors in the request's intergroup and fellowship, save those named."""
    return [person(profile) for profile in sponsor_profiles(request).exclude(pk__in=list(without))]


def pool_for(request: SponsorRequest, *, without: Iterable[UUID] = ()) -> tuple[engine.Person, engine.Pool]:
    """The newcomer and everybody they could be matched with, as the engine takes them."""
    now = clock.now()
    pool = engine.Pool.of(sponsors_for(request, now=now, without=without), facts_of(request, now=now))
    return newcomer_of(request, now=now), pool


def recheck(request: SponsorRequest, sponsor_id: UUID, *, seat_held: bool = False) -> engine.Verdict:
    """Look at one pair afresh, inside the transaction that is about to join them.

    ``seat_held``: the sponsor said yes to this very offer already. The seat it holds must not count against it, nor
    must a pause begun since, which keeps new offers away and no more.
    """
    now = clock.now()
    profile = sponsor_profiles(request).filter(pk=sponsor_id).first()
    if profile is None:
        return engine.Verdict(engine.Rule.OFFERS, None)
    sponsor = person(profile)
    if seat_held:
        sponsor = replace(sponsor, seats_taken=max(sponsor.seats_taken - 1, 0), paused_until=None)
    return engine.recheck(newcomer_of(request, now=now), sponsor, facts_of(request, now=now))
