"""What an intergroup's work has brought in a period, counted. Whoever shows the figures hides the small ones.

A request belongs to the period in which somebody asked, a pairing to the one in which it began, an offer to the one in
which it went to its sponsor: figures of a past month still change as long as what began in it goes on.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Extract, Floor, TruncDate, TruncWeek

from accounts import clock
from accounts.models import Intergroup
from matching.models import Pairing, RequestKind, ServiceEntry, ServiceKind, SponsorRequest
from matching.queries.report_period import Period
from matching.states import LIVE_REQUEST, RequestState
from matching.survival import Span

WEEK = timedelta(days=7)
AN_HOUR, A_DAY = 3_600, 86_400

COUNTS = """
SELECT 'offers' AS part, '' AS one, '' AS two, '' AS three,
       count(*) FILTER (WHERE answered_at IS NOT NULL) AS first,
       count(*) FILTER (WHERE answered_at IS NULL AND offer.state = 'expired') AS second
  FROM matching_offer AS offer JOIN matching_sponsorrequest AS request ON request.id = offer.request_id
 WHERE request.intergroup_id = %(office)s AND expires_at IS NOT NULL
   AND made_at >= %(begins)s AND made_at < %(ends)s
UNION ALL
SELECT 'work', entry.kind, '', '', count(*), count(DISTINCT member_id)
  FROM matching_serviceentry AS entry JOIN accounts_profile AS profile ON profile.user_id = entry.member_id
 WHERE profile.intergroup_id = %(office)s AND entry.on >= %(first)s AND entry.on < %(after)s
 GROUP BY entry.kind
UNION ALL
SELECT 'demand', language, comfort, mode, count(*), 0
  FROM matching_sponsorrequest AS request
  JOIN accounts_profile AS profile ON profile.user_id = request.member_id
 CROSS JOIN unnest(profile.languages) AS language
 CROSS JOIN unnest(profile.comfortable_with) AS comfort
 CROSS JOIN unnest(profile.modes) AS mode
 WHERE request.intergroup_id = %(office)s AND request.kind = 'sponsor' AND request.state = ANY (%(live)s)
   AND request.id NOT IN (SELECT request_id FROM matching_offer WHERE state IN ('sent', 'in_review'))
 GROUP BY language, comfort, mode
 ORDER BY part, first DESC, one, two, three
"""
"""Offers answered and expired, work by kind, and demand: one query, for each costs a page as much as all three.

``NOT IN`` is looked up in a hash whatever the database believes of the offers. With ``NOT EXISTS`` it went through all
of them for each request until it had counted them anew: 2.5 million steps in a large office.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The requests of a period. ``to_offer`` and ``to_contact``: hours from asking to the first offer, and to seeing
    how to reach each other, of those that came so far; the counts say what became of all."""

    to_offer: list[float]
    to_contact: list[float]
    matched: int
    withdrawn: int
    closed: int
    waiting: int

    @property
    def all(self) -> int:
        """How many asked."""
        return self.matched + self.withdrawn + self.closed + self.waiting


@dataclass(frozen=True, slots=True)
class Offers:
    """The offers that went to sponsors in a period and no longer wait: answered in time, or run out of time."""

    answered: int
    expired: int


@dataclass(frozen=True, slots=True)
class ContactWeek:
    """Of ``live`` pairs that were there for the whole week from this Monday on, ``talked`` said that they did."""

    monday: date
    live: int
    talked: int


@dataclass(frozen=True, slots=True)
class Work:
    """Twelfth-Step work of one kind: how many times, by how many members."""

    kind: str
    times: int
    members: int


@dataclass(frozen=True, slots=True)
class Demand:
    """How many wait, with no offer on its way, who speak ``language``, are at ease with ``comfort`` and can meet by
    ``mode``. Whoever names several counts in each."""

    language: str
    comfort: str
    mode: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report tells of; ``demand`` is that of this moment, everything else of the period."""

    period: Period
    asked: Asked
    offers: Offers
    pairs: list[Span]
    weeks: list[ContactWeek]
    work: list[Work]
    demand: list[Demand]


def figures(intergroup: Intergroup, period: Period) -> Figures:
    """Count everything; four queries whatever the size."""
    now = clock.now()
    pairs = _pairs(intergroup, period, now)
    offers, work, demand = _counts(intergroup, period)
    return Figures(
        period=period,
        asked=_asked(intergroup, period),
        offers=offers,
        pairs=[Span(max(days, 0), ended is not None) for _, ended, days, inside in pairs if inside],
        weeks=_weeks(intergroup, period, pairs, now),
        work=work,
        demand=demand,
    )


def asked_in(requests: QuerySet[SponsorRequest], period: Period) -> QuerySet[SponsorRequest]:
    """Those with which somebody asked in a period."""
    return requests.filter(asked_at__gte=period.begins_at, asked_at__lt=period.ends_at)


def _asked(intergroup: Intergroup, period: Period) -> Asked:
    here = SponsorRequest.objects.filter(intergroup=intergroup, kind=RequestKind.SPONSOR)
    rows = list(
        asked_in(here, period)
        .order_by()
        .annotate(
            to_offer=seconds_between(F("asked_at"), Min("offers__made_at")),
            to_contact=seconds_between(F("asked_at"), Min("offers__pairing__began_at")),
        )
        .values_list("state", "to_offer", "to_contact")
    )
    states = Counter(state for state, _, _ in rows)
    to_offer = [seconds / AN_HOUR for _, seconds, _ in rows if seconds is not None]
    to_contact = [seconds / AN_HOUR for _, _, seconds in rows if seconds is not None]
    return Asked(
        sorted(to_offer),
        sorted(to_contact),
        matched=states[RequestState.MATCHED],
        withdrawn=states[RequestState.WITHDRAWN],
        closed=states[RequestState.CLOSED],
        waiting=sum(states[state] for state in LIVE_REQUEST),
    )


def seconds_between(since: Combinable, until: Combinable) -> Cast:
    """From one moment to another, worked out where they are: thousands of moments are slow to fetch."""
    passed = ExpressionWrapper(until - since, output_field=DurationField())
    return Cast(Extract(passed, "epoch"), FloatField())


def _counts(intergroup: Intergroup, period: Period) -> tuple[Offers, list[Work], list[Demand]]:
    given: dict[str, Any] = {
        "office": intergroup.pk,
        "begins": period.begins_at,
        "ends": period.ends_at,
        "first": period.first,
        "after": period.ends,
        "live": [str(state) for state in LIVE_REQUEST],
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, given)
        rows = cursor.fetchall()
    [offers] = [Offers(*row[4:]) for row in rows if row[0] == "offers"]
    counted = {row[1]: (row[4], row[5]) for row in rows if row[0] == "work"}
    demand = [Demand(*row[1:5]) for row in rows if row[0] == "demand"]
    return offers, [Work(kind, *counted.get(kind, (0, 0))) for kind in ServiceKind.values], demand


Pair = tuple[date, date | None, int, bool]
"""When a pairing began and ended, in the intergroup's zone; how many whole days it has been; did it begin inside."""


def _pairs(intergroup: Intergroup, period: Period, now: datetime) -> list[Pair]:
    """Every pairing that lived at some time of the period."""
    zone = ZoneInfo(period.zone)
    lived = Pairing.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=period.begins_at), intergroup=intergroup)
    seconds = seconds_between(F("began_at"), Coalesce(F("ended_at"), Value(now)))
    return list(
        lived.filter(began_at__lt=period.ends_at)
        .order_by()
        .values_list(
            TruncDate("began_at", tzinfo=zone),
            TruncDate("ended_at", tzinfo=zone),
            Cast(Floor(seconds / A_DAY), IntegerField()),
            ExpressionWrapper(Q(began_at__gte=period.begins_at), BooleanField()),
        )
    )


def _weeks(intergroup: Intergroup, period: Period, pairs: Sequence[Pair], now: datetime) -> list[ContactWeek]:
    """Whole weeks, Monday to Sunday, inside the period and before now; talks are counted on the sponsors' dates."""
    zone = ZoneInfo(period.zone)
    monday = period.first + timedelta(days=-period.first.weekday() % 7)
    until = min(period.ends, now.astimezone(zone).date())
    talked = _talked(intergroup, zone, monday, until)
    begins = np.array([began.toordinal() for began, *_ in pairs], dtype=np.int64)
    ends = np.array([(ended or date.max).toordinal() for _, ended, *_ in pairs], dtype=np.int64)
    weeks = []
    while monday + WEEK <= until:
        first = monday.toordinal()
        live = int(np.count_nonzero((begins <= first) & (ends >= first + WEEK.days)))
        weeks.append(ContactWeek(monday, live, talked.get(monday, 0)))
        monday += WEEK
    return weeks


def _talked(intergroup: Intergroup, zone: ZoneInfo, since: date, until: date) -> dict[date, int]:
    """By Monday, how many of the pairs that were there all week talked in it."""
    ends = ExpressionWrapper(F("week") + WEEK, output_field=DateField())
    return dict(
        ServiceEntry.objects.filter(
            kind=ServiceKind.CONTACT, contact_of__intergroup=intergroup, on__gte=since, on__lt=until
        )
        .annotate(
            week=TruncWeek("on"),
            began=TruncDate("contact_of__began_at", tzinfo=zone),
            ended=TruncDate("contact_of__ended_at", tzinfo=zone),
        )
        .filter(Q(ended__isnull=True) | Q(ended__gte=ends), began__lte=F("week"))
        .order_by()
        .values_list("week")
        .annotate(Count("contact_of", distinct=True))
    )
