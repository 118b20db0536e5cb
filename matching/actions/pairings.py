"""A pairing: begins with everybody's yes, may be confirmed, changed or ended by either at one tap."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import clock
from accounts.actions.bars import keep_apart
from accounts.models import BarKind, Profile, User
from accounts.models.audit import record
from matching import cadence as cadences
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.actions.seats import free_seat, lock_sponsors
from matching.models import STEPS, TRIAL_DAYS, CheckIn, CheckInPlan, EndReason, Offer, Pairing, SponsorRequest
from matching.states import LIVE_OFFER, LIVE_PAIRING, CheckInState, OfferState, PairingState, RequestState, move


def pair(request: SponsorRequest, offer: Offer, *, by: User) -> Pairing:
    """Make the pairing of a locked request and offer whose seat is held. The database refuses it while a yes lacks."""
    now = clock.now()
    offer.state = move(OfferState(offer.state), OfferState.PAIRED)
    offer.ended_at = now
    offer.save(update_fields=["state", "ended_at", "answered_at", "note"])
    # What was asked and answered in the review was for the review alone.
    offer.questions.all().delete()
    for rival in request.offers.filter(state__in=LIVE_OFFER):
        # Proposals only, which hold no seat: one offer at a time is with a sponsor.
        rival.state = move(OfferState(rival.state), OfferState.WITHDRAWN)
        rival.ended_at = now
        rival.save(update_fields=["state", "ended_at"])
        record(by, "offer.withdrawn", rival, member=rival.sponsor_id, intergroup_id=request.intergroup_id)
    request.state = move(RequestState(request.state), RequestState.MATCHED)
    request.ended_at = now
    request.save(update_fields=["state", "ended_at"])
    pairing = Pairing.objects.create(
        offer=offer,
        sponsor_id=offer.sponsor_id,
        sponsee_id=request.member_id,
        fellowship_id=request.fellowship_id,
        intergroup_id=request.intergroup_id,
        began_at=now,
        trial_ends_on=clock.today(request.intergroup.zone) + timedelta(days=TRIAL_DAYS),
        count_from=now,
        look_at=now + cadences.LEAST_SILENCE,
    )
    for profile in Profile.objects.filter(pk__in=[pairing.sponsor_id, pairing.sponsee_id]):
        plan = CheckInPlan(pairing=pairing, member_id=profile.pk)
        plan.next_at = next_at(plan, profile.zone)
        plan.save()
        post("paired", profile.pk, key=f"paired:{pairing.pk}:{profile.pk}", pairing=pairing.pk)
    record(by, "pairing.began", pairing, member=request.member_id, intergroup_id=request.intergroup_id)
    return pairing


def next_at(plan: CheckInPlan, zone: str, last_on: date | None = None) -> datetime | None:
    """When this plan asks next, in UTC; None when it asks no more."""
    return cadences.next_due(
        cadence=plan.cadence,
        began_on=plan.pairing.began_at.astimezone(ZoneInfo(zone)).date(),
        last_on=last_on,
        hour=plan.hour,
        zone=zone,
        after=clock.now(),
        paused_until=plan.paused_until,
        quiet=plan.quiet,
        chosen=plan.hour_chosen,
        unanswered=plan.unanswered,
    )


def last_asked_on(plan: CheckInPlan) -> date | None:
    """The latest local day on which this plan has asked."""
    asked = CheckIn.objects.filter(pairing=plan.pairing_id, member=plan.member_id).order_by("-local_date")
    return asked.values_list("local_date", flat=True).first()


def _locked(pairing: Pairing, by: User) -> Pairing:
    # Not the strongest lock: the tick, which holds a plan, adds check-ins that refer to the pairing, and whoever ends
    # the pairing waits for that plan.
    pairing = lock(Pairing.objects.select_for_update(no_key=True), pk=pairing.pk)
    if by.pk not in (pairing.sponsor_id, pairing.sponsee_id):
        raise NotAllowed
    if pairing.state not in LIVE_PAIRING:
        raise TooLate
    return pairing


@transaction.atomic
def confirm_pairing(pairing: Pairing, *, by: User) -> None:
    """Go on beyond the trial."""
    pairing = _locked(pairing, by)
    pairing.state = move(PairingState(pairing.state), PairingState.CONFIRMED)
    pairing.save(update_fields=["state"])
    record(by, "pairing.confirmed", pairing, member=by.pk, intergroup_id=pairing.intergroup_id)


@transaction.atomic
def keep_step(pairing: Pairing, *, by: User, step: int | None) -> None:
    """Either of the two says at which of the Twelve Steps they are; None ends the count.

    The audit tells that the number was changed, and never to what. Raises ValueError for a number that is no Step.
    """
    if step is not None and step not in STEPS:
        raise ValueError("no Step")
    pairing = _locked(pairing, by)
    pairing.step = step
    pairing.save(update_fields=["step"])
    record(by, "pairing.step_kept", pairing, member=by.pk, intergroup_id=pairing.intergroup_id)


@transaction.atomic
def end_pairing(pairing: Pairing, *, by: User, reason: str = EndReason.UNSAID, not_again: bool = False) -> None:
    """End it at one tap, without fault: the seat is free, no further check-in is sent, the other is told neutrally.

    ``not_again`` keeps the two from being suggested to each other later; nobody is told.
    """
    # The sponsor's row before the pairing's: the order that accepting an offer has too.
    lock_sponsors([pairing.sponsor_id])
    pairing = _locked(pairing, by)
    end_locked(pairing, by=by, reason=reason)
    other = pairing.other_id(by)
    if not_again:
        keep_apart(by.pk, other, BarKind.NOT_AGAIN)
    record(by, "pairing.ended", pairing, member=by.pk, intergroup_id=pairing.intergroup_id)
    post("pairing_ended", other, key=f"pairing_ended:{pairing.pk}", pairing=pairing.pk)


def lock_live(pairing_id: UUID) -> Pairing | None:
    """Lock a pairing and its sponsor, in the order that :func:`end_pairing` has; None when it has ended."""
    sponsor_id = Pairing.objects.values_list("sponsor_id", flat=True).get(pk=pairing_id)
    lock_sponsors([sponsor_id])
    pairing = lock(Pairing.objects.select_for_update(no_key=True), pk=pairing_id)
    return pairing if pairing.is_live else None


def end_locked(pairing: Pairing, *, by: User, reason: str = EndReason.UNSAID) -> None:
    """What ends with a pairing, whoever ends it: the seat is free and no further check-in is sent. The sponsor's row
    and the pairing's are locked; whom to tell, and what to write down, is the caller's."""
    pairing.state = move(PairingState(pairing.state), PairingState.ENDED)
    pairing.ended_at = clock.now()
    pairing.ended_by = by.pk
    pairing.end_reason = reason
    pairing.quiet_at = pairing.change_asked_at = pairing.look_at = None
    pairing.save(
        update_fields=["state", "ended_at", "ended_by", "end_reason", "quiet_at", "change_asked_at", "look_at"]
    )
    free_seat(pairing.sponsor_id)
    CheckInPlan.objects.filter(pairing=pairing).update(next_at=None)
    CheckIn.objects.filter(pairing=pairing, state__in=[CheckInState.UPCOMING, CheckInState.OPEN]).update(
        state=CheckInState.LAPSED
    )


@transaction.atomic
def change_plan(
    plan: CheckInPlan,
    *,
    by: User,
    cadence: str,
    hour: int,
    quiet_begins: int = cadences.QUIET.begins,
    quiet_ends: int = cadences.QUIET.ends,
    help_sponsor: bool,
    help_coordinator: bool,
    flag_quiet: bool = True,
    paused_until: date | None = None,
) -> None:
    """Change how one is asked; it counts from the next asking on and concerns nobody but oneself."""
    pairing = lock(Pairing.objects.select_for_update(no_key=True), pk=plan.pairing_id)
    plan = lock(CheckInPlan.objects.select_for_update(), pk=plan.pk)
    plan.pairing = pairing
    if plan.member_id != by.pk:
        raise NotAllowed
    # Whoever picks another hour than before means it, be it a quiet one; quiet hours laid over an hour that nobody
    # picked move the asking instead.
    plan.hour_chosen = plan.hour_chosen or hour != plan.hour
    plan.cadence, plan.hour, plan.paused_until = cadence, hour, paused_until
    plan.quiet_begins, plan.quiet_ends = quiet_begins, quiet_ends
    plan.help_sponsor, plan.help_coordinator = help_sponsor, help_coordinator
    plan.flag_quiet = flag_quiet
    zone = Profile.objects.values_list("zone", flat=True).get(pk=by.pk)
    plan.next_at = next_at(plan, zone, last_asked_on(plan)) if pairing.is_live else None
    plan.save()
    if pairing.is_live:
        # How long a silence is depends on how often the two are asked.
        Pairing.objects.filter(pk=pairing.pk).update(look_at=clock.now())
    record(by, "plan.changed", plan, member=by.pk, intergroup_id=plan.pairing.intergroup_id)
