"""A newcomer's request: ask, get suggestions, choose, withdraw."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import Policy, Profile, User
from accounts.models.audit import record
from matching.actions import offers
from matching.actions.errors import AlreadyLooking, AlreadyPaired, NotAllowed, NotReady, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.actions.suggestions import SUGGESTED, suggest
from matching.models import Offer, Pairing, SponsorRequest
from matching.states import LIVE_OFFER, LIVE_REQUEST, OfferState, RequestState, move

NEEDED: dict[str, Callable[[Profile], object]] = {
    "fellowship": lambda profile: profile.intergroup_id and profile.fellowship_id,
    "name": lambda profile: profile.first_name,
    "languages": lambda profile: profile.languages,
    "people": lambda profile: profile.comfortable_with,
    "meeting": lambda profile: profile.modes,
    "week": lambda profile: len(profile.week),
}


def ask(member: User, *, by: User) -> SponsorRequest:
    """Open a member's request for a sponsor and find the first suggestions.

    Raises NotReady while the profile is unfinished, AlreadyLooking or AlreadyPaired when there is one already.
    """
    if member.pk != by.pk:
        raise NotAllowed
    profile = Profile.objects.select_related("fellowship", "intergroup").get(pk=member.pk)
    missing = [step for step, has in NEEDED.items() if not has(profile)]
    if missing or profile.completed_at is None or profile.intergroup is None or profile.fellowship is None:
        raise NotReady(missing)
    now = clock.now()
    try:
        with transaction.atomic():
            request = SponsorRequest.objects.create(
                member=member,
                intergroup=profile.intergroup,
                fellowship=profile.fellowship,
                asked_at=now,
                decide_by=now + _stuck_after(profile.intergroup_id),
            )
            # Only now: the request before this one may have become a pairing while the unique index let us wait.
            if Pairing.objects.live().filter(sponsee=member, fellowship=profile.fellowship).exists():
                raise AlreadyPaired
            record(by, "request.asked", request, member=member.pk, intergroup_id=request.intergroup_id)
            suggest(request, by=by)
    except IntegrityError as error:
        # Two presses of the same button: the partial unique index lets one through.
        if "request_one_live" in str(error):
            raise AlreadyLooking from error
        raise
    return request


def ask_again(member: User, *, asked_at: datetime, by: User) -> SponsorRequest | None:
    """Open a request for somebody whose sponsor steps down, with a place in the queue of their own: it counts from
    ``asked_at``. Runs within the caller's transaction, in which their pairing has ended.

    None when they can't look at present: not active, without a finished profile, or with a request already.
    """
    profile = Profile.objects.select_related("fellowship", "intergroup").get(pk=member.pk)
    if not member.is_active or profile.completed_at is None or profile.intergroup is None or profile.fellowship is None:
        return None
    try:
        with transaction.atomic():
            request = SponsorRequest.objects.create(
                member=member,
                intergroup=profile.intergroup,
                fellowship=profile.fellowship,
                asked_at=asked_at,
                decide_by=clock.now() + _stuck_after(profile.intergroup_id),
            )
    except IntegrityError as error:
        if "request_one_live" in str(error):
            return None
        raise
    record(by, "request.asked_again", request, member=member.pk, intergroup_id=request.intergroup_id)
    suggest(request, by=by)
    return request


def _stuck_after(intergroup_id: int | None) -> timedelta:
    hours = Policy.objects.filter(pk=intergroup_id).values_list("stuck_hours", flat=True).first()
    return timedelta(hours=hours or 72)


@transaction.atomic
def choose(request: SponsorRequest, sponsor_ids: Sequence[UUID], *, by: User) -> Offer:
    """Rank one to three of the suggested, first choice first, and hold the request out to the first who still fits.

    Raises TooLate when the request moved on, when somebody chosen is no longer suggested, or when nobody fits any more.
    """
    request = lock(SponsorRequest.objects.select_for_update(), pk=request.pk)
    if request.member_id != by.pk:
        raise NotAllowed
    if request.state != RequestState.OPEN:
        raise TooLate
    wanted = list(dict.fromkeys(sponsor_ids))[:SUGGESTED]
    suggested = {one.sponsor_id: one for one in request.suggestions.all()}
    if not wanted or any(sponsor_id not in suggested for sponsor_id in wanted):
        raise TooLate
    request.suggestions.update(rank=None)
    for rank, sponsor_id in enumerate(wanted, start=1):
        request.suggestions.filter(sponsor=sponsor_id).update(rank=rank)
    request.refusals = 0
    record(by, "request.ranked", request, member=by.pk, intergroup_id=request.intergroup_id, n=len(wanted))
    offer = offers.advance(request, by=by)
    if offer is None:
        raise TooLate
    return offer


@transaction.atomic
def withdraw_request(request: SponsorRequest, *, by: User) -> None:
    """Take a request back; a seat that was held is free again. Raises TooLate when it has ended already."""
    if request.member_id != by.pk:
        raise NotAllowed
    withdraw_for(request, by=by)


@transaction.atomic
def withdraw_for(request: SponsorRequest, *, by: User) -> None:
    """The same for whoever may decide it: the member, or the office that suspends them. Raises TooLate."""
    request = lock(SponsorRequest.objects.select_for_update(), pk=request.pk)
    if request.state not in LIVE_REQUEST:
        raise TooLate
    withdraw_live_offers(request, by=by)
    request.state = move(RequestState(request.state), RequestState.WITHDRAWN)
    request.ended_at = clock.now()
    request.save(update_fields=["state", "ended_at"])
    record(by, "request.withdrawn", request, member=request.member_id, intergroup_id=request.intergroup_id)


def withdraw_live_offers(request: SponsorRequest, *, by: User | None) -> None:
    """End a locked request's live offers, in the lock order sponsor before offer; a sponsor who had said yes hears."""
    for offer in request.offers.filter(state__in=LIVE_OFFER).order_by("sponsor_id"):
        offers.end_offer(offer, OfferState.WITHDRAWN, by=by)
        if offer.state == OfferState.IN_REVIEW:
            post("not_this_time", offer.sponsor_id, key=f"not_this_time:{offer.pk}", offer=offer.pk)
