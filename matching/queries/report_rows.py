"""The people behind a number of a report, as far as a coordinator may see them.

A number tells of everybody; a list only of those who still look or have found somebody. Whoever has stopped is not
gone through by name again, and whoever has left is nowhere. A list may be short, unlike a number: each of its people
has a page that the reader may open.
"""

from dataclasses import dataclass
from math import inf, isinf
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import Comfort, Intergroup, Language, Mode, User
from matching.models import Offer, Pairing, RequestKind, SponsorRequest
from matching.queries.around import waiting
from matching.queries.coordinate import requests_for
from matching.queries.report_period import Period
from matching.queries.reports import AN_HOUR, asked_in, seconds_between
from matching.states import HELD_OFFER, LIVE_REQUEST, RequestState

ASKED, FOUND, STILL, PAIRS, DEMAND, QUEUE, NO_OFFER = "asked", "found", "still", "pairs", "demand", "queue", "no_offer"
DAY = 24
WAITS: tuple[tuple[float, str | Promise], ...] = (
    (6, gettext_lazy("Under 6 hours")),
    (DAY, gettext_lazy("6 to 24 hours")),
    (3 * DAY, gettext_lazy("1 to 3 days")),
    (7 * DAY, gettext_lazy("3 to 7 days")),
    (inf, gettext_lazy("Over 7 days")),
)
"""Hours below which a wait belongs to a band, and its words."""

BANDS = [f"wait_{place}" for place in range(len(WAITS))]
NUMBERS = (ASKED, FOUND, STILL, PAIRS, DEMAND, QUEUE, NO_OFFER, *BANDS)
"""The numbers that lead to a list, as the address names them."""

OF_TODAY = (DEMAND, QUEUE)
"""Those that do not go by a period."""


@dataclass(frozen=True)
class Number:
    """One number of a report: ``name`` is one of NUMBERS, and the rest tells which of the demand."""

    name: str
    language: str = ""
    comfort: str = ""
    mode: str = ""


def title(number: Number) -> str:
    """What a list is about."""
    if number.name == DEMAND:
        told = [Language(number.language).label, Comfort(number.comfort).label, Mode(number.mode).label]
        return _of(_("Who waits today, with no offer on the way"), ", ".join(map(str, told)))
    if number.name in BANDS:
        return _of(_("How long people waited for a first offer"), WAITS[BANDS.index(number.name)][1])
    return {
        ASKED: _("People who asked"),
        FOUND: _("Found a sponsor"),
        STILL: _("Still wait"),
        PAIRS: _("Pairs that began"),
        QUEUE: _("Who waits without an offer"),
        NO_OFFER: _of(_("How long people waited for a first offer"), _("None yet")),
    }[number.name]


def _of(what: str, which: object) -> str:
    return f"{what}{pgettext('between a name and what is said of it', ':')} {which}"


def requests(office: Intergroup, period: Period, number: Number, viewer: User) -> QuerySet[SponsorRequest]:
    """The requests behind a number other than that of pairs, with names, the longest ago first."""
    seen = requests_for(viewer).filter(intergroup=office, kind=RequestKind.SPONSOR, member__is_active=True)
    if number.name == QUEUE:
        found = seen.filter(pk__in=waiting(office).order_by().values("pk"))
    elif number.name == DEMAND:
        found = _demand(seen, number)
    else:
        found = _of_a_period(asked_in(seen, period), number.name)
    return found.select_related("member__profile").order_by("asked_at", "pk")


def _demand(seen: QuerySet[SponsorRequest], number: Number) -> QuerySet[SponsorRequest]:
    held = Offer.objects.filter(request=OuterRef("pk"), state__in=HELD_OFFER)
    return seen.filter(
        ~Exists(held),
        state__in=LIVE_REQUEST,
        member__profile__languages__contains=[number.language],
        member__profile__comfortable_with__contains=[number.comfort],
        member__profile__modes__contains=[number.mode],
    )


def _of_a_period(asked: QuerySet[SponsorRequest], name: str) -> QuerySet[Any]:
    if name == FOUND:
        return asked.filter(state=RequestState.MATCHED)
    if name == STILL:
        return asked.filter(state__in=LIVE_REQUEST)
    found = asked.filter(state__in=[*LIVE_REQUEST, RequestState.MATCHED])
    if name == NO_OFFER:
        return found.filter(offers__isnull=True)
    if name not in BANDS:
        return found
    place = BANDS.index(name)
    least, below = (0 if not place else WAITS[place - 1][0]), WAITS[place][0]
    timed = found.annotate(seconds=seconds_between(F("asked_at"), Min("offers__made_at")))
    banded = timed.filter(seconds__gte=least * AN_HOUR)
    return banded if isinf(below) else banded.filter(seconds__lt=below * AN_HOUR)


def pairs(office: Intergroup, period: Period, viewer: User) -> QuerySet[Pairing]:
    """The pairs that began in a period and still are together, with names, the oldest first."""
    seen = Pairing.objects.live().for_coordinator(viewer).filter(intergroup=office)
    inside = seen.filter(began_at__gte=period.begins_at, began_at__lt=period.ends_at)
    return inside.select_related("sponsor__profile", "sponsee__profile").order_by("began_at", "pk")
