"""What can wait in an office: every kind of open thing, where its rows are, and who holds each of them.

Each open thing is one row of one kind. An offer with time left is with its sponsor and a decision that can be taken
back is with the clock: these are in good hands and listed apart from what needs somebody.
"""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Least
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from matching.models import Bridge, ChangeAsk, CheckInPlan, Offer, Pairing, ReviewQuestion, Round
from matching.queries import coordinate, sponsors
from matching.queries.roster import counts_for
from matching.queries.sponsors import Standing
from matching.states import HELD_OFFER, OfferState, RoundState

ABOUT_TO_LAPSE = timedelta(hours=6)


class Kind(models.TextChoices):
    """What a row is about; the value stands in the address."""

    REPORTS = "reports", _("Reported")
    REVIEW = "review", _("To review")
    WAITING = "waiting", _("Without an offer")
    LAPSING = "lapsing", _("About to lapse")
    TALK = "talk", _("Would like to talk")
    BRIDGING = "bridging", _("First contact is late")
    SPONSORS = "sponsors", _("To approve")
    ROSTER = "roster", _("To confirm")
    PAIRS = "pairs", _("Quiet pairs")
    ROUNDS = "rounds", _("Preview")
    DECIDED = "decided", _("Decided, can be taken back")
    SENT = "sent", _("A sponsor is asked")


GOOD_HANDS = (Kind.DECIDED, Kind.SENT)
"""Whatever a coordinator does or leaves, these go on by themselves."""

NEEDS_SOMEBODY = tuple(kind for kind in Kind if kind not in GOOD_HANDS)
"""Shown together."""


class Holder(models.TextChoices):
    """Who makes the next move; the value stands in the address."""

    COORDINATOR = "coordinator", _("Coordinators")
    NEWCOMER = "newcomer", _("The newcomer")
    SPONSOR = "sponsor", _("The sponsor")
    BOTH = "both", _("The two of them")
    CLOCK = "clock", _("The clock")


Columns = dict[str, Any]
COLUMNS = ("kind", "key", "holder", "since", "until", "newcomer", "sponsor", "office", "verdict")
NOBODY = Cast(Value(None), models.UUIDField())
NEVER = Cast(Value(None), models.DateTimeField())
OFFICE = Value(str(Holder.COORDINATOR))


def found(kind: Kind, user: User) -> QuerySet[Any, dict[str, Any]]:
    """The open things of a kind that a coordinator may see, in the same columns for each kind, so that the database can
    sort, count and page them together."""
    rows, columns = _SOURCES[kind](user)
    # A report's key is a number, the others' are not: as text they can stand in one column.
    chosen = {
        "kind": Value(str(kind)),
        "verdict": Value(""),
        **columns,
        "key": Cast(columns["key"], models.TextField()),
    }
    # Prefixed, since an alias may not be the name of a field, and these tables share some names.
    annotated = rows.order_by().annotate(**{f"row_{name}": chosen[name] for name in COLUMNS})
    alike: QuerySet[Any, dict[str, Any]] = annotated.values(*(f"row_{name}" for name in COLUMNS))
    return alike


Source = tuple[QuerySet[Any], Columns]


def _reports(user: User) -> Source:
    return coordinate.reports_for(user), {
        "holder": OFFICE,
        "key": F("pk"),
        "since": F("at"),
        "until": NEVER,
        "newcomer": F("by_id"),
        "sponsor": F("about_id"),
        "office": F("intergroup_id"),
    }


def _of_an_offer(**columns: Any) -> Columns:
    two = {"newcomer": F("request__member_id"), "sponsor": F("sponsor_id"), "office": F("request__intergroup_id")}
    return {**two, **columns}


def _review(user: User) -> Source:
    """Held by whom a question waits for; it can be decided all the same."""
    until = F("request__decide_by")
    asked = ReviewQuestion.objects.waiting().filter(offer=OuterRef("pk"))
    holder = Case(
        When(Exists(asked.filter(member=OuterRef("sponsor"))), then=Value(str(Holder.SPONSOR))),
        When(Exists(asked), then=Value(str(Holder.NEWCOMER))),
        default=OFFICE,
    )
    return coordinate.to_review(user), _of_an_offer(holder=holder, key=F("pk"), since=F("answered_at"), until=until)


def _decided(user: User) -> Source:
    return coordinate.decided(user), {
        "holder": Value(str(Holder.CLOCK)),
        "key": F("pk"),
        "since": F("at"),
        "until": F("due_at"),
        "newcomer": F("offer__request__member_id"),
        "sponsor": F("offer__sponsor_id"),
        "office": F("offer__request__intergroup_id"),
        "verdict": F("verdict"),
    }


def _waiting(user: User) -> Source:
    held = Offer.objects.filter(request=OuterRef("pk"), state__in=HELD_OFFER)
    proposed = Offer.objects.filter(request=OuterRef("pk"), state=OfferState.PROPOSED)
    waits: QuerySet[Any] = coordinate.requests_for(user).live().exclude(Exists(held))  # type: ignore[attr-defined]
    return waits, {
        "holder": Case(
            When(Q(needs_coordinator=True) & ~Exists(proposed), then=OFFICE), default=Value(str(Holder.NEWCOMER))
        ),
        "key": F("pk"),
        "since": F("asked_at"),
        "until": F("decide_by"),
        "newcomer": F("member_id"),
        "sponsor": NOBODY,
        "office": F("intergroup_id"),
    }


def _with_a_sponsor(user: User) -> Source:
    columns = _of_an_offer(
        holder=Value(str(Holder.SPONSOR)), key=F("request_id"), since=F("made_at"), until=F("expires_at")
    )
    return Offer.objects.for_coordinator(user).filter(state=OfferState.SENT), columns


def _lapsing(user: User) -> Source:
    rows, columns = _with_a_sponsor(user)
    return rows.filter(expires_at__lte=clock.now() + ABOUT_TO_LAPSE), columns


def _sent(user: User) -> Source:
    rows, columns = _with_a_sponsor(user)
    return rows.filter(expires_at__gt=clock.now() + ABOUT_TO_LAPSE), columns


def _talk(user: User) -> Source:
    return ChangeAsk.objects.waiting_for_office(user), {
        "holder": OFFICE,
        "key": F("pk"),
        "since": F("answered_at"),
        "until": NEVER,
        "newcomer": F("member_id"),
        "sponsor": NOBODY,
        "office": F("pairing__intergroup_id"),
    }


def _bridging(user: User) -> Source:
    late: QuerySet[Any] = Bridge.objects.for_coordinator(user).live().filter(needs_coordinator=True)
    return late, {
        "holder": OFFICE,
        "key": F("pk"),
        "since": F("asked_at"),
        "until": F("contact_by"),
        "newcomer": F("member_id"),
        "sponsor": F("volunteer_id"),
        "office": F("intergroup_id"),
    }


def _of_a_sponsor(**columns: Any) -> Columns:
    alone = {"key": F("pk"), "newcomer": NOBODY, "sponsor": F("pk"), "office": F("user__profile__intergroup_id")}
    return {**alone, **columns}


def _sponsors(user: User) -> Source:
    return coordinate.applications(user), _of_a_sponsor(holder=OFFICE, since=F("applied_at"), until=NEVER)


def _roster(user: User) -> Source:
    """Who is silent: the clock still asks them, or has paused them and leaves them to the office.

    Since when: the yes ended to count, or the clock paused them while it still did; a change of theirs comes after.
    """
    ended = Coalesce(F("confirmed_at") + counts_for(), F("approved_at"))
    rests = Q(standing=Standing.RESTING)
    return sponsors.silent(user), _of_a_sponsor(
        holder=Case(When(rests, then=OFFICE), default=Value(str(Holder.SPONSOR))),
        since=Case(When(rests, then=Least(ended, F("changed_at"))), default=ended),
        until=Case(When(rests, then=NEVER), default=F("ask_next_at")),
    )


def _pairs(user: User) -> Source:
    unseen = CheckInPlan.objects.filter(pairing=OuterRef("pk"), flag_quiet=False)
    quiet = Pairing.objects.for_coordinator(user).filter(quiet_at__isnull=False).exclude(Exists(unseen))
    return quiet, {
        "holder": Value(str(Holder.BOTH)),
        "key": F("offer_id"),
        "since": F("quiet_at"),
        "until": NEVER,
        "newcomer": F("sponsee_id"),
        "sponsor": F("sponsor_id"),
        "office": F("intergroup_id"),
    }


def _rounds(user: User) -> Source:
    return Round.objects.for_coordinator(user).filter(state=RoundState.PREVIEW), {
        "holder": OFFICE,
        "key": F("pk"),
        "since": F("verified_at"),
        "until": NEVER,
        "newcomer": NOBODY,
        "sponsor": NOBODY,
        "office": F("intergroup_id"),
    }


_SOURCES = {
    Kind.REPORTS: _reports,
    Kind.REVIEW: _review,
    Kind.WAITING: _waiting,
    Kind.LAPSING: _lapsing,
    Kind.TALK: _talk,
    Kind.BRIDGING: _bridging,
    Kind.SPONSORS: _sponsors,
    Kind.ROSTER: _roster,
    Kind.PAIRS: _pairs,
    Kind.ROUNDS: _rounds,
    Kind.DECIDED: _decided,
    Kind.SENT: _sent,
}
