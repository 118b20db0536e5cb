"""The outbox: post inside the change's transaction; send under a lease, commit, mark.

Messages are leased in batches in one short transaction (``FOR UPDATE SKIP LOCKED``, the database's clock), written
with few queries a batch, and sent outside any transaction. Each is marked, durably, before the next is handed over:
a process that dies leaves at most one letter that was sent and is not marked. Its lease runs out, and the next tick
sends it again: at least once, with a stable Message-ID so that mailboxes can fold the second copy. Marks of whole
batches would be quicker and would double whole batches; only what was not sent is marked together.

Each address on each channel is a message of its own, so that no channel's trouble is another's.
"""

import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching import channels, notices
from matching.actions import leases
from matching.actions.leases import End, Lease
from matching.actions.locks import lock
from matching.actions.tallies import count_refused
from matching.channels import AnyChannel, ChannelGone, Later, Nowhere
from matching.models import OutboxMessage
from matching.states import IllegalMove, OutboxState, move

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=60)
GRACE = timedelta(hours=24)
MOST_AT_ONCE = 200


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
    """Put messages into the outbox, in the running transaction, by one statement.

    Each goes to every address that its recipient has at present on any channel: one row for each.
    """
    members = {one.recipient_id for one in messages}
    rows = [
        _addressed(one, channel.name, address)
        for channel in channels.fresh()
        for found in (channel.addresses(members),)
        for one in messages
        for address in found.get(one.recipient_id, ())
    ]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
    count_refused(rows)
    due = any(one.send_after <= one.posted_at for one in messages)
    if due and not any(waiting[1] is wake for waiting in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def _addressed(message: OutboxMessage, channel: str, address: UUID | None) -> OutboxMessage:
    return OutboxMessage(
        key=message.key,
        channel=channel,
        address=address,
        topic=message.topic,
        recipient_id=message.recipient_id,
        ids=message.ids,
        posted_at=message.posted_at,
        send_after=message.send_after,
        grace_until=message.grace_until,
    )


def wake() -> None:
    """Tell a worker that there is something to send. Best effort: the tick finds it anyway when Valkey is gone."""
    try:
        current_app.send_task("matching.tasks.send_outbox", expires=2 * settings.TICK_SECONDS, retry=False)
    except (OperationalError, OSError):
        log.warning("broker unreachable; the next tick sends")


def send_outbox() -> int:
    """Send what is due, channel by channel; return how many letters were handed over."""
    return sum(_send_all(channel) for channel in channels.fresh())


def _send_all(channel: AnyChannel) -> int:
    """Send a channel's messages, batch by batch, for as long as a run may last.

    What is left goes to the next run, which queues behind the other work. A channel that can't be used ends the run:
    that is no message's fault, so no attempt is counted.
    """
    until = monotonic() + leases.WORK.total_seconds()
    sent = 0
    try:
        while taken := leases.take(channel.name):
            handed, finished = _send_batch(taken, channel, until)
            sent += handed
            if not finished:
                break
    finally:
        channel.close()
    return sent


def _send_batch(taken: Sequence[Lease], channel: AnyChannel, until: float) -> tuple[int, bool]:
    """Send one batch; return how many were handed over, and whether all of it was dealt with."""
    letters, ends = _write(taken, channel)
    leases.end(ends)
    sent = 0
    for at, (lease, letter) in enumerate(letters):
        # A slow server: the rest of the leases would run out under our hands, and others send twice.
        if monotonic() > until:
            leases.give_back([left for left, _ in letters[at:]])
            wake()
            return sent, False
        try:
            channel.send(letter)
        except ChannelGone as error:
            log.error("channel %s can't be used: %s", channel.name, error)
            leases.give_back([left for left, _ in letters[at:]])
            return sent, False
        except Nowhere as error:
            leases.end([End(lease, OutboxState.MISSED, str(error))])
        except Exception as error:  # a poison message must not hold up the others; its kind is recorded, no content
            leases.end([_postponed(lease, error)])
        else:
            for _, following in letters[at + 1 : at + 2]:
                channel.announce(following)
            leases.mark(lease)
            sent += 1
    return sent, True


def _write(taken: Sequence[Lease], channel: AnyChannel) -> tuple[list[tuple[Lease, Any]], list[End]]:
    """The letters to send, and the ends of what is not to be sent."""
    written = notices.write([lease.message for lease in taken if not lease.late], channel.name, channel.compose)
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
    trouble, asked = (str(error), error.wait) if isinstance(error, Later) else (type(error).__name__, timedelta())
    attempts = lease.message.attempts
    if attempts >= MOST_ATTEMPTS:
        log.error("message %s is set aside: %s", lease.message.pk, trouble)
        return End(lease, OutboxState.FAILED, trouble)
    log.warning("message %s will be tried again: %s", lease.message.pk, trouble)
    wait = FIRST_WAIT * 2 ** (attempts - 1) * random.uniform(0.75, 1.25)
    return End(lease, OutboxState.WAITING, trouble, wait=max(wait, asked))


@transaction.atomic
def send_again(message: OutboxMessage, *, by: User) -> None:
    """Have a message that was set aside sent after all, with all its attempts; raises IllegalMove for any other.

    Its facts are read again, so what nobody waits for any more has a new day of grace. What a member may switch off
    keeps its grace: a question of yesterday is not asked in the night.
    """
    message = lock(OutboxMessage.objects.select_for_update(), pk=message.pk)
    message.state = move(OutboxState(message.state), OutboxState.WAITING)
    message.send_after, message.attempts, message.ended_at = clock.now(), 0, None
    notice = notices.NOTICES.get(message.topic)
    if notice is None or notice.kind is None:
        message.grace_until = message.send_after + GRACE
    message.save(update_fields=["state", "send_after", "attempts", "ended_at", "grace_until"])
    record(by, "message.sent_again", message, member=message.recipient_id)
    transaction.on_commit(wake, robust=True)


def send_all_again(topic: str, trouble: str, *, by: User) -> int:
    """Have everything sent that was set aside for this topic with this trouble, 200 at a time; returns how many."""
    same = OutboxMessage.objects.filter(state=OutboxState.FAILED, topic=topic, trouble=trouble)
    sent = 0
    for message in same.order_by("ended_at")[:MOST_AT_ONCE]:
        with suppress(IllegalMove):
            send_again(message, by=by)
            sent += 1
    return sent
