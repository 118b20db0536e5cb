"""What moves a round on: leases on its work, its ends, and the calls that wake workers.

Leases are taken by the database's clock with SKIP LOCKED, so that one worker at a time plans or finishes a round or
solves a part; one that dies leaves a lease that runs out. Results are stored on condition that nothing has moved on.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app, group
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching.actions.round_rows import forget_people
from matching.models import Round
from matching.states import OPEN_PART, WORKING_ROUND, RoundPartState, RoundState, move

log = logging.getLogger(__name__)

ROUND_LEASE = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 30)
"""For planning and finishing, which can't say in between that they go on: longer than a task may run."""

PART_LEASE = timedelta(minutes=2)
"""For a part, whose worker renews it every few seconds."""

MOST_ATTEMPTS = 5
"""Of a part, at solving; a round takes twice as many, since it is planned and finished, and planned anew."""

# A round that is planned holds no part that is open, and one that is solved is finished when none is left.
TAKE_ROUND = """
UPDATE matching_round
   SET leased_until = now() + (%(lease)s + %(shift)s) * interval '1 second', attempts = attempts + 1
 WHERE id = (
       SELECT r.id FROM matching_round r
        WHERE r.id = %(id)s AND r.state = %(state)s AND r.attempts < %(most)s
          AND (r.leased_until IS NULL OR r.leased_until < now() + %(shift)s * interval '1 second')
          AND NOT EXISTS (SELECT FROM matching_roundpart p WHERE p.round_id = r.id AND p.state <> 'solved')
          FOR UPDATE SKIP LOCKED)
RETURNING leased_until
"""

TAKE_PART = """
UPDATE matching_roundpart
   SET state = 'leased', attempts = attempts + 1,
       leased_until = now() + (%(lease)s + %(shift)s) * interval '1 second'
 WHERE id = (
       SELECT p.id FROM matching_roundpart p JOIN matching_round r ON r.id = p.round_id
        WHERE p.id = %(id)s AND r.state = 'solving' AND p.attempts < %(most)s
          AND (p.state = 'waiting'
               OR (p.state = 'leased' AND p.leased_until < now() + %(shift)s * interval '1 second'))
          FOR UPDATE OF p SKIP LOCKED)
RETURNING leased_until
"""

RENEW_PART = """
UPDATE matching_roundpart p
   SET leased_until = now() + (%(lease)s + %(shift)s) * interval '1 second'
  FROM matching_round r
 WHERE p.id = %(id)s AND p.state = 'leased' AND r.id = p.round_id AND r.state = 'solving'
RETURNING p.leased_until
"""


def take_round(round_id: UUID, state: RoundState) -> datetime | None:
    """Lease a round for planning or finishing; None when somebody else has it or there is nothing to do."""
    return _lease(TAKE_ROUND, round_id, ROUND_LEASE, state=str(state), most=2 * MOST_ATTEMPTS)


def take_part(part_id: int) -> datetime | None:
    """Lease a part; None when somebody else has it, it is solved, or nobody wants it any more."""
    return _lease(TAKE_PART, part_id, PART_LEASE, most=MOST_ATTEMPTS)


def renew_part(part_id: int) -> bool:
    """Go on with a part; False when nobody wants it any more."""
    return _lease(RENEW_PART, part_id, PART_LEASE) is not None


def _lease(sql: str, key: UUID | int, length: timedelta, **more: Any) -> datetime | None:
    values = {"id": key, "lease": length.total_seconds(), "shift": clock.shift().total_seconds(), **more}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    return None if found is None else found[0]


def end_round(round_: Round, state: RoundState, *, by: User | None, trouble: str = "") -> None:
    """End a locked round that was not published, and erase whom it knew."""
    failed = state == RoundState.FAILED
    round_.state = move(RoundState(round_.state), state)
    round_.rest, round_.leased_until, round_.fairness = None, None, {}
    round_.ended_at, round_.trouble = clock.now(), trouble
    round_.save(update_fields=["state", "rest", "leased_until", "fairness", "ended_at", "trouble"])
    erased: dict[str, Any] = {"problem": None, "result": None, "leased_until": None}
    ended = RoundPartState.FAILED if failed else RoundPartState.CANCELLED
    round_.parts.filter(state__in=OPEN_PART).update(state=ended, **erased)
    round_.parts.filter(state=RoundPartState.SOLVED).update(state=RoundPartState.CANCELLED, **erased)
    forget_people(round_)
    record(by, f"round.{state}", round_, intergroup_id=round_.intergroup_id)


@transaction.atomic
def fail_round(round_id: UUID, trouble: str) -> None:
    """Set a round aside that can't be made. ``trouble`` is the kind of error, never its words: they may name people."""
    round_ = Round.objects.select_for_update().filter(pk=round_id, state__in=WORKING_ROUND).first()
    if round_ is not None:
        log.error("round %s can't be made: %s", round_id, trouble)
        end_round(round_, RoundState.FAILED, by=None, trouble=trouble)


@transaction.atomic
def start_over(round_id: UUID) -> None:
    """Plan a round anew that is being prepared or worked out, since somebody in it has left: whoever works on it finds
    at the end that nobody wants it any more."""
    round_ = Round.objects.select_for_update().filter(pk=round_id, state__in=WORKING_ROUND).first()
    if round_ is None:
        return
    if round_.state == RoundState.SOLVING:
        round_.state = move(RoundState.SOLVING, RoundState.PLANNING)
    round_.rest, round_.leased_until = None, None
    round_.save(update_fields=["state", "rest", "leased_until"])
    round_.parts.all().delete()
    forget_people(round_)
    record(None, "round.started_over", round_, intergroup_id=round_.intergroup_id)
    wake("plan_round", [round_.pk])


def wake(task: str, keys: Sequence[UUID | int]) -> None:
    """Once this transaction is committed, call workers to a task for each of these.

    Best effort: the tick calls again for whatever is still to be done, when Valkey or a worker is gone.
    """
    told = [str(key) if isinstance(key, UUID) else key for key in keys]
    if told:
        transaction.on_commit(lambda: _send(task, told), robust=True)


def _send(task: str, keys: Sequence[str | int]) -> None:
    try:
        calls = [current_app.signature(f"matching.tasks.{task}", args=[key]) for key in keys]
        group(calls).apply_async(expires=2 * settings.TICK_SECONDS, retry=False)
    except (OperationalError, OSError):
        log.warning("broker unreachable; the next tick calls again")
