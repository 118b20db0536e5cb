"""What coordinators do with rounds: make a preview, bring it up to date, cancel it, put it before the newcomers."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts import clock
from accounts.models import Intergroup, User
from accounts.models.audit import record
from matching.actions import offers
from matching.actions.errors import AlreadyWorking, NoLongerFits, NotAllowed, TooLate
from matching.actions.round_moves import end_round, wake
from matching.models import Offer, Origin, PairOutcome, Round, RoundKind, RoundPair, SponsorRequest
from matching.queries.coordinators import serving
from matching.queries.everybody import policy
from matching.queries.rounds import Published, published
from matching.queries.suggestions import already_asked
from matching.states import LIVE_ROUND, SHOWN_ROUND, WORKING_ROUND, RequestState, RoundState, move

WORK = timedelta(seconds=5)
"""How long one press of a button publishes; the tick goes on with the rest."""

log = logging.getLogger(__name__)


def plan_round(
    intergroup: Intergroup, *, by: User, kind: str = RoundKind.BEST, weights: Mapping[str, int] | None = None
) -> Round:
    """Have a round made for everybody who waits; workers read them once this is committed (``round_planning``).

    A preview that there is becomes stale. ``weights`` replaces points of the intergroup's own for this round.

    Raises AlreadyWorking while another is being made, ValueError for a weight that is negative or of no component.
    """
    if by.pk not in serving(intergroup.pk):
        raise NotAllowed
    policy(intergroup, weights)
    now = clock.now()
    try:
        with transaction.atomic():
            for earlier in Round.objects.select_for_update().filter(intergroup=intergroup, state__in=LIVE_ROUND):
                if earlier.state in WORKING_ROUND:
                    raise AlreadyWorking
                end_round(earlier, RoundState.STALE, by=by)
            round_ = Round.objects.create(
                intergroup=intergroup,
                kind=RoundKind(kind),
                weights=dict(weights or {}),
                made_by=by,
                made_at=now,
                began_at=now,
            )
            record(by, "round.planned", round_, intergroup_id=intergroup.pk, kind=kind)
            wake("plan_round", [round_.pk])
    except IntegrityError as error:
        # Two presses of the same button: the partial unique index lets one through.
        if "round_one_live" in str(error):
            raise AlreadyWorking from error
        raise
    return round_


def _locked(round_: Round, by: User) -> Round:
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if by.pk not in serving(locked.intergroup_id):
        raise NotAllowed
    return locked


@transaction.atomic
def cancel_round(round_: Round, *, by: User) -> None:
    """Stop what is being made, or throw a preview away; nothing of it is kept. Raises TooLate when it has ended."""
    locked = _locked(round_, by)
    if locked.state not in LIVE_ROUND:
        raise TooLate
    end_round(locked, RoundState.CANCELLED, by=by)


@transaction.atomic
def refresh_round(round_: Round, *, by: User) -> None:
    """Bring a preview up to date after people joined or left: the parts whose people changed are mended.

    Raises TooLate when it is no preview any more.
    """
    locked = _locked(round_, by)
    if locked.state != RoundState.PREVIEW:
        raise TooLate
    locked.state = move(RoundState.PREVIEW, RoundState.PLANNING)
    locked.began_at, locked.attempts = clock.now(), 0
    locked.served = locked.left = locked.total = locked.lowest = locked.verified_at = locked.seconds = None
    locked.fairness = {}
    locked.save()
    record(by, "round.refreshed", locked, intergroup_id=locked.intergroup_id)
    wake("plan_round", [locked.pk])


def publish_round(round_: Round, *, by: User) -> Published:
    """Put each pair before its newcomer as a proposal, if every hard rule still holds: all or nothing for each pair.

    Pressed again it goes on with what is left, and proposes nothing twice. Pairs in which the coordinator is one of
    the two are left to another one. Raises TooLate when there is no preview to publish.
    """
    with transaction.atomic():
        locked = _locked(round_, by)
        if locked.state not in SHOWN_ROUND:
            raise TooLate
        if locked.state == RoundState.PREVIEW:
            locked.state = move(RoundState.PREVIEW, RoundState.PUBLISHED)
            locked.published_by, locked.ended_at = by.pk, clock.now()
            locked.save(update_fields=["state", "published_by", "ended_at"])
            record(by, "round.published", locked, intergroup_id=locked.intergroup_id, pairs=locked.served)
    until = monotonic() + WORK.total_seconds()
    for pair in list(publishable(by).filter(round=locked)):
        if monotonic() > until:
            break
        try:
            _propose(pair, by)
        except Exception as error:  # one pair must not hold up the others; its kind is told, no content
            log.error("pair %s is not proposed: %s", pair.pk, type(error).__name__)
    return published(locked)


def publishable(by: User) -> QuerySet[RoundPair]:
    """The pairs that somebody may put before newcomers: those of others, of published rounds."""
    waiting = RoundPair.objects.filter(round__state=RoundState.PUBLISHED, outcome=PairOutcome.WAITING).order_by("pk")
    return waiting.exclude(Q(newcomer=by) | Q(sponsor=by))


@transaction.atomic
def _propose(pair: RoundPair, by: User) -> None:
    request = SponsorRequest.objects.select_for_update().filter(pk=pair.request_id).first()
    row = RoundPair.objects.select_for_update().filter(pk=pair.pk, outcome=PairOutcome.WAITING).first()
    if request is None or row is None:
        return
    busy = request.state != RequestState.OPEN or Offer.objects.live().filter(request=request).exists()
    if busy or row.sponsor_id in already_asked(request):
        row.outcome = PairOutcome.OVERTAKEN
    else:
        try:
            row.offer = offers.propose(request, row.sponsor_id, origin=Origin.ROUND, by=by)
            row.outcome = PairOutcome.PROPOSED
        except NoLongerFits as error:
            row.outcome, row.broken = PairOutcome.UNFIT, error.rule
    row.save(update_fields=["offer", "outcome", "broken"])
