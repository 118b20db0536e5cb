"""Figures of the works for operators and their alarms: counts and times by topic, never of a member.

Nothing here grows with what was sent long ago: counters are kept by the database, and what waits is counted up to MOST.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, FilteredRelation, Max, OuterRef, Q

from accounts import clock
from accounts.models import Coordinator, Intergroup, Scope
from matching.models import Heartbeat, OutboxMessage
from matching.models.tally import LATENESS, TallyKind
from matching.states import WORKING_ROUND, OutboxState, RoundState

MOST = 20_000
"""As many waiting messages are told apart by topic; of more, the oldest."""

DAY = timedelta(hours=24)
ROUND_HANGS = timedelta(minutes=15)
"""The largest round takes less than a minute; its workers get two minutes and five tries."""

TALLIES = """
SELECT kind, topic, bucket, sum(number)::bigint, sum(seconds),
       coalesce(sum(number) FILTER (WHERE hour > %s), 0)::bigint
  FROM matching_tally GROUP BY kind, topic, bucket ORDER BY kind, topic, bucket
"""

OPEN = """
SELECT topic, CASE WHEN state = 'leased' THEN 'leased' WHEN send_after <= %(now)s THEN 'due' ELSE 'future' END AS part,
       count(*), min(send_after)
  FROM (SELECT topic, state, send_after FROM matching_outboxmessage
         WHERE state IN ('waiting', 'leased') ORDER BY send_after LIMIT %(most)s) AS oldest
 GROUP BY topic, part ORDER BY topic, part
"""


@dataclass(frozen=True, slots=True)
class Tallied:
    """So many messages of a topic, ever and in the last day (whole hours); ``seconds`` is their lateness, summed."""

    kind: TallyKind
    topic: str
    bucket: int
    number: int
    seconds: float
    lately: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of a topic that are ``due``, ``leased`` or wait for a ``future`` moment; ``since`` is the oldest's."""

    topic: str
    part: str
    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """Messages of a topic that were given up for the same trouble (the kind of error, no words)."""

    topic: str
    trouble: str
    number: int
    last: datetime


@dataclass(frozen=True, slots=True)
class RoundAtWork:
    """A round that is being made, or failed within the last day; ``began_at`` is when it was asked for, if it still is
    at work."""

    office: str
    state: RoundState
    began_at: datetime
    hangs: bool
    trouble: str


def tallies() -> list[Tallied]:
    """All counters; one query over a few rows for each topic."""
    with connection.cursor() as cursor:
        cursor.execute(TALLIES, [clock.now() - DAY - timedelta(hours=1)])
        return [Tallied(TallyKind(kind), *rest) for kind, *rest in cursor.fetchall()]


def waiting() -> list[Waiting]:
    """What is still to be sent, by topic; at most MOST messages are looked at, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"now": clock.now(), "most": MOST})
        return [Waiting(*row) for row in cursor.fetchall()]


def set_aside() -> list[SetAside]:
    """What was given up and can be sent again, by topic and trouble."""
    groups = OutboxMessage.objects.filter(state=OutboxState.FAILED).values_list("topic", "trouble")
    found = groups.annotate(number=Count("pk"), last=Max("ended_at")).order_by("topic", "trouble")
    return [SetAside(topic, trouble, number, last) for topic, trouble, number, last in found if last]


def oldest(waits: Sequence[Waiting]) -> int:
    """Whole seconds that the oldest due message has waited; 0 when none is due."""
    now = clock.now()
    return max((int((now - one.since).total_seconds()) for one in waits if one.since <= now), default=0)


def heartbeats() -> dict[str, int | None]:
    """Whole seconds since a worker was last seen and since each task of the schedule last ended; None for never."""
    now = datetime.now(UTC)
    ages = {name: max(int((now - at).total_seconds()), 0) for name, at in Heartbeat.objects.values_list("name", "at")}
    return {name: ages.get(name) for name in ("worker", *settings.CELERY_BEAT_SCHEDULE)}


def offices() -> tuple[list[RoundAtWork], dict[Scope, list[str]]]:
    """Rounds at work, and those that failed within the last day, the oldest first; and by scope, ``AREA`` and
    ``SAFETY``, the offices in which nobody serves in it at present. One query."""
    now = clock.now()
    failed = Q(rounds__state=RoundState.FAILED, rounds__ended_at__gt=now - DAY)
    shown = FilteredRelation("rounds", condition=Q(rounds__state__in=WORKING_ROUND) | failed)
    serving = Coordinator.objects.serving(now).filter(intergroup=OuterRef("pk"))
    served = {scope: Exists(serving.with_any(scope)) for scope in (Scope.AREA, Scope.SAFETY)}
    rows = list(
        Intergroup.objects.annotate(shown=shown, area=served[Scope.AREA], safety=served[Scope.SAFETY])
        .order_by("shown__began_at", "name")
        .values_list("name", "area", "safety", "shown__state", "shown__began_at", "shown__trouble")
    )
    at_work = [
        RoundAtWork(office, RoundState(state), began, state in WORKING_ROUND and began < now - ROUND_HANGS, trouble)
        for office, _, _, state, began, trouble in rows
        if state is not None
    ]
    unserved = {scope: sorted({row[0] for row in rows if not row[at]}) for at, scope in enumerate(served, start=1)}
    return at_work, unserved


def lateness(counted: Sequence[Tallied], share: float) -> float | None:
    """The bound, in seconds, within which this share of the last day's messages went out.

    Infinite beyond the last bound; None when nothing was sent.
    """
    buckets: Counter[int] = Counter()
    for one in counted:
        if one.kind == TallyKind.SENT:
            buckets[one.bucket] += one.lately
    needed, so_far = share * buckets.total(), 0
    for bucket in sorted(buckets):
        so_far += buckets[bucket]
        if so_far >= needed and so_far:
            return LATENESS[bucket] if bucket < len(LATENESS) else float("inf")
    return None
