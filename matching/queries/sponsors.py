"""The sponsors of a coordinator's intergroups: who there is, how many seats they have, how they stand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Case, DurationField, ExpressionWrapper, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Sponsor, User
from accounts.models.intergroup import intergroups_coordinated_by


class Standing(models.TextChoices):
    """How a sponsor stands at present; the value stands in the address."""

    APPLIED = "applied", _("Waits for approval")
    READY = "ready", _("Has a free seat")
    FULL = "full", _("All seats taken")
    PAUSED = "paused", _("Paused")
    UNCONFIRMED = "unconfirmed", _("Not confirmed lately")
    AWAY = "away", _("Not active")


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
    """The sponsors whom a coordinator may see: of their intergroups, and never themself."""
    offices = intergroups_coordinated_by(user)
    return Sponsor.objects.filter(user__profile__intergroup__in=offices).exclude(pk=user.pk)


def listed(user: User, wanted: dict[str, Any]) -> QuerySet[Sponsor]:
    """The sponsors that a filter asks for, each with a ``standing``, profile, area and policy in the same query."""
    found = (
        sponsors_for(user)
        .annotate(standing=_standing())
        .select_related("user__profile__area", "user__profile__fellowship", "user__profile__intergroup__policy")
    )
    if wanted.get("q"):
        found = found.filter(user__profile__first_name__icontains=wanted["q"])
    if wanted.get("state"):
        found = found.filter(standing=wanted["state"])
    if wanted.get("language"):
        found = found.filter(user__profile__languages__contains=[wanted["language"]])
    if wanted.get("area"):
        found = found.filter(user__profile__area=wanted["area"])
    return found.order_by(*_ORDERS[Order(wanted.get("sort") or Order.WAITING)])


def checklist(sponsor: Sponsor) -> list[Check]:
    """What the intergroup asks of a would-be sponsor, as yes or no: never a date or a number of Steps."""
    profile = sponsor.user.profile
    fellowship, office = profile.fellowship, profile.intergroup
    began = profile.recovery_date or profile.program_since
    asked = 0 if fellowship is None else fellowship.minimum_days
    days = 0 if began is None else (clock.today(profile.zone) - began).days
    steps = 12 if office is None else office.policy.steps_needed
    return [
        Check(str(_("Has the time that the fellowship asks for")), days >= asked),
        Check(str(_("Has worked the Steps that you ask for")), sponsor.steps_worked >= steps),
        Check(str(_("Has a sponsor of their own")), sponsor.has_own_sponsor),
        Check(str(_("Has finished their profile")), profile.completed_at is not None),
    ]


def _standing() -> Case:
    """In the order in which the matching rules ask: a paused sponsor is paused first and full second."""
    now = clock.now()
    days = ExpressionWrapper(
        (F("user__profile__intergroup__policy__confirm_days") + 1) * Value(timedelta(days=1), DurationField()),
        output_field=DurationField(),
    )
    there = Func(F("user__profile__zone"), Value(now), function="timezone", output_field=models.DateTimeField())
    return Case(
        When(user__is_active=False, then=Value(str(Standing.AWAY))),
        When(approved_at__isnull=True, then=Value(str(Standing.APPLIED))),
        When(Q(paused_until__gt=Cast(there, models.DateField())), then=Value(str(Standing.PAUSED))),
        When(Q(confirmed_at__isnull=True) | ~Q(confirmed_at__gt=now - days), then=Value(str(Standing.UNCONFIRMED))),
        When(seats_taken__gte=F("seats"), then=Value(str(Standing.FULL))),
        default=Value(str(Standing.READY)),
        output_field=models.CharField(),
    )
