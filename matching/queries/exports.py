"""What a coordinator may take along of their office: the same as their pages show, as lists.

Each list comes through the eyes of the coordinator, like the pages: nobody of another office, nothing that touches
themself, their sponsor or whom they sponsor. Never notes, answers, Steps, exact dates of recovery, contact details,
reports, or why somebody ended something.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Intergroup, Profile, User
from matching.disclosure import disclosed
from matching.models import (
    Bridge,
    Offer,
    Origin,
    Pairing,
    RequestKind,
    ReviewDecision,
    ServiceEntry,
    ServiceKind,
    Verdict,
)
from matching.queries.coordinate import requests_for
from matching.queries.reviews import load_in_words, person_lines
from matching.queries.silence import contact_span, kept_to_themselves
from matching.queries.sponsors import Standing, listed
from matching.sheet.out import Sheet
from matching.states import BridgeState, OfferState, PairingState, RequestState

AT_ONCE = 1000
"""Rows that are fetched together."""

SERVICE_OF = timedelta(days=365)


def lists_of(user: User, office: Intergroup, now: datetime) -> list[Sheet]:
    """Everything of an office that this coordinator may see; days are in the office's zone."""
    view = _View(user, office, now)
    return [
        Sheet("sponsors", [*_person_header(), _("Seats"), _("State")], view.sponsors),
        Sheet("newcomers", _person_header(), view.newcomers),
        Sheet(
            "requests",
            [_("Newcomer"), _("Fellowship"), _("Kind"), _("State"), _("Asked"), _("Ended"), _("Needs you")],
            view.requests,
        ),
        Sheet(
            "offers",
            [_("Newcomer"), _("Sponsor"), _("Made by"), _("State"), _("Made"), _("Answered"), _("Ended")],
            view.offers,
        ),
        Sheet(
            "pairings",
            [_("Newcomer"), _("Sponsor"), _("State"), _("Since"), _("Trial until"), _("Ended"), _("Last contact")],
            view.pairings,
        ),
        Sheet("reviews", [_("Newcomer"), _("Sponsor"), _("Waits since"), _("Decided")], view.reviews),
        Sheet(
            "bridging",
            [_("Newcomer"), _("Area"), _("Leaves on"), _("Volunteer"), _("State"), _("Meetings")],
            view.bridging,
        ),
        Sheet("service", [_("Kind of service"), _("Times in twelve months")], view.service),
    ]


def _person_header() -> list[str]:
    return [
        _("Name"),
        _("Area"),
        _("Recovery time"),
        _("Languages"),
        _("Ways to meet"),
        _("Gender"),
        _("Comfortable with"),
        _("Approach"),
        _("Needs"),
        _("Can offer"),
    ]


class _View:
    """An office through the eyes of one coordinator, at one moment."""

    def __init__(self, user: User, office: Intergroup, now: datetime) -> None:
        self.user, self.office, self.now = user, office, now
        self.zone = ZoneInfo(office.zone)

    def sponsors(self) -> Iterator[Sequence[str]]:
        """Who sponsors, or has offered to."""
        rows = listed(self.user, {}).filter(user__profile__intergroup=self.office)
        for one in _streamed(rows):
            standing = Standing(one.standing)
            yield [*self._person(one.user.profile), load_in_words(one), str(standing.label)]

    def newcomers(self) -> Iterator[Sequence[str]]:
        """Who has asked for somebody, each once."""
        asked = requests_for(self.user).filter(intergroup=self.office).values("member")
        rows = Profile.objects.filter(pk__in=asked).select_related("area", "fellowship", "user__sponsor")
        for one in _streamed(rows.order_by("first_name", "initial", "pk")):
            yield self._person(one)

    def requests(self) -> Iterator[Sequence[str]]:
        """What was asked."""
        rows = requests_for(self.user).filter(intergroup=self.office)
        for one in _streamed(rows.select_related("member__profile", "fellowship").order_by("asked_at", "pk")):
            yield [
                one.member.profile.display_name,
                str(one.fellowship),
                str(RequestKind(one.kind).label),
                str(RequestState(one.state).label),
                self._day(one.asked_at),
                self._day(one.ended_at),
                _("Yes") if one.needs_coordinator else "",
            ]

    def offers(self) -> Iterator[Sequence[str]]:
        """What was held out to whom."""
        for one in _streamed(self._offers().order_by("made_at", "pk")):
            yield [
                one.request.member.profile.display_name,
                one.sponsor.profile.display_name,
                str(Origin(one.origin).label),
                str(OfferState(one.state).label),
                self._day(one.made_at),
                self._day(one.answered_at),
                self._day(one.ended_at),
            ]

    def _offers(self) -> QuerySet[Offer]:
        rows = Offer.objects.for_coordinator(self.user).filter(request__intergroup=self.office)
        names = rows.select_related("request__member__profile", "sponsor__profile")
        return names.defer("note", "seat_reason", "parts", "reasons", "reasons_back")

    def pairings(self) -> Iterator[Sequence[str]]:
        """Who has whom; how long ago they last told of a contact as a span, unless one of them keeps it."""
        rows = Pairing.objects.for_coordinator(self.user).filter(intergroup=self.office)
        named = rows.select_related("sponsor__profile", "sponsee__profile").annotate(
            silent=Exists(kept_to_themselves())
        )
        for one in _streamed(named.order_by("began_at", "pk")):
            yield [
                one.sponsee.profile.display_name,
                one.sponsor.profile.display_name,
                str(PairingState(one.state).label),
                self._day(one.began_at),
                one.trial_ends_on.isoformat(),
                self._day(one.ended_at),
                "" if one.silent or not one.is_live else contact_span(one, self.now),
            ]

    def reviews(self) -> Iterator[Sequence[str]]:
        """What waits for a coordinator's yes or no, or is decided and can still be taken back."""
        said = ReviewDecision.objects.filter(offer=OuterRef("pk")).values("verdict")[:1]
        rows = self._offers().filter(state=OfferState.IN_REVIEW).annotate(said=said)
        for one in _streamed(rows.order_by("answered_at", "pk")):
            yield [
                one.request.member.profile.display_name,
                one.sponsor.profile.display_name,
                self._day(one.answered_at),
                str(Verdict(one.said).label) if one.said else "",
            ]

    def bridging(self) -> Iterator[Sequence[str]]:
        """First contacts after treatment."""
        rows = Bridge.objects.for_coordinator(self.user).filter(intergroup=self.office)
        named = rows.exclude(state=BridgeState.WITHDRAWN).select_related("member__profile__area", "volunteer__profile")
        for one in _streamed(named.order_by("leaves_on", "pk")):
            yield [
                one.member.profile.display_name,
                str(one.member.profile.area or ""),
                one.leaves_on.isoformat(),
                "" if one.volunteer is None else one.volunteer.profile.display_name,
                str(BridgeState(one.state).label),
                str(one.meetings),
            ]

    def service(self) -> Iterator[Sequence[str]]:
        """How often the members did each kind of service; numbers that could tell of somebody are left out."""
        since = self.now.astimezone(self.zone).date() - SERVICE_OF
        rows = ServiceEntry.objects.filter(member__profile__intergroup=self.office, on__gte=since)
        counts = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
        shown = disclosed([counts.get(kind.value, 0) for kind in ServiceKind])
        for kind, number in zip(ServiceKind, shown, strict=True):
            yield [str(kind.label), "" if number is None else str(number)]

    def _person(self, profile: Profile) -> list[str]:
        return [profile.display_name, *(words for _what, words in person_lines(profile, self.now))]

    def _day(self, moment: datetime | None) -> str:
        return "" if moment is None else moment.astimezone(self.zone).date().isoformat()


def _streamed(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=AT_ONCE)
