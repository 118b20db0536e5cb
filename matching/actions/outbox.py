"""The outbox: post inside the change's transaction; send under a lease, commit, mark.

A message is leased in one short transaction (``FOR UPDATE SKIP LOCKED``, the database's clock), sent outside any, and
marked in a third. A process that dies in between leaves a lease that runs out, and the next tick sends again: at
least once, with a stable Message-ID so that mailboxes can fold the second copy.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F
from kombu.exceptions import OperationalError

from accounts import clock
from accounts.models import User
from matching import notices
from matching.models import OutboxMessage
from matching.states import OutboxState

log = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=2)
WORK = LEASE / 2
MOST_ATTEMPTS = 6
GRACE = timedelta(hours=24)

TAKE = """
UPDATE matching_outboxmessage
   SET state = 'leased', leased_until = now() + %s * interval '1 second', attempts = attempts + 1
 WHERE id = ANY (ARRAY(
       SELECT id FROM matching_outboxmessage
        WHERE (state = 'waiting' OR (state = 'leased' AND leased_until < now()))
          AND send_after <= now() + %s * interval '1 second'
        ORDER BY send_after LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING id, leased_until
"""


def post(
    topic: str,
    recipient: User | UUID,
    *,
    key: str,
    send_after: datetime | None = None,
    grace: timedelta = GRACE,
    **ids: Any,
) -> None:
    """Put one message into the outbox, in the running transaction; the same ``key`` twice is one message."""
    now = clock.now()
    due = send_after or now
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=key,
                topic=topic,
                recipient_id=recipient.pk if isinstance(recipient, User) else recipient,
                ids={name: str(value) for name, value in ids.items()},
                posted_at=now,
                send_after=due,
                grace_until=due + grace,
            )
        ],
        ignore_conflicts=True,
    )
    if due <= now and not any(waiting[1] is wake for waiting in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Tell a worker that there is something to send. Best effort: the tick finds it anyway when Valkey is gone."""
    try:
        current_app.send_task("matching.tasks.send_outbox", expires=2 * settings.TICK_SECONDS, retry=False)
    except (OperationalError, OSError):
        log.warning("broker unreachable; the next tick sends")


def send_outbox() -> int:
    """Send everything that is due, batch by batch; return how many were handed to the mail server."""
    sent = 0
    mail = get_connection()
    try:
        while leases := _take():
            until = monotonic() + WORK.total_seconds()
            for at, (message, leased_until) in enumerate(leases):
                if monotonic() > until:
                    # A slow mail server: the rest of the leases would run out under our hands, and others send twice.
                    _give_back(leases[at:])
                    return sent
                sent += _deliver(message, leased_until, mail)
    finally:
        mail.close()
    return sent


def _take() -> list[tuple[OutboxMessage, datetime]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE, [LEASE.total_seconds(), clock.shift().total_seconds(), BATCH])
        leases: dict[UUID, datetime] = dict(cursor.fetchall())
    return [(message, leases[message.pk]) for message in _read(list(leases))]


def _read(ids: list[UUID]) -> Iterator[OutboxMessage]:
    yield from OutboxMessage.objects.filter(pk__in=ids).select_related("recipient").order_by("send_after")


def _deliver(message: OutboxMessage, leased_until: datetime, mail: BaseEmailBackend) -> bool:
    if clock.now() > message.grace_until:
        _mark(message, leased_until, OutboxState.MISSED, "past its grace")
        return False
    try:
        letter = notices.letter(message)
        if letter is None:
            _mark(message, leased_until, OutboxState.MISSED, "overtaken")
            return False
        letter.connection = mail
        letter.send()
    except Exception as error:  # a poison message must not hold up the others; its kind is recorded, no content
        _postpone(message, leased_until, type(error).__name__)
        return False
    _mark(message, leased_until, OutboxState.SENT)
    return True


def _mark(message: OutboxMessage, leased_until: datetime, state: OutboxState, trouble: str = "") -> None:
    """End a message, if the lease is still ours: another worker may have taken it over meanwhile."""
    OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.LEASED, leased_until=leased_until).update(
        state=state, trouble=trouble, ended_at=clock.now(), leased_until=None
    )


def _give_back(leases: list[tuple[OutboxMessage, datetime]]) -> None:
    """Let go of what was leased and not tried."""
    for message, leased_until in leases:
        OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.LEASED, leased_until=leased_until).update(
            state=OutboxState.WAITING, leased_until=None, attempts=F("attempts") - 1
        )


def _postpone(message: OutboxMessage, leased_until: datetime, trouble: str) -> None:
    if message.attempts >= MOST_ATTEMPTS:
        _mark(message, leased_until, OutboxState.FAILED, trouble)
        return
    log.warning("message %s will be tried again: %s", message.pk, trouble)
    OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.LEASED, leased_until=leased_until).update(
        state=OutboxState.WAITING,
        leased_until=None,
        trouble=trouble,
        send_after=clock.now() + timedelta(seconds=30 * 2**message.attempts),
    )
