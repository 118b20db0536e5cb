"""Publishing a round: exactly the pairs of its preview become proposals, all in one transaction, or none does.

What was previewed is looked at again under locks, taken in the order requests, sponsors, round. If a single pair does
not hold any more, nothing is proposed: the pairs say why, and the coordinator brings the preview up to date. Pairs in
which the coordinator is one of the two are not theirs to see; they wait for another one.

How much is proposed at one press depends on how much there is and on no clock: a small round is put before newcomers
while the page waits, a large one by a worker, and the tick calls another when that one is lost.
"""

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import Error, transaction
from django.db.models import Q, QuerySet

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching.actions import offers
from matching.actions.errors import ChangedSince, NoLongerFits, NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.round_moves import MOST_ATTEMPTS, wake
from matching.actions.seats import lock_sponsors
from matching.models import Offer, Origin, PairOutcome, Round, RoundPair, SponsorRequest
from matching.queries import round_changes
from matching.queries.coordinators import serving
from matching.queries.round_changes import Standing
from matching.queries.rounds import Published, published
from matching.queries.suggestions import already_asked
from matching.states import SHOWN_ROUND, RequestState, RoundState, move

AT_ONE_PRESS = 60
"""Pairs that are proposed while the page waits, some 10 ms each; of a larger round a worker does it."""

BATCH = 1000

log = logging.getLogger(__name__)


def publish_round(round_: Round, *, by: User) -> Published:
    """Put each pair of a preview before its newcomer as a proposal: all of them, exactly as they were previewed.

    Returns how it stands: of a large round a worker has yet to do it. Pressed again it proposes nothing twice.

    Raises:
        ChangedSince: Something has changed since the preview; it says what, and nothing was proposed.
        TooLate: There is no preview to publish.
    """
    current = Round.objects.get(pk=round_.pk)
    if by.pk not in serving(current.intergroup_id):
        raise NotAllowed
    if current.state not in SHOWN_ROUND:
        raise TooLate
    if current.state == RoundState.PUBLISHED:
        return _settle(current, by)
    if publishable(by).filter(round=current).count() > AT_ONE_PRESS:
        return _hand_over(current, by)
    return _propose_all(current, by)


@transaction.atomic
def _hand_over(round_: Round, by: User) -> Published:
    """Leave it to a worker."""
    locked = lock(Round.objects.select_for_update(), pk=round_.pk)
    if locked.state != RoundState.PREVIEW:
        raise TooLate
    locked.published_by, locked.attempts = by.pk, 0
    locked.save(update_fields=["published_by", "attempts"])
    wake("publish_round", [locked.pk])
    return published(locked)


def carry_out(round_id: UUID) -> bool:
    """Publish a round for the coordinator who pressed the button; returns whether this call did it.

    Two who come at once wait for each other's locks, and the second finds nothing to do. What can't be done, or was
    tried too often, is given up: then it is a preview again, and the page says so.
    """
    waiting = Round.objects.filter(pk=round_id, state=RoundState.PREVIEW, published_by__isnull=False)
    with transaction.atomic():
        round_ = waiting.select_for_update().first()
        if round_ is None:
            return False
        round_.attempts += 1
        round_.save(update_fields=["attempts"])
    by = User.objects.filter(pk__in=[round_.published_by], is_active=True).first()
    if by is None or by.pk not in serving(round_.intergroup_id) or round_.attempts > MOST_ATTEMPTS:
        waiting.update(published_by=None)
        return False
    try:
        _propose_all(round_, by)
    except (ChangedSince, TooLate):
        return False
    except Error:
        raise
    except Exception as error:  # its kind is told, no content
        log.error("round %s is not published: %s", round_id, type(error).__name__)
        waiting.update(published_by=None)
        return False
    return True


def _propose_all(round_: Round, by: User) -> Published:
    with transaction.atomic():
        changed = _propose_or_mark(round_, by)
    # Only now: why each pair no longer holds must outlive the refusal.
    if changed is not None:
        raise ChangedSince(changed)
    return published(round_)


def _propose_or_mark(round_: Round, by: User) -> round_changes.Changes | None:
    """Propose every pair, or let each that does not hold say why; what has changed, if anything has."""
    pairs = list(publishable(by).filter(round=round_))
    requests = _locked_requests(pairs)
    lock_sponsors(pair.sponsor_id for pair in pairs)
    locked = lock(Round.objects.select_for_update(), pk=round_.pk)
    if locked.state == RoundState.PUBLISHED:
        return None
    if locked.state != RoundState.PREVIEW or locked.verified_at != round_.verified_at:
        raise TooLate
    standing = round_changes.look(locked, pairs, requests)
    _mark(pairs, standing)
    if changed := round_changes.changes(locked, by):
        Round.objects.filter(pk=locked.pk).update(published_by=None)
        record(by, "round.not_published", locked, intergroup_id=locked.intergroup_id)
        return changed
    locked.state = move(RoundState.PREVIEW, RoundState.PUBLISHED)
    locked.published_by, locked.ended_at = by.pk, clock.now()
    locked.save(update_fields=["state", "published_by", "ended_at"])
    record(by, "round.published", locked, intergroup_id=locked.intergroup_id, pairs=locked.served)
    _propose_these(pairs, requests, standing, by)
    return None


def publishable(by: User) -> QuerySet[RoundPair]:
    """The pairs that somebody may put before newcomers, and that are not proposed yet: those of others."""
    waiting = RoundPair.objects.exclude(outcome=PairOutcome.PROPOSED).order_by("pk")
    return waiting.exclude(Q(newcomer=by) | Q(sponsor=by))


def _locked_requests(pairs: Sequence[RoundPair]) -> Mapping[UUID, SponsorRequest]:
    keys = [pair.request_id for pair in pairs]
    rows = SponsorRequest.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {one.pk: one for one in rows}


def _mark(pairs: Sequence[RoundPair], standing: Mapping[int, Standing]) -> None:
    """Write why each pair does not hold, and take back what an earlier look had found."""
    other = []
    for pair in pairs:
        found = standing[pair.pk]
        if (pair.outcome, pair.broken) != (found.outcome, found.broken):
            pair.outcome, pair.broken = found.outcome, found.broken
            other.append(pair)
    RoundPair.objects.bulk_update(other, ["outcome", "broken"], batch_size=BATCH)


def _propose_these(
    pairs: Sequence[RoundPair],
    requests: Mapping[UUID, SponsorRequest],
    standing: Mapping[int, Standing],
    by: User,
) -> None:
    wanted = [
        (requests[pair.request_id], found) for pair in pairs if (found := standing[pair.pk].suggestion) is not None
    ]
    for pair, offer in zip(pairs, offers.propose_all(wanted, origin=Origin.ROUND, by=by), strict=True):
        pair.offer, pair.outcome = offer, PairOutcome.PROPOSED
    RoundPair.objects.bulk_update(pairs, ["offer", "outcome"], batch_size=BATCH)


def _settle(round_: Round, by: User) -> Published:
    """Of a round that is published, propose what the one who published it could not see, each pair on its own.

    These are the few in which that coordinator is one of the two.
    """
    for pair in list(publishable(by).filter(round=round_, outcome=PairOutcome.WAITING)):
        try:
            _propose(pair, by)
        except Exception as error:  # one pair must not hold up the others; its kind is told, no content
            log.error("pair %s is not proposed: %s", pair.pk, type(error).__name__)
    return published(round_)


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
