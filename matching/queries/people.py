"""One person, as far as a coordinator may see them.

Shown: first name and initial, area, preferences, seats, recovery time as a band, how search and pairs stand, the last
contact as a span, and for those who look after safety what was reported. Never: answers, notes, Steps, exact dates,
resets, reasons for a block.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts import clock
from accounts.models import ApplicationCheck, Coordinator, Profile, Report, Scope, Sponsor, Suspension, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching.models import Handover, Offer, Pairing
from matching.models.care import apart, in_care, too_near
from matching.queries.coordinate import requests_for
from matching.queries.newcomers import with_search
from matching.queries.silence import contact_span, kept_to_themselves
from matching.queries.sponsors import with_standing
from matching.states import PairingState


@dataclass(frozen=True)
class PairLine:
    """A pair that lasts: the other of the two, which side the person is on, and what may be told of it."""

    other: str
    sponsors: bool
    state: str
    contact: str
    offer: UUID


@dataclass(frozen=True)
class ReportLine:
    """What was reported, of the person or by them; ``open`` while nobody has looked into it."""

    report: Report
    about_them: bool
    open: bool


def people_for(user: User) -> QuerySet[Profile]:
    """The members whose page somebody may open as a coordinator.

    Those of the intergroups where they do the work of the office; where they look after safety and no more, those who
    are named in a report. Never themself, whom they have met here, or whose request is on its way to them.
    """
    safety = intergroups_coordinated_by(user, Scope.SAFETY)
    named = Report.objects.filter(Q(by=OuterRef("pk")) | Q(about=OuterRef("pk")), intergroup__in=safety)
    to_them = Offer.objects.live().filter(too_near(user, "sponsor"), request__member=OuterRef("pk"))
    theirs = Profile.objects.filter(in_care(user, "intergroup") | Q(Exists(named)), intergroup__isnull=False)
    there = theirs.filter(Q(completed_at__isnull=False) | Q(user__sponsor__isnull=False))
    return there.exclude(apart(user, "pk")).exclude(Exists(to_them))


def sponsors_to_open(user: User) -> QuerySet[Any]:
    """The sponsors, and those who would be, on whom somebody may decide as a coordinator: as above, and only where they
    do the work of the office. Each with their ``standing``."""
    here = Sponsor.objects.filter(in_care(user, "user__profile__intergroup"))
    return with_standing(here.exclude(apart(user, "user")))


def person_pages(user: User) -> QuerySet[Any]:
    """The same with all that the page says of the person themself, in one query; ``asking_opens`` tells whether the
    reader may open their request, ``standing`` how they stand as a sponsor, if they are one.
    ``decides`` and ``guards``: whether the reader may decide on their sponsoring, and suspend them."""
    opens = Exists(requests_for(user).filter(member=OuterRef("pk")))
    standing = with_standing(Sponsor.objects.filter(pk=OuterRef("pk"))).values("standing")
    found: QuerySet[Any] = with_search(people_for(user)).annotate(
        asking_opens=opens,
        standing=Subquery(standing),
        decides=Exists(sponsors_to_open(user).filter(pk=OuterRef("pk"))),
        guards=Exists(to_suspend(user).filter(pk=OuterRef("pk"))),
    )
    return found.select_related("user__sponsor", "area", "fellowship", "intergroup__policy")


def pairs_of(profile: Profile, user: User, now: datetime) -> list[PairLine]:
    """The pairs that last, newest first, as far as the coordinator looks after them."""
    found = Pairing.objects.live().for_coordinator(user).of(profile.user).annotate(kept=Exists(kept_to_themselves()))
    return [_line(pair, profile, now) for pair in found.select_related("sponsor__profile", "sponsee__profile")]


def _line(pair: Pairing, profile: Profile, now: datetime) -> PairLine:
    sponsors = pair.sponsor_id == profile.pk
    other = pair.sponsee if sponsors else pair.sponsor
    contact = "" if pair.kept else contact_span(pair, now)  # type: ignore[attr-defined]
    return PairLine(other.profile.display_name, sponsors, str(PairingState(pair.state).label), contact, pair.offer_id)


def reports_on(profile: Profile, user: User) -> list[ReportLine]:
    """What was reported of the person or by them, newest first, for those who look after safety there; never what
    touches the reader or who is nearest to them."""
    safety = intergroups_coordinated_by(user, Scope.SAFETY)
    found = Report.objects.filter(Q(by=profile.pk) | Q(about=profile.pk), intergroup__in=safety)
    found = found.exclude(too_near(user, "by", "about")).order_by("-at")
    return [ReportLine(one, one.about_id == profile.pk, one.settled_at is None) for one in found]


def checks_of(sponsor: Sponsor) -> list[ApplicationCheck]:
    """What was made sure of for an application, the oldest first, each with whoever ticked it."""
    return list(sponsor.checks.select_related("by__profile"))


def latest_handover(sponsor: Sponsor) -> Any:
    """The last time that somebody's people went on to others, with how many pairs are ``left`` of those that lasted
    then; None if there was none."""
    left = Pairing.objects.live().filter(sponsor=OuterRef("sponsor"), began_at__lte=OuterRef("begun_at"))
    counted = Coalesce(Subquery(left.order_by().values("sponsor").annotate(n=Count("pk")).values("n")), 0)
    return Handover.objects.filter(sponsor=sponsor.pk).annotate(left=counted).order_by("-begun_at").first()


def to_suspend(user: User) -> QuerySet[Profile]:
    """Whom somebody may suspend or let in again: of the intergroups where they look after safety, and nobody who serves
    an office."""
    serves = Coordinator.objects.serving(clock.now()).filter(user=OuterRef("pk"))
    here = people_for(user).filter(intergroup__in=intergroups_coordinated_by(user, Scope.SAFETY))
    return here.exclude(Exists(serves)).select_related("user", "intergroup")


def open_suspension(profile: Profile) -> Suspension | None:
    """The suspension that has not been lifted."""
    return Suspension.objects.filter(member=profile.pk, lifted_at__isnull=True).select_related("member").first()
