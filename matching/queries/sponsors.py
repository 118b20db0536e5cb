"""The sponsors of a coordinator's intergroups: who there is, how many seats they have, how they stand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import formats
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import PauseReason, Policy, Sponsor, User
from matching.models.care import apart, far_from, in_care
from matching.queries.name_search import named_like
from matching.queries.roster import counts_for, counts_until, days, pausing, runs_out

A_DAY = timedelta(days=1)
RESTS = (PauseReason.UNCONFIRMED, PauseReason.UNANSWERED)
"""The pauses that the clock made."""


class Standing(models.TextChoices):
    """How a sponsor stands at present; the value stands in the address."""

    APPLIED = "applied", _("Waits for approval")
    DECLINED = "declined", _("Not approved")
    READY = "ready", _("Has a free seat")
    FULL = "full", _("All seats taken")
    PAUSED = "paused", _("Paused")
    RESTING = "resting", _("Paused, as nothing was heard")
    BACK = "back", _("Stepped back")
    UNCONFIRMED = "unconfirmed", _("Not confirmed lately")
    AWAY = "away", _("Not active")


class Load(models.TextChoices):
    """How much a sponsor has taken on."""

    NOBODY = "nobody", _("Sponsors nobody here")
    SOME = "some", _("Some seats taken")
    FULL = "full", _("All seats taken")


_LOADS = {
    Load.NOBODY: Q(seats_taken=0),
    Load.SOME: Q(seats_taken__gt=0, seats_taken__lt=F("seats")),
    Load.FULL: Q(seats_taken__gte=F("seats")),
}


class Order(models.TextChoices):
    """How the list is sorted."""

    WAITING = "waiting", _("Longest here first")
    NAME = "name", _("By name")
    FREE = "free", _("Most free seats first")
    LOAD = "load", _("Fullest first")


_ORDERS: dict[Order, list[Any]] = {
    Order.WAITING: ["applied_at", "pk"],
    Order.NAME: ["user__profile__first_name", "user__profile__initial", "pk"],
    Order.FREE: [(F("seats") - F("seats_taken")).desc(), "applied_at", "pk"],
    Order.LOAD: [(Cast(F("seats_taken"), FloatField()) / F("seats")).desc(), "applied_at", "pk"],
}


@dataclass(frozen=True)
class Check:
    """One thing the intergroup asks of a sponsor before approval, and whether it is so."""

    words: str
    met: bool


def sponsors_for(user: User) -> QuerySet[Sponsor]:
    """The sponsors whom a coordinator may see: of their intergroups, and never themself or who is nearest to them."""
    return Sponsor.objects.filter(in_care(user, "user__profile__intergroup"), far_from(user, "user"))


def listed(user: User, wanted: dict[str, Any], word: str = "") -> QuerySet[Sponsor]:
    """The sponsors that a filter and a name ask for, each with a ``standing``, profile, area and policy in the same
    query; ``opens`` tells whether the reader may open their page."""
    found = with_standing(sponsors_for(user)).filter(profile_filter(wanted, "user__profile__"))
    found = found.annotate(opens=ExpressionWrapper(~apart(user, "user"), BooleanField()))
    if wanted.get("state"):
        found = found.filter(standing=wanted["state"])
    if wanted.get("load"):
        found = found.filter(_LOADS[Load(wanted["load"])])
    found = found.order_by(*_ORDERS[Order(wanted.get("sort") or Order.WAITING)])
    return named_like(found, word, "user__profile__")


def profile_filter(wanted: dict[str, Any], path: str = "") -> Q:
    """What a filter of the lists of people asks of their profiles; ``path`` leads to them, with "__" at its end."""
    asked = Q()
    for name in ("area", "gender"):
        if wanted.get(name):
            asked &= Q(**{f"{path}{name}": wanted[name]})
    for name, column in (("language", "languages"), ("mode", "modes")):
        if wanted.get(name):
            asked &= Q(**{f"{path}{column}__contains": [wanted[name]]})
    if wanted.get("office"):
        asked &= Q(**{f"{path}intergroup__slug": wanted["office"]})
    return asked


def with_standing(rows: QuerySet[Sponsor]) -> QuerySet[Any]:
    """Sponsors with the ``standing`` of each, and with what :func:`checklist` and :func:`standing_notes` read."""
    related = ("user__profile__area", "user__profile__fellowship", "user__profile__intergroup__policy")
    return rows.annotate(standing=_standing()).select_related(*related)


def silent(user: User) -> QuerySet[Sponsor]:
    """The sponsors whom a coordinator may see whose yes counts no more, or whom the clock has paused for silence."""
    silence = [Standing.RESTING, Standing.UNCONFIRMED]
    perhaps = sponsors_for(user).filter(_perhaps_silent())
    return perhaps.annotate(standing=_standing()).filter(standing__in=silence)


def _perhaps_silent() -> Q:
    """Everybody with one of these standings and some more, by the sponsor's own row: so the database looks at the
    profiles and accounts of few. No calendar is more than a day behind the UTC one."""
    now = clock.now()
    shortest = Policy.objects.order_by("confirm_days").values("confirm_days")[:1]
    oldest = now - days(Subquery(shortest)) - A_DAY
    pauses = Q(paused_until__gte=Cast(Value(now - A_DAY), DateField()))
    unheard = Q(confirmed_at__isnull=True) | Q(confirmed_at__lte=oldest) | pauses
    return Q(unheard, approved_at__isnull=False, declined_at__isnull=True)


def checklist(sponsor: Sponsor) -> list[Check]:
    """What the intergroup asks of a would-be sponsor, as yes or no: never a date or a number of Steps."""
    profile = sponsor.user.profile
    fellowship, office = profile.fellowship, profile.intergroup
    began = profile.recovery_date or profile.program_since
    asked = 0 if fellowship is None or office is None else office.policy.minimum_days_in(fellowship)
    days = 0 if began is None else (clock.today(profile.zone) - began).days
    steps = 12 if office is None else office.policy.steps_needed
    return [
        Check(str(_("Has the time that the fellowship asks for")), days >= asked),
        Check(str(_("Has worked the Steps that you ask for")), sponsor.steps_worked >= steps),
        Check(str(_("Has a sponsor of their own")), sponsor.has_own_sponsor),
        Check(str(_("Has finished their profile")), profile.completed_at is not None),
    ]


def standing_notes(sponsor: Sponsor, standing: Standing) -> list[str]:
    """What a coordinator may know beside the standing: until when a yes counts, how often they were asked, and why the
    clock paused them; never why they paused themself."""
    until = counts_until(sponsor)
    if standing == Standing.PAUSED and sponsor.pause_reason == PauseReason.OFFICE and sponsor.paused_until:
        return [
            gettext("By the office, until %(day)s.") % {"day": formats.date_format(sponsor.paused_until, "DATE_FORMAT")}
        ]
    if standing == Standing.RESTING:
        return [str(PauseReason(sponsor.pause_reason).label)]
    if standing not in (Standing.READY, Standing.FULL, Standing.UNCONFIRMED):
        return []
    if until is None or not runs_out(sponsor, until, clock.now()):
        return []
    day = formats.date_format(until.astimezone(ZoneInfo(sponsor.user.profile.zone)), "DATE_FORMAT")
    if standing == Standing.UNCONFIRMED:
        notes = [gettext("Their yes counted until %(day)s.") % {"day": day}]
    else:
        notes = [gettext("Must say yes again by %(day)s.") % {"day": day}]
    if sponsor.asks:
        asked = ngettext("Asked %(count)d time.", "Asked %(count)d times.", sponsor.asks)
        notes.append(asked % {"count": sponsor.asks})
    return notes


def _standing() -> Case:
    """In the order in which the matching rules ask: a paused sponsor is paused first and full second."""
    now = clock.now()
    # The day on which a yes ends to count still counts in full.
    oldest = now - counts_for() - A_DAY
    return Case(
        When(user__is_active=False, then=Value(str(Standing.AWAY))),
        When(declined_at__isnull=False, then=Value(str(Standing.DECLINED))),
        When(approved_at__isnull=True, then=Value(str(Standing.APPLIED))),
        When(pausing(now) & Q(pause_reason=PauseReason.STEPPED_BACK), then=Value(str(Standing.BACK))),
        When(pausing(now) & Q(pause_reason__in=RESTS), then=Value(str(Standing.RESTING))),
        When(pausing(now), then=Value(str(Standing.PAUSED))),
        When(Q(confirmed_at__isnull=True) | ~Q(confirmed_at__gt=oldest), then=Value(str(Standing.UNCONFIRMED))),
        When(seats_taken__gte=F("seats"), then=Value(str(Standing.FULL))),
        default=Value(str(Standing.READY)),
        output_field=models.CharField(),
    )
