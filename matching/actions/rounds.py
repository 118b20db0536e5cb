"""What coordinators do with rounds: make a preview, bring it up to date, cancel it (``round_publishing``: the rest)."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import Intergroup, User
from accounts.models.audit import record
from matching.actions.errors import AlreadyWorking, NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.round_moves import end_round, wake
from matching.models import Round, RoundKind
from matching.queries.coordinators import serving
from matching.queries.everybody import policy
from matching.states import LIVE_ROUND, WORKING_ROUND, RoundState, move


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
    locked = lock(Round.objects.select_for_update(), pk=round_.pk)
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
    locked.fairness, locked.published_by = {}, None
    locked.save()
    record(by, "round.refreshed", locked, intergroup_id=locked.intergroup_id)
    wake("plan_round", [locked.pk])
