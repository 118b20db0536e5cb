"""Offers: one at a time to one sponsor, with a deadline; the next one follows by itself.

Locks are always taken in the order request, sponsors, offer; see ``seats``.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.actions.sponsors import SAID_SOMETHING, pause_sponsor
from accounts.models import AuditEntry, Policy, Sponsor, User
from accounts.models.audit import entry, record
from matching import engine, roster
from matching.actions import pairings
from matching.actions.errors import NoLongerFits, NoSeat, NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import message, post, put
from matching.actions.seats import free_seat, lock_sponsors, open_seat, take_seat
from matching.actions.suggestions import plain, suggest
from matching.models import ConsentRole, Offer, OfferConsent, Origin, SponsorRequest
from matching.models.care import too_near
from matching.queries.coordinators import serving
from matching.queries.suggestions import already_asked
from matching.states import HELD_OFFER, LIVE_OFFER, LIVE_REQUEST, OfferState, RequestState, move

MOST_REFUSALS = 3
REVIEW_WITHIN = timedelta(hours=48)
PROPOSAL_WITHIN = timedelta(hours=72)
BATCH = 1000


def locked(offer: Offer, *, onward: bool = False) -> tuple[SponsorRequest, Offer]:
    """Lock an offer's request, sponsor and the offer itself, in this order, and read them afresh.

    ``onward``: the request may be held out to the next of the ranked, who are locked along with the first.
    """
    request = lock(SponsorRequest.objects.select_for_update(), pk=offer.request_id)
    lock_sponsors([offer.sponsor_id, *(ranked(request) if onward else ())])
    return request, lock(Offer.objects.select_for_update(), pk=offer.pk)


def ranked(request: SponsorRequest) -> list[UUID]:
    """The sponsors whom the newcomer chose, first choice first."""
    chosen = request.suggestions.filter(rank__isnull=False).order_by("rank")
    return list(chosen.values_list("sponsor_id", flat=True))


def end_offer(offer: Offer, state: OfferState, *, by: User | None) -> None:
    """Move an offer of a locked request to one of its ends; a seat it held is free again."""
    lock_sponsors([offer.sponsor_id])
    offer = lock(Offer.objects.select_for_update(), pk=offer.pk)
    held = offer.state == OfferState.IN_REVIEW
    offer.state = move(OfferState(offer.state), state)
    offer.ended_at = clock.now()
    offer.save(update_fields=["state", "ended_at"])
    if held:
        free_seat(offer.sponsor_id)
        # What was asked and answered in the review was for the review alone.
        offer.questions.all().delete()
    record(by, f"offer.{state}", offer, member=offer.sponsor_id, intergroup_id=offer.request.intergroup_id)


def send(request: SponsorRequest, sponsor_id: UUID, *, by: User | None) -> Offer | None:
    """Hold a locked request out to a locked sponsor, if every hard rule holds at this moment; None otherwise."""
    verdict = roster.recheck(request, sponsor_id)
    if verdict.suggestion is None:
        return None
    for proposal in request.offers.filter(sponsor=sponsor_id, state=OfferState.PROPOSED):
        # The newcomer chose by themself whom a coordinator had in mind.
        end_offer(proposal, OfferState.WITHDRAWN, by=by)
    policy = Policy.objects.get(pk=request.intergroup_id)
    now = clock.now()
    found = verdict.suggestion
    offer = Offer.objects.create(
        request=request,
        sponsor_id=sponsor_id,
        origin=Origin.NEWCOMER,
        state=OfferState.SENT,
        review_required=policy.review_required,
        made_at=now,
        expires_at=now + timedelta(hours=policy.offer_hours),
        score=found.score,
        parts={str(component): points for component, points in found.parts.items()},
        reasons=plain(found.for_newcomer),
        reasons_back=plain(found.for_sponsor),
    )
    _open_to(offer, request, by=by)
    return offer


def _open_to(offer: Offer, request: SponsorRequest, *, by: User | None) -> None:
    """What follows once an offer is with its sponsor: the newcomer's yes, the deadline, the notice."""
    now = clock.now()
    OfferConsent.objects.create(offer=offer, role=ConsentRole.NEWCOMER, actor=request.member_id, at=now)
    Sponsor.objects.filter(pk=offer.sponsor_id).update(last_offer_at=now, changed_at=now)
    if request.state != RequestState.OFFERED:
        request.state = move(RequestState(request.state), RequestState.OFFERED)
    request.decide_by = offer.expires_at or now
    request.save(update_fields=["state", "decide_by", "refusals", "needs_coordinator"])
    record(by, "offer.sent", offer, member=offer.sponsor_id, intergroup_id=request.intergroup_id)
    post("offer_sent", offer.sponsor_id, key=f"offer_sent:{offer.pk}", offer=offer.pk)


def advance(request: SponsorRequest, *, by: User | None) -> Offer | None:
    """Hold a locked request out to the next of the ranked who still fits; otherwise open it again. Returns the offer.

    After three refusals the coordinators get the task and the newcomer hears of a temporary contact.
    """
    if request.refusals >= MOST_REFUSALS:
        call_coordinator(request, by=by)
    chosen = ranked(request)
    lock_sponsors(chosen)
    had = already_asked(request)
    for sponsor_id in chosen:
        offer = None if sponsor_id in had else send(request, sponsor_id, by=by)
        if offer is not None:
            return offer
    _reopen(request, by=by)
    return None


def _reopen(request: SponsorRequest, *, by: User | None) -> None:
    if request.state == RequestState.OFFERED:
        request.state = move(RequestState(request.state), RequestState.OPEN)
        request.save(update_fields=["state"])
        suggest(request, by=by)
        post(
            "choose_again",
            request.member_id,
            key=f"choose_again:{request.pk}:{request.offers.count()}",
            request=request.pk,
        )
    hours = Policy.objects.values_list("stuck_hours", flat=True).get(pk=request.intergroup_id)
    request.decide_by = clock.now() + timedelta(hours=hours)
    request.save(update_fields=["state", "decide_by", "refusals", "needs_coordinator"])
    record(by, "request.opened", request, member=request.member_id, intergroup_id=request.intergroup_id)


def call_coordinator(request: SponsorRequest, *, by: User | None) -> None:
    """Make a locked request a coordinator's task, once, and tell the newcomer that somebody looks after it."""
    if request.needs_coordinator:
        return
    request.needs_coordinator = True
    request.save(update_fields=["needs_coordinator"])
    record(by, "request.needs_coordinator", request, member=request.member_id, intergroup_id=request.intergroup_id)
    post("looked_after", request.member_id, key=f"looked_after:{request.pk}", request=request.pk)
    for coordinator_id in serving(request.intergroup_id):
        if coordinator_id != request.member_id:
            key = f"needs_coordinator:{request.pk}:{coordinator_id}"
            post("needs_coordinator", coordinator_id, key=key, request=request.pk)


@transaction.atomic
def accept_offer(offer: Offer, *, by: User, note: str = "") -> Offer:
    """The sponsor says yes: takes a seat, and either waits for the coordinator or is paired at once.

    Raises TooLate when the offer ran out or moved on, NoSeat when the last seat went meanwhile, NoLongerFits when a
    hard rule has come between the two.
    """
    if offer.sponsor_id != by.pk:
        raise NotAllowed
    now, request, offer = _open_for_answer(offer)
    # A yes is the best confirmation that somebody is still glad to sponsor. It is written before the rules are asked:
    # they answer with the first that is broken, and to overlook that one there would be to overlook all behind it.
    Sponsor.objects.filter(pk=by.pk).update(confirmed_at=now, **SAID_SOMETHING)
    verdict = roster.recheck(request, by.pk, one_more=bool(offer.seat_reason))
    if verdict.broken is engine.Rule.SEATS:
        raise NoSeat
    if verdict.broken is not None:
        raise NoLongerFits(str(verdict.broken))
    _seat(offer, by=by)
    OfferConsent.objects.create(offer=offer, role=ConsentRole.SPONSOR, actor=by.pk, at=now)
    offer.answered_at = now
    offer.note = note
    record(by, "offer.accepted", offer, member=by.pk, intergroup_id=request.intergroup_id)
    if not offer.review_required:
        pairings.pair(request, offer, by=by)
        return offer
    offer.state = move(OfferState(offer.state), OfferState.IN_REVIEW)
    offer.save(update_fields=["state", "answered_at", "note"])
    request.decide_by = now + REVIEW_WITHIN
    request.save(update_fields=["decide_by"])
    post("offer_accepted", request.member_id, key=f"offer_accepted:{offer.pk}", offer=offer.pk)
    for coordinator_id in serving(request.intergroup_id):
        if coordinator_id not in (request.member_id, offer.sponsor_id):
            post("review_waiting", coordinator_id, key=f"review_waiting:{offer.pk}:{coordinator_id}", offer=offer.pk)
    return offer


def _seat(offer: Offer, *, by: User) -> None:
    """Take a free seat; where there is none, the yes to an offer that asks for it opens one. Raises NoSeat."""
    try:
        take_seat(by.pk)
    except NoSeat:
        if not offer.seat_reason:
            raise
        open_seat(by.pk)
        record(by, "sponsor.seat_opened", by.sponsor, member=by.pk, offer=offer.pk)


def _open_for_answer(offer: Offer, *, onward: bool = False) -> tuple[datetime, SponsorRequest, Offer]:
    """Lock, and make sure that the sponsor may still answer: the clock that expires offers waits for these locks.

    The first of the three is the moment of the answer. It is read once: a second look at the clock could be past the
    deadline that the first was not.
    """
    request, offer = locked(offer, onward=onward)
    if offer.state != OfferState.SENT or request.state not in LIVE_REQUEST:
        raise TooLate
    now = clock.now()
    if offer.expires_at is None or offer.expires_at <= now:
        raise TooLate
    return now, request, offer


@transaction.atomic
def decline_offer(offer: Offer, *, by: User, pause_until: date | None = None) -> None:
    """The sponsor says no, and with ``pause_until`` takes no offers until that date; the next sponsor is asked."""
    if offer.sponsor_id != by.pk:
        raise NotAllowed
    now, request, offer = _open_for_answer(offer, onward=True)
    offer.answered_at = now
    offer.save(update_fields=["answered_at"])
    # A no to one person shows as well that somebody is there; whoever wants nobody new at all has the pause beside it.
    Sponsor.objects.filter(pk=by.pk).update(confirmed_at=now, **SAID_SOMETHING)
    say_no(request, offer, OfferState.DECLINED, by=by)
    if pause_until is not None:
        pause_sponsor(Sponsor.objects.get(pk=by.pk), until=pause_until, by=by)


def say_no(request: SponsorRequest, offer: Offer, state: OfferState, *, by: User | None) -> None:
    """End an offer of a locked request without a match, and hold the request out to the next."""
    end_offer(offer, state, by=by)
    request.refusals += 1
    request.save(update_fields=["refusals"])
    advance(request, by=by)


@transaction.atomic
def hand_on(offer: Offer, *, by: User | None = None) -> None:
    """Take an offer back from a sponsor who is not there any more; the next of the ranked is asked."""
    request, offer = locked(offer, onward=True)
    if offer.state in HELD_OFFER:
        say_no(request, offer, OfferState.WITHDRAWN, by=by)
    elif offer.state in LIVE_OFFER:
        end_offer(offer, OfferState.WITHDRAWN, by=by)


@transaction.atomic
def propose_offer(request: SponsorRequest, sponsor_id: UUID, *, by: User, seat_reason: str = "") -> Offer:
    """A coordinator proposes a sponsor; nothing happens until the newcomer says yes.

    With ``seat_reason``, why it should be them although all their seats are taken: the sponsor then decides whether to
    open one more for this newcomer. No other rule can be set aside, by anybody.

    Raises NoLongerFits when a hard rule stands between them, TooLate when the request has ended.
    """
    request = lock(SponsorRequest.objects.select_for_update(), pk=request.pk)
    theirs = SponsorRequest.objects.for_coordinator(by).filter(pk=request.pk)
    if not theirs.exists() or User.objects.filter(too_near(by, "pk"), pk=sponsor_id).exists():
        raise NotAllowed
    if request.state not in LIVE_REQUEST or Offer.objects.live().filter(request=request, sponsor=sponsor_id).exists():
        raise TooLate
    offer = propose(request, sponsor_id, origin=Origin.COORDINATOR, by=by, seat_reason=seat_reason)
    if seat_reason:
        where = request.intergroup_id
        record(by, "offer.seat_asked", offer, member=sponsor_id, intergroup_id=where, reason=seat_reason)
    return offer


def propose(request: SponsorRequest, sponsor_id: UUID, *, origin: Origin, by: User, seat_reason: str = "") -> Offer:
    """Put a sponsor before the newcomer of a locked request, if every hard rule holds at this moment.

    Raises NoLongerFits otherwise, before anything is written.
    """
    verdict = roster.recheck(request, sponsor_id, one_more=bool(seat_reason))
    if verdict.suggestion is None:
        raise NoLongerFits(str(verdict.broken))
    return propose_all([(request, verdict.suggestion)], origin=origin, by=by, seat_reason=seat_reason)[0]


def propose_all(
    found: Sequence[tuple[SponsorRequest, engine.Suggestion]], *, origin: Origin, by: User, seat_reason: str = ""
) -> list[Offer]:
    """Put before the newcomers of locked requests, all of one intergroup, whom the rules have just let through.

    As many statements for one as for a thousand; the offers are in the order given.
    """
    if not found:
        return []
    now = clock.now()
    review = Policy.objects.values_list("review_required", flat=True).get(pk=found[0][0].intergroup_id)
    made = [
        Offer(
            request=request,
            sponsor_id=one.sponsor,
            origin=origin,
            state=OfferState.PROPOSED,
            review_required=review,
            made_at=now,
            expires_at=now + PROPOSAL_WITHIN,
            seat_reason=seat_reason,
            score=one.score,
            parts={str(component): points for component, points in one.parts.items()},
            reasons=plain(one.for_newcomer),
            reasons_back=plain(one.for_sponsor),
        )
        for request, one in found
    ]
    Offer.objects.bulk_create(made, batch_size=BATCH)
    AuditEntry.objects.bulk_create(
        [
            entry(by, "offer.proposed", one, member=one.request.member_id, intergroup_id=one.request.intergroup_id)
            for one in made
        ],
        batch_size=BATCH,
    )
    put([message("proposal", one.request.member_id, key=f"proposal:{one.pk}", offer=one.pk) for one in made])
    return made


@transaction.atomic
def answer_proposal(offer: Offer, *, by: User, yes: bool) -> Offer:
    """The newcomer answers a proposal; yes holds the request out to that sponsor.

    Raises TooLate when it ran out or another offer is out at present, NoLongerFits when a rule has come between.
    """
    request, offer = locked(offer)
    if request.member_id != by.pk:
        raise NotAllowed
    if offer.state != OfferState.PROPOSED or request.state not in LIVE_REQUEST:
        raise TooLate
    if not yes:
        end_offer(offer, OfferState.REFUSED, by=by)
        return offer
    ran_out = offer.expires_at is not None and offer.expires_at <= clock.now()
    if ran_out or request.state == RequestState.OFFERED:
        raise TooLate
    verdict = roster.recheck(request, offer.sponsor_id, one_more=bool(offer.seat_reason))
    if verdict.broken is not None:
        raise NoLongerFits(str(verdict.broken))
    hours = Policy.objects.values_list("offer_hours", flat=True).get(pk=request.intergroup_id)
    offer.state = move(OfferState(offer.state), OfferState.SENT)
    offer.expires_at = clock.now() + timedelta(hours=hours)
    offer.save(update_fields=["state", "expires_at"])
    _open_to(offer, request, by=by)
    return offer
