"""The figures of the works as Prometheus reads them: asked of the database at each scrape, so that it does not matter
which process answers, or how often one was restarted. Labels are topics, states and names of tasks, never ids."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import Error
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from matching.models.tally import LATENESS, TallyKind
from matching.queries import health, works
from matching.states import WORKING_ROUND

PREFIX = "recovery_match_"


def text() -> bytes:
    """Everything there is, in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(Works())
    return generate_latest(registry)


class Works(Collector):
    """Reads the figures once for each scrape. A silent database leaves only the two signs of who answers."""

    def collect(self) -> Iterator[Metric]:
        """All families."""
        broker = health.broker(settings.REDIS_URL)
        yield _one("broker_up", "Whether the broker answers.", broker is not None)
        if broker is not None:
            yield _one("broker_queue_length", "Calls that wait in the broker for a worker.", broker.calls)
        try:
            found = [*_messages(), *_works()]
        except Error:
            found = []
        yield _one("database_up", "Whether the database answers.", bool(found))
        yield from found


def _messages() -> Iterator[Metric]:
    counted, waits = works.tallies(), works.waiting()
    yield _lateness(counted)
    ends: Counter[tuple[str, str]] = Counter()
    for one in counted:
        ends[one.topic, one.kind] += one.number
    total = CounterMetricFamily(
        PREFIX + "messages",
        "Messages by what became of them: sent, missed (too late or overtaken), failed (set aside), put_off (to be "
        "tried again), duplicate (the same occasion posted twice, refused).",
        labels=["topic", "outcome"],
    )
    for (topic, kind), number in ends.items():
        total.add_metric([topic, kind], number)
    yield total
    yield _many(
        "messages_open", "Messages still to be sent.", ("topic", "part"), ((w.topic, w.part, w.number) for w in waits)
    )
    yield _many(
        "messages_set_aside",
        "Messages that were given up and wait for an operator.",
        ("topic", "trouble"),
        ((one.topic, one.trouble, one.number) for one in works.set_aside()),
    )
    yield _one("oldest_waiting_seconds", "How long the oldest due message has waited.", works.oldest(waits))


def _works() -> Iterator[Metric]:
    beats = ((name, age) for name, age in works.heartbeats().items() if age is not None)
    yield _many("heartbeat_age_seconds", "Since a worker, or a task of the schedule, was last seen.", ("name",), beats)
    rounds = [one for one in works.offices()[0] if one.state in WORKING_ROUND]
    yield _one("rounds_at_work", "Rounds that are being made.", len(rounds))
    yield _one(
        "rounds_hanging", "Rounds that have been at work for 15 minutes or more.", sum(one.hangs for one in rounds)
    )


def _lateness(counted: Iterable[works.Tallied]) -> Metric:
    """Sent messages by the seconds between the moment they were due and the mail server's yes."""
    sent: Counter[int] = Counter()
    seconds, so_far, buckets = 0.0, 0, []
    for one in counted:
        if one.kind == TallyKind.SENT:
            sent[one.bucket] += one.number
            seconds += one.seconds
    for place, bound in enumerate((*map(float, LATENESS), "+Inf")):
        so_far += sent[place]
        buckets.append((str(bound), float(so_far)))
    words = "Of sent messages, the time from when they (last) were due until the mail server had them."
    return HistogramMetricFamily(PREFIX + "message_lateness_seconds", words, buckets=buckets, sum_value=seconds)


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, words, value=float(value))


def _many(name: str, words: str, labels: tuple[str, ...], rows: Iterable[tuple[str | float, ...]]) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, words, labels=labels)
    for *values, number in rows:
        family.add_metric([str(one) for one in values], float(number))
    return family
