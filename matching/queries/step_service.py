"""A member's Twelfth-Step service: the entries, the last twelve months, and their line of sponsorship."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import Profile, User
from matching.models import Pairing, ServiceEntry, ServiceKind

MONTHS = 12


@dataclass(frozen=True)
class Month:
    """The first of a month, how many pieces of service fell into it, and how many of them were talks."""

    first: date
    count: int
    talks: int


@dataclass(frozen=True)
class SponsorshipLine:
    """The names of whoever sponsors a member at present, and of those whom they sponsor, the longest together first."""

    sponsors: list[str]
    sponsees: list[str]


def line_of(member: User) -> SponsorshipLine:
    """One generation up and one down: who is further away is nobody's to tell but theirs."""
    names = [f"{side}__profile__{part}" for side in ("sponsor", "sponsee") for part in ("first_name", "initial")]
    found = Pairing.objects.of(member).live().order_by("began_at", "pk").values_list("sponsee_id", *names)
    line = SponsorshipLine([], [])
    for sponsee_id, first, initial, second, second_initial in found:
        if sponsee_id == member.pk:
            line.sponsors.append(Profile(first_name=first, initial=initial).display_name)
        else:
            line.sponsees.append(Profile(first_name=second, initial=second_initial).display_name)
    return line


def entries_of(member: User) -> QuerySet[ServiceEntry]:
    """The member's entries, newest first."""
    return ServiceEntry.objects.of(member).order_by("-on", "-at", "pk")


def first_of_year(today: date, months: int = 0) -> date:
    """The first day of the twelve months that end with the current one, or of the month so many months later."""
    month = today.year * 12 + today.month - MONTHS + months
    return date(month // 12, month % 12 + 1, 1)


def last_year(member: User, today: date) -> list[Month]:
    """The twelve months that end with the current one in the member's zone, oldest first, empty ones included."""
    firsts = [first_of_year(today, months) for months in range(MONTHS)]
    counted = (
        ServiceEntry.objects.of(member)
        .filter(on__gte=firsts[0], on__lte=today)
        .annotate(month=TruncMonth("on"))
        .order_by("month")
        .values("month")
        .annotate(count=Count("pk"), talks=Count("pk", filter=Q(kind=ServiceKind.CONTACT)))
        .values_list("month", "count", "talks")
    )
    found = {first: Month(first, count, talks) for first, count, talks in counted}
    return [found.get(first, Month(first, 0, 0)) for first in firsts]
