"""The coordinators' queue: everything open in their intergroups, oldest first, with who holds it and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Intergroup, Profile, Sponsor, User
from matching.models import Bridge, ChangeAsk, CheckInPlan, Offer, Pairing, ReviewDecision, SponsorRequest
from matching.models.care import too_near
from matching.queries.sponsors import sponsors_for
from matching.states import HELD_OFFER, OfferState

ABOUT_TO_LAPSE = timedelta(hours=6)


class Kind(models.TextChoices):
    """What a row of the queue is about; the value stands in the address."""

    REVIEW = "review", _("To review")
    WAITING = "waiting", _("Without an offer")
    LAPSING = "lapsing", _("About to lapse")
    TALK = "talk", _("Would like to talk")
    BRIDGING = "bridging", _("First contact is late")
    SPONSORS = "sponsors", _("To approve")
    PAIRS = "pairs", _("Quiet pairs")
    SENT = "sent", _("With a sponsor")


NEEDS_SOMEBODY = (Kind.REVIEW, Kind.WAITING, Kind.LAPSING, Kind.TALK, Kind.BRIDGING, Kind.SPONSORS, Kind.PAIRS)
"""Shown together; an offer with time left is in good hands and listed apart."""


class Holder(models.TextChoices):
    """Who makes the next move."""

    COORDINATOR = "coordinator", _("Coordinators")
    NEWCOMER = "newcomer", _("The newcomer")
    SPONSOR = "sponsor", _("The sponsor")
    BOTH = "both", _("The two of them")


@dataclass(frozen=True)
class Row:
    """One thing that waits. ``key`` is what its page is called by: an offer, a request, a wish or a sponsor. ``until``
    is empty where nothing runs out, ``office`` where the reader serves one intergroup only."""

    kind: Kind
    key: UUID
    who: str
    with_whom: str
    holder: Holder
    since: datetime
    until: datetime | None
    office: str


def requests_for(user: User) -> QuerySet[SponsorRequest]:
    """The requests a coordinator may open: none that is on its way to themself, their sponsor or whom they sponsor."""
    offered_to_them = Offer.objects.live().filter(too_near(user, "sponsor"), request=OuterRef("pk"))
    return SponsorRequest.objects.for_coordinator(user).exclude(Exists(offered_to_them))


def to_review(user: User) -> QuerySet[Offer]:
    """The offers that wait for a coordinator's yes or no; what is decided and can be taken back waits for the clock."""
    return Offer.objects.for_coordinator(user).filter(state=OfferState.IN_REVIEW, decision__isnull=True)


def decided(user: User) -> QuerySet[ReviewDecision]:
    """What was decided and can still be taken back, the oldest first, with the names of the two."""
    found = ReviewDecision.objects.for_coordinator(user).filter(offer__state=OfferState.IN_REVIEW)
    return found.select_related("offer__sponsor__profile", "offer__request__member__profile").order_by("due_at")


def counts(user: User) -> dict[Kind, int]:
    """How many of each kind are open, in one query."""
    first, *others = (
        rows.order_by().values(row_kind=Value(str(kind))).annotate(n=Count("pk"))
        for kind, rows in _sources(user).items()
    )
    found = {row["row_kind"]: row["n"] for row in first.union(*others, all=True)}
    return {kind: found.get(str(kind), 0) for kind in Kind}


def queue(user: User, kinds: Iterable[Kind]) -> QuerySet[Any, dict[str, Any]]:
    """The rows of these kinds, oldest first, to be sliced and then read by :func:`rows`."""
    sources, chosen = _sources(user), list(kinds)
    first, *others = (_columns(kind, sources[kind]) for kind in chosen)
    return (first.union(*others, all=True) if others else first).order_by("row_since", "row_key")


def rows(found: Iterable[Mapping[str, Any]], intergroups: Iterable[Intergroup]) -> list[Row]:
    """Give rows of the queue their names, and their intergroup's where there are several; one query."""
    found, offices = list(found), {one.pk: one.name for one in intergroups}
    people = {row[side] for row in found for side in ("row_newcomer", "row_sponsor")}
    names = {profile.pk: profile.display_name for profile in Profile.objects.filter(pk__in=people - {None})}
    return [
        Row(
            kind=Kind(row["row_kind"]),
            key=row["row_key"],
            who=names.get(row["row_newcomer"] or row["row_sponsor"], ""),
            with_whom=names.get(row["row_sponsor"], "") if row["row_newcomer"] else "",
            holder=Holder(row["row_holder"]),
            since=row["row_since"],
            until=row["row_until"],
            office=offices.get(row["row_office"], "") if len(offices) > 1 else "",
        )
        for row in found
    ]


def _sources(user: User) -> dict[Kind, QuerySet[Any]]:
    now = clock.now()
    offers = Offer.objects.for_coordinator(user)
    sent = offers.filter(state=OfferState.SENT)
    held = Offer.objects.filter(request=OuterRef("pk"), state__in=HELD_OFFER)
    unseen = CheckInPlan.objects.filter(pairing=OuterRef("pk"), flag_quiet=False)
    quiet = Pairing.objects.for_coordinator(user).filter(quiet_at__isnull=False)
    return {
        Kind.REVIEW: to_review(user),
        Kind.WAITING: requests_for(user).live().exclude(Exists(held)),  # type: ignore[attr-defined]
        Kind.LAPSING: sent.filter(expires_at__lte=now + ABOUT_TO_LAPSE),
        Kind.SPONSORS: applications(user),
        Kind.TALK: ChangeAsk.objects.waiting_for_office(user),
        Kind.BRIDGING: Bridge.objects.for_coordinator(user).live().filter(needs_coordinator=True),
        Kind.PAIRS: quiet.exclude(Exists(unseen)),
        Kind.SENT: sent.filter(expires_at__gt=now + ABOUT_TO_LAPSE),
    }


def applications(user: User) -> QuerySet[Sponsor]:
    """Sponsors of the coordinator's intergroups who wait for approval; never the coordinator themself."""
    return sponsors_for(user).filter(approved_at__isnull=True, user__is_active=True)


def _columns(kind: Kind, found: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """The same columns for each kind, so that the database can sort and page them together."""
    proposed = Offer.objects.filter(request=OuterRef("pk"), state=OfferState.PROPOSED)
    nobody = Cast(Value(None), models.UUIDField())
    never = Cast(Value(None), models.DateTimeField())
    offer = {"newcomer": F("request__member_id"), "sponsor": F("sponsor_id"), "office": F("request__intergroup_id")}
    review = {"key": F("pk"), "since": F("answered_at"), "until": F("request__decide_by"), **offer}
    sent = {"key": F("request_id"), "since": F("made_at"), "until": F("expires_at"), **offer}
    columns: dict[Kind, dict[str, Any]] = {
        Kind.REVIEW: {"holder": Value(str(Holder.COORDINATOR)), **review},
        Kind.LAPSING: {"holder": Value(str(Holder.SPONSOR)), **sent},
        Kind.SENT: {"holder": Value(str(Holder.SPONSOR)), **sent},
        Kind.WAITING: {
            "holder": Case(
                When(Q(needs_coordinator=True) & ~Exists(proposed), then=Value(str(Holder.COORDINATOR))),
                default=Value(str(Holder.NEWCOMER)),
            ),
            "key": F("pk"),
            "since": F("asked_at"),
            "until": F("decide_by"),
            "newcomer": F("member_id"),
            "sponsor": nobody,
            "office": F("intergroup_id"),
        },
        Kind.SPONSORS: {
            "holder": Value(str(Holder.COORDINATOR)),
            "key": F("pk"),
            "since": F("applied_at"),
            "until": never,
            "newcomer": nobody,
            "sponsor": F("pk"),
            "office": F("user__profile__intergroup_id"),
        },
        Kind.TALK: {
            "holder": Value(str(Holder.COORDINATOR)),
            "key": F("pk"),
            "since": F("answered_at"),
            "until": never,
            "newcomer": F("member_id"),
            "sponsor": nobody,
            "office": F("pairing__intergroup_id"),
        },
        Kind.BRIDGING: {
            "holder": Value(str(Holder.COORDINATOR)),
            "key": F("pk"),
            "since": F("asked_at"),
            "until": F("contact_by"),
            "newcomer": F("member_id"),
            "sponsor": F("volunteer_id"),
            "office": F("intergroup_id"),
        },
        Kind.PAIRS: {
            "holder": Value(str(Holder.BOTH)),
            "key": F("offer_id"),
            "since": F("quiet_at"),
            "until": never,
            "newcomer": F("sponsee_id"),
            "sponsor": F("sponsor_id"),
            "office": F("intergroup_id"),
        },
    }
    order = ("kind", "key", "holder", "since", "until", "newcomer", "sponsor", "office")
    chosen = {"kind": Value(str(kind)), **columns[kind]}
    # Prefixed, since an alias may not be the name of a field, and these tables share some names.
    annotated = found.order_by().annotate(**{f"row_{name}": chosen[name] for name in order})
    alike: QuerySet[Any, dict[str, Any]] = annotated.values(*(f"row_{name}" for name in order))
    return alike
