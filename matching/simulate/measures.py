"""What a year came to, in figures."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from matching.simulate.numbers import UNMATCHED
from matching.simulate.office import Office
from matching.simulate.records import Count, Offer
from matching.simulate.world import WEEK
from matching.states import OfferState, RequestState

_HOUR = timedelta(hours=1)
DAYS = (1, 3, 7, 14)
"""Days for which it is told how many are in contact by then."""


@dataclass(frozen=True)
class Tally:
    """The plain counts of one year, which add up with those of others.

    Attributes:
        weeks: Weeks in which coordinators worked, those after the last arrival included.
        hours: Hours from asking to contact, of those who got it.
        ends: Requests by how they ended; offers: those that reached a sponsor, by how they ended.
        desk_minutes: Coordinators' work.
        counts: The list of sponsors, week by week.
    """

    weeks: float
    hours: tuple[float, ...]
    ends: Counter[RequestState]
    offers: Counter[OfferState]
    desk_minutes: int
    counts: tuple[Count, ...]

    @classmethod
    def of(cls, office: Office) -> "Tally":
        """Count a year that has been played to its end."""
        reached = (offer for request in office.requests for offer in request.offers if _reached(offer))
        return cls(
            weeks=office.world.weeks + UNMATCHED / WEEK,
            hours=tuple((one.began_at - one.request.asked_at) / _HOUR for one in office.pairings),
            ends=Counter(request.path.now for request in office.requests),
            offers=Counter(offer.path.now for offer in reached),
            desk_minutes=office.desk.minutes,
            counts=tuple(office.counts),
        )

    @classmethod
    def sum(cls, tallies: Sequence["Tally"]) -> "Tally":
        """All of these as if they were one long year."""
        return cls(
            weeks=sum(one.weeks for one in tallies),
            hours=tuple(hours for one in tallies for hours in one.hours),
            ends=sum((one.ends for one in tallies), Counter()),
            offers=sum((one.offers for one in tallies), Counter()),
            desk_minutes=sum(one.desk_minutes for one in tallies),
            counts=tuple(count for one in tallies for count in one.counts),
        )


def _reached(offer: Offer) -> bool:
    """Whether a sponsor saw it: a proposal that the newcomer did not take up reached nobody."""
    return OfferState.SENT in offer.path.steps


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What policies are compared by. Shares go from 0 to 1.

    Attributes:
        asked: Requests.
        in_contact, elsewhere, unserved: Shares of them that ended in contact, that were taken back because the
            newcomer found somebody in a meeting, and that found nobody in 60 days.
        median_hours, p90_hours: From asking to contact, among those who got it; None when nobody did.
        by_day: Day -> share of all who asked and were in contact by then.
        offers: Offers that reached a sponsor, for each request; no, late and in_vain: those that were declined, ran
            out, and were taken back.
        desk_hours: Coordinators' work, hours a week.
        people: People for each sponsor on the list, on average over the year; idle, full: shares of the sponsors with
            nobody and with no seat free.
    """

    asked: int
    in_contact: float
    elsewhere: float
    unserved: float
    median_hours: float | None
    p90_hours: float | None
    by_day: dict[int, float]
    offers: float
    no: float
    late: float
    in_vain: float
    desk_hours: float
    people: float
    idle: float
    full: float

    @classmethod
    def of(cls, tally: Tally) -> "Figures":
        """The figures of one year, or of several together."""
        asked = tally.ends.total()
        hours = sorted(tally.hours)
        listed = sum(count.sponsors for count in tally.counts)
        return cls(
            asked=asked,
            in_contact=_ratio(tally.ends[RequestState.MATCHED], asked),
            elsewhere=_ratio(tally.ends[RequestState.WITHDRAWN], asked),
            unserved=_ratio(tally.ends[RequestState.CLOSED], asked),
            median_hours=quantile(hours, 0.5),
            p90_hours=quantile(hours, 0.9),
            by_day={day: _ratio(sum(one <= 24 * day for one in hours), asked) for day in DAYS},
            offers=_ratio(tally.offers.total(), asked),
            no=_ratio(tally.offers[OfferState.DECLINED], asked),
            late=_ratio(tally.offers[OfferState.EXPIRED], asked),
            in_vain=_ratio(tally.offers[OfferState.WITHDRAWN], asked),
            desk_hours=tally.desk_minutes / 60 / tally.weeks,
            people=_ratio(sum(count.people for count in tally.counts), listed),
            idle=_ratio(sum(count.idle for count in tally.counts), listed),
            full=_ratio(sum(count.full for count in tally.counts), listed),
        )

    def plain(self) -> dict[str, object]:
        """The figures as JSON takes them, rounded to what a simulation can say."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The least value that this share of the values does not exceed; None when there are none."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else None


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _rounded(one) for key, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value
