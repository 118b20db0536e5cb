"""The operators' page: the figures of the works in words, each red thing with what to do about it."""

import platform
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isinf

import celery
import django
from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models.tally import TallyKind
from matching.queries import health, signs, works
from matching.queries.signs import Sign, span
from matching.queries.works import SetAside, Tallied, Waiting

TASKS: dict[str, str | Promise] = {
    "beat_heart": gettext_lazy("Shows that a worker works"),
    "expire_offers": gettext_lazy("Moves on offers whose time is up"),
    "remind_due": gettext_lazy("Asks the questions that are due"),
    "send_outbox": gettext_lazy("Sends messages"),
    "carry_out_decisions": gettext_lazy("Carries out what coordinators decided"),
    "tell_milestones": gettext_lazy("Tells of days worth remembering"),
    "watch_silence": gettext_lazy("Looks at pairs that nobody heard of"),
    "watch_bridges": gettext_lazy("Looks for first contacts that are late"),
    "write_digests": gettext_lazy("Writes the letters of the week"),
    "ask_roster": gettext_lazy("Asks sponsors whether they are still there"),
    "watch_terms": gettext_lazy("Reminds coordinators whose term ends soon"),
    "watch_numbers": gettext_lazy("Reminds offices to look over their local numbers"),
    "send_invitations": gettext_lazy("Sends invitations to serve an office"),
    "tend_lists": gettext_lazy("Invites people from the lists of offices"),
    "send_invitees": gettext_lazy("Writes to people from the lists of offices"),
    "send_bridge_invitations": gettext_lazy("Sends invitations to a first contact"),
    "solve_rounds": gettext_lazy("Looks after rounds"),
    "link_audit": gettext_lazy("Seals what was written down of deeds"),
    "tend_recruiting": gettext_lazy("Looks after searches for sponsors"),
    "forget": gettext_lazy("Deletes what is past its time"),
}


@dataclass(frozen=True, slots=True)
class TopicLine:
    """Messages of one topic: what waits now (due or being sent, and for later), and what became of the last day's."""

    topic: str
    words: str
    due: int
    future: int
    sent: int
    missed: int
    put_off: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of the schedule; ``age`` is empty when it never ran."""

    words: str
    every: str
    age: str
    late: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows; five queries and one question to the broker."""

    signs: list[Sign]
    lateness: list[tuple[str, str]]
    topics: list[TopicLine]
    set_aside: list[tuple[str, SetAside]]
    rounds: list[works.RoundAtWork]
    tasks: list[TaskLine]
    versions: list[tuple[str, str]]

    @property
    def troubles(self) -> int:
        """How many signs are red."""
        return sum(not sign.works for sign in self.signs)


def page(words: Mapping[str, str]) -> Page:
    """Look at everything once; ``words`` are what a message of each topic says."""
    broker = health.broker(settings.REDIS_URL)
    counted, waits, aside = works.tallies(), works.waiting(), works.set_aside()
    beats, (rounds, unserved) = works.heartbeats(), works.offices()
    tasks = [_task(name, beats[name], beats["worker"]) for name in settings.CELERY_BEAT_SCHEDULE]
    seen = [
        Sign(_("Database"), True, _("It answers.")),
        signs.broker_sign(broker),
        *signs.worker_signs(broker, beats["worker"]),
        signs.message_sign(works.oldest(waits)),
        signs.task_sign([one.words for one in tasks if one.late], beats["worker"]),
        signs.aside_sign(sum(one.number for one in aside)),
        signs.office_sign(*unserved.values()),
        signs.round_sign(sum(one.hangs for one in rounds)),
    ]
    lately = [(title, bound) for title, share in _shares() if (bound := within(works.lateness(counted, share)))]
    named = [(words.get(one.topic, ""), one) for one in aside]
    return Page(seen, lately, _topics(words, counted, waits), named, rounds, tasks, _versions(broker))


def within(seconds: float | None) -> str:
    """A bound in words; empty when there is none."""
    if seconds is None:
        return ""
    return _("more than an hour") if isinf(seconds) else _("within %(time)s") % {"time": span(int(seconds))}


def _shares() -> Iterable[tuple[str, float]]:
    return (_("Half of them"), 0.5), (_("95 of 100"), 0.95), (_("99 of 100"), 0.99)


def _task(name: str, age: int | None, worker: int | None) -> TaskLine:
    """Late when it missed its turn twice and three minutes have passed besides. One of every few seconds that has never
    ended although a worker was seen is late too; one of every hour has time."""
    every = int(settings.CELERY_BEAT_SCHEDULE[name]["schedule"])
    silent = health.WORKER_SILENT.total_seconds()
    late = worker is not None and every < silent if age is None else age > 2 * every + silent
    words = str(TASKS.get(name, name))
    return TaskLine(words, span(every), "" if age is None else span(age), late)


def _topics(words: Mapping[str, str], counted: Sequence[Tallied], waits: Sequence[Waiting]) -> list[TopicLine]:
    lines: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for wait in waits:
        lines[wait.topic]["future" if wait.part == "future" else "due"] += wait.number
    for ended in counted:
        lines[ended.topic][ended.kind] += ended.lately
    kinds = "due", "future", TallyKind.SENT, TallyKind.MISSED, TallyKind.PUT_OFF
    return [
        TopicLine(topic, words.get(topic, ""), *(found[kind] for kind in kinds))
        for topic, found in sorted(lines.items())
        if any(found[kind] for kind in kinds)
    ]


def _versions(broker: health.Broker | None) -> list[tuple[str, str]]:
    version = connection.pg_version  # type: ignore[attr-defined]
    return [
        (_("This software"), settings.VERSION),
        ("PostgreSQL", f"{version // 10_000}.{version % 10_000}"),
        ("Valkey", broker.version if broker else "–"),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("Celery", celery.__version__),
    ]
