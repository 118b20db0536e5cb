"""Signs of life, as ``/healthz/`` tells them. No value here is private."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.db import Error
from django.db.models import Min

from accounts import clock
from matching.models import Heartbeat, OutboxMessage
from matching.states import OutboxState

WORKER_SILENT = timedelta(minutes=3)
NOTICE_WAITS = timedelta(minutes=5)


@dataclass(frozen=True)
class Health:
    """``worker`` is the age of the last heartbeat and ``oldest_waiting`` how long the oldest due notice has waited,
    both in seconds; ``worker`` is empty when no worker was ever seen or the database is silent."""

    database: bool
    broker: bool
    worker: int | None
    oldest_waiting: int

    @property
    def ok(self) -> bool:
        """Red when nobody works or notices pile up. A silent broker alone is no alarm: the ticks go on from the
        database once it is back, and a broker that keeps workers idle shows in the heartbeat."""
        return (
            self.database
            and self.worker is not None
            and self.worker <= WORKER_SILENT.total_seconds()
            and self.oldest_waiting <= NOTICE_WAITS.total_seconds()
        )

    @property
    def status(self) -> str:
        """In one word: ok, degraded or red."""
        if not self.ok:
            return "red"
        return "ok" if self.broker else "degraded"

    def as_dict(self) -> dict[str, Any]:
        """What the page answers."""
        return {"ok": self.ok, "status": self.status, **asdict(self)}


def look() -> Health:
    """Ask the database and the broker how they are; never raises for their silence."""
    answers = broker(settings.REDIS_URL) is not None
    try:
        return Health(True, answers, worker_age(), oldest_waiting())
    except Error:
        return Health(False, answers, None, 0)


def worker_age() -> int | None:
    """Whole seconds since a worker last wrote its heartbeat, by the machines' clock; None when none ever did."""
    at = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    return None if at is None else max(int((datetime.now(UTC) - at).total_seconds()), 0)


def oldest_waiting() -> int:
    """Whole seconds that the oldest due notice has waited to be sent; 0 when none is due."""
    now = clock.now()
    open_states = [OutboxState.WAITING, OutboxState.LEASED]
    due = OutboxMessage.objects.filter(state__in=open_states, send_after__lte=now)
    oldest = due.aggregate(oldest=Min("send_after"))["oldest"]
    return 0 if oldest is None else int((now - oldest).total_seconds())


@dataclass(frozen=True)
class Broker:
    """A broker that answers: the calls that wait in it for a worker, and its version."""

    calls: int
    version: str


def broker(url: str) -> Broker | None:
    """Ask the broker; None when it does not answer within a second."""
    client = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
    try:
        told: Any = client.info("server")
        waiting: list[Any] = [client.llen(name) for name in current_app.amqp.queues]
        return Broker(sum(map(int, waiting)), str(told.get("valkey_version", told["redis_version"])))
    except (redis.RedisError, OSError):
        return None
    finally:
        client.close()
