"""What a coordinator sees of an offer and of a request: as far as they may see the two people, and no further.

Shown: first name and initial, area, preferences, seats, recovery time as a band, states. Never: notes, answers, Steps,
exact dates, contact details.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.models import Approach, Comfort, Gender, Language, Mode, Need, Profile, Sponsor, User, Week
from accounts.models.sponsor import MOST_SEATS
from matching import engine, office_words, roster
from matching.engine import week
from matching.engine.broken import met
from matching.models import Offer, ReviewDecision, ReviewQuestion, SponsorRequest
from matching.models.care import above, below
from matching.queries.coordinate import requests_for, to_review
from matching.queries.suggestions import SAID_NO, excluded
from matching.states import LIVE_OFFER, OfferState

POINT = 1000
"""Offers keep thousandths of a point."""

CANDIDATES = 10


@dataclass(frozen=True)
class Side:
    """One of the two, as far as a coordinator may see them: a name and lines of (what, words)."""

    name: str
    letter: str
    role: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class RuleLine:
    """A hard rule in words, and whether it holds at this moment."""

    words: str
    met: bool


@dataclass(frozen=True)
class Part:
    """A component of the score: points of at most ``weight``, both in whole points and tenths."""

    words: str
    points: float
    weight: float


@dataclass(frozen=True)
class Pair:
    """Everything the review shows beside the offer. ``week`` is 168 characters in ``zone``."""

    newcomer: Side
    sponsor: Side
    rules: list[RuleLine]
    parts: list[Part]
    total: float
    most: float
    week: str
    zone: str

    @property
    def sides(self) -> tuple[Side, Side]:
        """The newcomer, then the sponsor."""
        return self.newcomer, self.sponsor


@dataclass(frozen=True)
class Candidate:
    """A sponsor who would fit a request: points, load and area."""

    key: UUID
    name: str
    points: float
    area: str
    load: str


@dataclass(frozen=True)
class Outlook:
    """Who would fit a request, best first; and of the others, how many each rule excludes first."""

    candidates: list[Candidate]
    excluded: list[office_words.Reason]


def offers_for(user: User) -> QuerySet[Offer]:
    """The offers a coordinator may open, each with what the review reads in the same query."""
    at, same = OuterRef("answered_at"), Q(answered_at=OuterRef("answered_at"))
    before = to_review(user).filter(Q(answered_at__lt=at) | (same & Q(pk__lt=OuterRef("pk"))))
    after = to_review(user).filter(Q(answered_at__gt=at) | (same & Q(pk__gt=OuterRef("pk"))))
    found = Offer.objects.for_coordinator(user).annotate(
        waits_before=Subquery(before.order_by("-answered_at", "-pk").values("pk")[:1]),
        waits_after=Subquery(after.order_by("answered_at", "pk").values("pk")[:1]),
    )
    return found.select_related(
        "decision",
        "sponsor__profile__area",
        "sponsor__sponsor",
        "request__member__profile__area",
        "request__member__sponsor",
        "request__fellowship",
        "request__intergroup__policy",
    )


@dataclass(frozen=True)
class Asked:
    """A question in a review, whom it went to by name, and the answer so far."""

    name: str
    question: ReviewQuestion


def questions_of(offer: Offer) -> list[Asked]:
    """What the two of an offer that :func:`offers_for` found were asked in its review, oldest first; one query.
    None once the review is over, as they are gone with it."""
    if offer.state != OfferState.IN_REVIEW:
        return []
    names = {one.pk: one.profile.display_name for one in (offer.request.member, offer.sponsor)}
    return [Asked(names[one.member_id], one) for one in offer.questions.all() if one.member_id in names]


def can_be_asked(offer: Offer, asked: Iterable[Asked]) -> list[tuple[UUID, str]]:
    """The two by id and name, without whom a question waits for."""
    waiting = {one.question.member_id for one in asked if one.question.answered_at is None}
    both = (offer.request.member, offer.sponsor)
    return [(one.pk, one.profile.display_name) for one in both if one.pk not in waiting]


def requests_with_names(user: User) -> QuerySet[SponsorRequest]:
    """The requests a coordinator may open, with the newcomer's profile, and with whom they may not propose."""
    turns = Offer.objects.filter(request=OuterRef("pk"), state__in=[*SAID_NO, *LIVE_OFFER]).order_by()
    near = {
        "above": ArraySubquery(above(user)),
        "below": ArraySubquery(below(user)),
        "turns": ArraySubquery(turns.values("sponsor")),
    }
    return (
        requests_for(user)
        .select_related("member__profile__area", "member__sponsor", "fellowship", "intergroup__policy")
        .annotate(**near)
    )


def not_to_propose(request: SponsorRequest, user: User) -> list[UUID]:
    """A coordinator, who sponsors them and whom they sponsor, and who had or has a turn with this request; for one of
    :func:`requests_with_names`."""
    return [user.pk, *request.above, *request.below, *request.turns]  # type: ignore[attr-defined]


def pair_of(offer: Offer) -> Pair:
    """The two people of an offer that :func:`offers_for` found, side by side, with rules and points.

    While the offer is in review the rules are asked again, since people change; the points are those it was made with.
    """
    now, request = clock.now(), offer.request
    newcomer, sponsor = request.member.profile, offer.sponsor.profile
    zone = request.intergroup.zone
    asks = roster.person(newcomer, waiting_since=request.asked_at)
    sponsors = roster.person(sponsor)
    facts = roster.facts_of(request, now=now)
    parts = _parts(offer, facts.policy)
    return Pair(
        newcomer=_side(newcomer, _("Asked for a sponsor"), now),
        sponsor=_side(sponsor, _("The sponsor"), now),
        rules=_rules(asks, sponsors, facts) if offer.state == OfferState.IN_REVIEW else [],
        parts=parts,
        total=offer.score / POINT,
        most=sum(part.weight for part in parts),
        week=_shared_week(newcomer, sponsor, zone, now),
        zone=zone,
    )


def decision_on(offer: Offer) -> ReviewDecision | None:
    """The decision on an offer in review that can still be taken back."""
    return getattr(offer, "decision", None) if offer.state == OfferState.IN_REVIEW else None


def neighbours(offer: Offer) -> dict[str, UUID | None]:
    """The reviews that wait before and after an offer of :func:`offers_for`, oldest first; none for what is no review
    any more."""
    if offer.state != OfferState.IN_REVIEW:
        return {"previous": None, "next": None}
    return {"previous": offer.waits_before, "next": offer.waits_after}  # type: ignore[attr-defined]


def history(request: SponsorRequest) -> QuerySet[Offer]:
    """Every offer of a request, oldest first, with the sponsor's name."""
    return request.offers.select_related("sponsor__profile").defer("note", "parts", "reasons", "reasons_back")


def outlook(request: SponsorRequest, *, without: Iterable[UUID]) -> Outlook:
    """Ask the engine once for both: the ten best for a request, and why not the others. Left out are ``without``."""
    left_out = set(without)
    newcomer = roster.person(request.member.profile, waiting_since=request.asked_at)
    pool = roster.pool_around(request, now=clock.now())
    found = engine.suggest(newcomer, pool, CANDIDATES, without=left_out)
    return Outlook(_candidates(found), office_words.counted(excluded(newcomer, pool, without=left_out)))


def full_ones(request: SponsorRequest, *, without: Iterable[UUID]) -> list[Candidate]:
    """Sponsors whose seats are all taken and who would fit with one more, best first; nobody else's rules are eased.
    Left out are ``without``."""
    profile = request.member.profile
    full = roster.sponsor_profiles(request).filter(
        user__sponsor__seats_taken__gte=F("user__sponsor__seats"),
        user__sponsor__seats__lt=MOST_SEATS,
        # The engine asks these rules again; here they only spare it most of a large office.
        user__sponsor__approved_at__isnull=False,
        languages__overlap=profile.languages,
        modes__overlap=profile.modes,
        comfortable_with__overlap=[profile.gender, Comfort.ANYONE],
    )
    left_out = set(without)
    people = [roster.with_one_more(one) for one in roster.people_of(full) if one.id not in left_out]
    if not people:
        return []
    pool = engine.Pool.of(people, roster.facts_of(request, now=clock.now()))
    newcomer = roster.person(profile, waiting_since=request.asked_at)
    return _candidates(engine.suggest(newcomer, pool, CANDIDATES))


def _candidates(found: Sequence[engine.Suggestion]) -> list[Candidate]:
    """Those whom the engine found, as a coordinator sees them; whoever left since it was asked is none of them."""
    sponsors = Profile.objects.select_related("user__sponsor", "area").filter(user__sponsor__isnull=False)
    people = sponsors.in_bulk([one.sponsor for one in found])
    return [_candidate(one, people[one.sponsor]) for one in found if one.sponsor in people]


def _candidate(found: engine.Suggestion, profile: Profile) -> Candidate:
    return Candidate(
        key=profile.pk,
        name=profile.display_name,
        points=found.score / POINT,
        area=_area(profile),
        load=load_in_words(profile.user.sponsor),
    )


def load_in_words(sponsor: Sponsor) -> str:
    """How full a sponsor is: "1 of 2 seats taken"."""
    return ngettext("%(taken)s of %(seats)s seat taken", "%(taken)s of %(seats)s seats taken", sponsor.seats) % {
        "taken": sponsor.seats_taken,
        "seats": sponsor.seats,
    }


def person_facts(profile: Profile, now: datetime) -> list[tuple[str, str]]:
    """A member's area and preferences in words; what they left out is left out."""
    return [(what, words) for what, words in person_lines(profile, now) if words]


def person_lines(profile: Profile, now: datetime) -> list[tuple[str, str]]:
    """The same with empty words for what they left out."""
    days = _recovery_days(profile, now)
    band = "" if days is None else str(office_words.RECOVERY_BANDS[engine.recovery_band(days)])
    return [
        (_("Area"), _area(profile)),
        (_("Recovery time"), band),
        (_("Languages"), _listed(Language, profile.languages)),
        (_("Ways to meet"), _listed(Mode, profile.modes)),
        (_("Gender"), _listed(Gender, [profile.gender])),
        (_("Comfortable with"), _listed(Comfort, profile.comfortable_with)),
        (_("Approach"), _listed(Approach, [profile.approach])),
        (_("Needs"), _listed(Need, profile.needs)),
        (_("Can offer"), _listed(Need, profile.can_meet)),
    ]


def _side(profile: Profile, role: str, now: datetime) -> Side:
    facts = person_facts(profile, now)
    sponsor = getattr(profile.user, "sponsor", None)
    if sponsor is not None:
        facts.append((_("Seats"), load_in_words(sponsor)))
    return Side(profile.display_name, profile.first_name[:1], role, facts)


def _recovery_days(profile: Profile, now: datetime) -> int | None:
    began = roster.person(profile).recovery_since
    return None if began is None else (now.astimezone(ZoneInfo(profile.zone)).date() - began).days


def _area(profile: Profile) -> str:
    return "" if profile.area is None else profile.area.name


def _listed(words: Any, keys: Iterable[str]) -> str:
    """Chosen values in the reader's words."""
    return ", ".join(str(words(key).label) for key in keys if key)


def _rules(newcomer: engine.Person, sponsor: engine.Person, facts: engine.Facts) -> list[RuleLine]:
    """Every rule at this moment, for an offer in review: its own seat is held and does not count against it."""
    pool = engine.Pool.of([sponsor], facts)
    ask = pool.ask(newcomer)
    lines = []
    for rule in engine.RULES:
        holds = bool(met(rule, ask, pool.rows)[0]) or rule is engine.Rule.SEATS
        words = office_words.RULE_MET if holds else office_words.RULE_BROKEN
        lines.append(RuleLine(str(words[rule]), holds))
    return lines


def _parts(offer: Offer, policy: engine.Policy) -> list[Part]:
    return [
        Part(str(words), offer.parts.get(str(component), 0) / POINT, float(policy.weight(component)))
        for component, words in office_words.COMPONENTS.items()
    ]


def _shared_week(one: Profile, other: Profile, zone: str, now: datetime) -> str:
    """The hours both have free, in the intergroup's zone: the reader's, who is neither of the two."""
    first, second = ((each.week.bits, each.zone) for each in (one, other))
    return str(Week(week.shared_week(first, second, roster.coming_monday(now), zone)))
