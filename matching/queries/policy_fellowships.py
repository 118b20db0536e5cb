"""What it would mean today to serve other fellowships, or to ask another time of those who sponsor."""

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from accounts import clock
from accounts.models import Fellowship, Intergroup, Policy, Profile, Sponsor
from matching.models import SponsorRequest
from matching.queries.rounds import WhatIf, what_if


@dataclass(frozen=True)
class Asked:
    """A fellowship of which another time is asked: how many approved sponsors have it, before and after."""

    name: str
    days_before: int
    days_after: int
    sponsors_before: int
    sponsors_after: int


@dataclass(frozen=True)
class Left:
    """A fellowship that would be served no more, with those of it who are here and who wait."""

    name: str
    members: int
    waiting: int


@dataclass(frozen=True)
class Outlook:
    """Today's queue under other fellowships. ``round_``: what a round would find; empty when the times stay."""

    asked: list[Asked]
    left: list[Left]
    new: list[str]
    round_before: WhatIf | None
    round_after: WhatIf | None


def outlook(policy: Policy, *, served: Collection[str], minimum_days: Mapping[str, int]) -> Outlook:
    """Ask what these fellowships, by code, and these times would change; nothing is written."""
    office, tried = policy.intergroup, copy(policy)
    tried.minimum_days = dict(minimum_days)
    fellowships, before = list(Fellowship.objects.all()), set(office.fellowships.values_list("code", flat=True))
    moved = [one for one in fellowships if policy.minimum_days_in(one) != tried.minimum_days_in(one)]
    return Outlook(
        asked=_asked(policy, tried, moved),
        left=_left(office, [one for one in fellowships if one.code in before - set(served)]),
        new=[str(one) for one in fellowships if one.code in set(served) - before],
        round_before=what_if(office, {}) if moved else None,
        round_after=what_if(office, {}, tried=tried) if moved else None,
    )


def _asked(policy: Policy, tried: Policy, moved: list[Fellowship]) -> list[Asked]:
    if not moved:
        return []
    today, counts = clock.today(policy.intergroup.zone), {}
    for one in moved:
        for when, rules in (("before", policy), ("after", tried)):
            since = today - timedelta(days=rules.minimum_days_in(one))
            asked = Q(user__profile__fellowship=one, began__lte=since)
            if not rules.minimum_days_in(one):
                asked = Q(user__profile__fellowship=one)
            counts[f"{when}_{one.pk}"] = Count("pk", filter=asked)
    approved = Sponsor.objects.filter(
        user__profile__intergroup=policy.intergroup, user__is_active=True, approved_at__isnull=False
    ).annotate(began=Coalesce("user__profile__recovery_date", "user__profile__program_since"))
    found = approved.aggregate(**counts)
    return [
        Asked(
            str(one),
            policy.minimum_days_in(one),
            tried.minimum_days_in(one),
            found[f"before_{one.pk}"],
            found[f"after_{one.pk}"],
        )
        for one in moved
    ]


def _left(office: Intergroup, gone: list[Fellowship]) -> list[Left]:
    if not gone:
        return []
    members = Profile.objects.filter(intergroup=office, fellowship__in=gone, user__is_active=True)
    here = dict(members.values_list("fellowship").annotate(Count("pk")).order_by())
    waiting = SponsorRequest.objects.live().filter(intergroup=office, fellowship__in=gone)
    waits = dict(waiting.values_list("fellowship").annotate(Count("pk")).order_by())
    return [Left(str(one), here.get(one.pk, 0), waits.get(one.pk, 0)) for one in gone]
