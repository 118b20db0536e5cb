"""Leases on outbox messages: taken and ended by the database's clock, so that no machine's own clock decides.

Whoever ends a lease does so on condition that it still is theirs: after a long stop another sender may have taken the
message over.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from accounts import clock
from matching.models import MAIL, OutboxMessage
from matching.states import OutboxState

log = logging.getLogger(__name__)

BATCH = 100
# A run works for WORK; the last letter of it may wait for six answers of the mail server, EMAIL_TIMEOUT each.
WORK = timedelta(seconds=45)
LEASE = timedelta(minutes=3)
PATIENCE = timedelta(seconds=30)
PAUSE = 0.5

TAKE = """
UPDATE matching_outboxmessage
   SET state = 'leased', leased_until = now() + %s * interval '1 second', attempts = attempts + 1
 WHERE id = ANY (ARRAY(
       SELECT id FROM matching_outboxmessage
        WHERE channel = %s AND (state = 'waiting' OR (state = 'leased' AND leased_until < now()))
          AND send_after <= now() + %s * interval '1 second'
        ORDER BY send_after LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING id, leased_until, grace_until < now() + %s * interval '1 second'
"""

MARK = """
UPDATE matching_outboxmessage
   SET state = 'sent', trouble = '', leased_until = NULL, ended_at = now() + %s * interval '1 second'
 WHERE id = %s AND state = 'leased' AND leased_until = %s
"""

END = """
UPDATE matching_outboxmessage AS message
   SET state = ended.state, trouble = ended.trouble, leased_until = NULL,
       attempts = message.attempts - ended.untried,
       ended_at = CASE WHEN ended.state = 'waiting' THEN NULL ELSE now() + %s * interval '1 second' END,
       send_after = CASE WHEN ended.wait > 0 THEN now() + (%s + ended.wait) * interval '1 second'
                         ELSE message.send_after END
  FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::float[], %s::int[])
       AS ended (id, leased_until, state, trouble, wait, untried)
 WHERE message.id = ended.id AND message.state = 'leased' AND message.leased_until = ended.leased_until
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """A message that is ours until ``until`` (by the database's clock). ``late``: it was past its grace when taken."""

    message: OutboxMessage
    until: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class End:
    """How a lease ends. ``wait`` is the time until the next try; ``untried`` gives the attempt back."""

    lease: Lease
    state: OutboxState
    trouble: str = ""
    wait: timedelta = timedelta()
    untried: bool = False


def take(channel: str = MAIL) -> list[Lease]:
    """Lease a channel's oldest due messages that nobody holds, at most BATCH; two queries, whatever their number."""
    shift = clock.shift().total_seconds()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE, [LEASE.total_seconds(), channel, shift, BATCH, shift])
        taken: dict[UUID, tuple[datetime, bool]] = {pk: (until, late) for pk, until, late in cursor.fetchall()}
    read = OutboxMessage.objects.filter(pk__in=taken).select_related("recipient").order_by("send_after")
    return [Lease(message, *taken[message.pk]) for message in (read if taken else ())]


def mark(lease: Lease) -> int:
    """The message was sent. Returns 1, or 0 if the lease no longer was ours."""
    return _surely(lambda: _execute(MARK, [clock.shift().total_seconds(), lease.message.pk, lease.until]))


def end(ends: Sequence[End]) -> int:
    """End these leases by one statement; returns how many still were ours."""
    return _surely(lambda: _end(ends)) if ends else 0


def _surely(do: Callable[[], int]) -> int:
    """Wait for a database that is being restarted: what was sent and is not marked would be sent again."""
    until = monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            return do()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or monotonic() > until:
                raise
            log.warning("the database is gone; a mark waits: %s", type(error).__name__)
            connection.close()
            sleep(PAUSE)


def _end(ends: Sequence[End]) -> int:
    shift = clock.shift().total_seconds()
    columns: list[list[Any]] = [
        [one.lease.message.pk for one in ends],
        [one.lease.until for one in ends],
        [one.state.value for one in ends],
        [one.trouble for one in ends],
        [one.wait.total_seconds() for one in ends],
        [int(one.untried) for one in ends],
    ]
    return _execute(END, [shift, shift, *columns])


def _execute(statement: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def give_back(leases: Sequence[Lease]) -> int:
    """Let go of what was leased and not tried."""
    return end([End(lease, OutboxState.WAITING, lease.message.trouble, untried=True) for lease in leases])
