"""The outbox: post inside the change's transaction; send under a lease, commit, mark.

Messages are leased in batches in one short transaction (``FOR UPDATE SKIP LOCKED``, the database's clock), written
with few queries a batch, and sent outside any transaction. Each is marked, durably, before the next is handed over:
a process that dies leaves at most one letter that was sent and is not marked. Its lease runs out, and the next tick
sends it again: at least once, with a stable Message-ID so that mailboxes can fold the second copy. Marks of whole
batches would be quicker and would double whole batches; only what was not sent is marked together.
"""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching import notices
from matching.actions import leases
from matching.actions.leases import End, Lease
from matching.actions.mailer import Mailer, MailServerGone
from matching.models import OutboxMessage
from matching.states import OutboxState, move

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=60)
GRACE = timedelta(hours=24)


def post(topic: str, recipient: User | UUID, **facts: Any) -> None:
    """Put one message into the outbox, in the running transaction; ``facts`` are those of `message`."""
    put([message(topic, recipient, **facts)])


def message(
    topic: str,
    recipient: User | UUID,
    *,
    key: str,
    send_after: datetime | None = None,
    grace: timedelta = GRACE,
    **ids: Any,
) -> OutboxMessage:
    """A message that is not posted yet. The same ``key`` twice is one message, once it is."""
    now = clock.now()
    due = send_after or now
    return OutboxMessage(
        key=key,
        topic=topic,
        recipient_id=recipient.pk if isinstance(recipient, User) else recipient,
        ids={name: str(value) for name, value in ids.items()},
        posted_at=now,
        send_after=due,
        grace_until=due + grace,
    )


def put(messages: Sequence[OutboxMessage]) -> None:
    """Put messages into the outbox, in the running transaction, by one statement."""
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    due = any(one.send_after <= one.posted_at for one in messages)
    if due and not any(waiting[1] is wake for waiting in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Tell a worker that there is something to send. Best effort: the tick finds it anyway when Valkey is gone."""
    try:
        current_app.send_task("matching.tasks.send_outbox", expires=2 * settings.TICK_SECONDS, retry=False)
    except (OperationalError, OSError):
        log.warning("broker unreachable; the next tick sends")


def send_outbox() -> int:
    """Send what is due, batch by batch, for as long as a run may last; return how many letters were handed over.

    What is left goes to the next run, which queues behind the other work. A mail server that can't be reached ends the
    run: that is no message's fault, so no attempt is counted.
    """
    until = monotonic() + leases.WORK.total_seconds()
    sent, mail = 0, Mailer()
    try:
        while taken := leases.take():
            handed, finished = _send_batch(taken, mail, until)
            sent += handed
            if not finished:
                break
    finally:
        mail.close()
    return sent


def _send_batch(taken: Sequence[Lease], mail: Mailer, until: float) -> tuple[int, bool]:
    """Send one batch; return how many were handed over, and whether all of it was dealt with."""
    letters, ends = _write(taken)
    leases.end(ends)
    sent = 0
    for at, (lease, letter) in enumerate(letters):
        # A slow mail server: the rest of the leases would run out under our hands, and others send twice.
        if monotonic() > until:
            leases.give_back([left for left, _ in letters[at:]])
            wake()
            return sent, False
        try:
            mail.send(letter)
        except MailServerGone as error:
            log.error("the mail server can't be reached: %s", error)
            leases.give_back([left for left, _ in letters[at:]])
            return sent, False
        except Exception as error:  # a poison message must not hold up the others; its kind is recorded, no content
            leases.end([_postponed(lease, error)])
        else:
            for _, following in letters[at + 1 : at + 2]:
                mail.announce(following)
            leases.mark(lease)
            sent += 1
    return sent, True


def _write(taken: Sequence[Lease]) -> tuple[list[tuple[Lease, EmailMultiAlternatives]], list[End]]:
    """The letters to send, and the ends of what is not to be sent."""
    written = notices.write([lease.message for lease in taken if not lease.late])
    letters, ends = [], []
    for lease in taken:
        found = notices.Unsent("past its grace") if lease.late else written[lease.message.pk]
        if isinstance(found, notices.Unsent):
            ends.append(End(lease, OutboxState.MISSED, found.reason))
        elif isinstance(found, Exception):
            ends.append(_postponed(lease, found))
        else:
            letters.append((lease, found))
    return letters, ends


def _postponed(lease: Lease, error: Exception) -> End:
    """Try again later, each time twice as late, and not all at the same moment; or set aside in the end."""
    trouble, attempts = type(error).__name__, lease.message.attempts
    if attempts >= MOST_ATTEMPTS:
        log.error("message %s is set aside: %s", lease.message.pk, trouble)
        return End(lease, OutboxState.FAILED, trouble)
    log.warning("message %s will be tried again: %s", lease.message.pk, trouble)
    return End(lease, OutboxState.WAITING, trouble, wait=FIRST_WAIT * 2 ** (attempts - 1) * random.uniform(0.75, 1.25))


@transaction.atomic
def send_again(message: OutboxMessage, *, by: User) -> None:
    """Have a message that was set aside sent after all, with all its attempts; raises IllegalMove for any other.

    Its facts are read again, so what nobody waits for any more has a new day of grace. What a member may switch off
    keeps its grace: a question of yesterday is not asked in the night.
    """
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    message.state = move(OutboxState(message.state), OutboxState.WAITING)
    message.send_after, message.attempts, message.ended_at = clock.now(), 0, None
    notice = notices.NOTICES.get(message.topic)
    if notice is None or notice.kind is None:
        message.grace_until = message.send_after + GRACE
    message.save(update_fields=["state", "send_after", "attempts", "ended_at", "grace_until"])
    record(by, "message.sent_again", message, member=message.recipient_id)
    transaction.on_commit(wake, robust=True)
