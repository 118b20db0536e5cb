"""Database rows -> the engine's people. The one place that knows both."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Avg, Case, FloatField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast

from accounts.models import Profile, Week
from matching import engine
from matching.models import Offer, SponsorRequest
from matching.states import OfferState

ANSWERED = (OfferState.IN_REVIEW, OfferState.PAIRED, OfferState.DECLINED, OfferState.REJECTED)
"""The sponsor said yes or no in time; the triggers of the log of changes count the same states."""


class Row(NamedTuple):
    """What is read of a member: each name is the path from a profile. The sponsor's side is None where there is none.

    A column that is added here needs its place in the triggers of ``matching_rosterchange`` as well. Of the moments of
    ``WHETHER`` a query tells only whether they are there: a moment takes longer to read than most other things.
    """

    user_id: UUID
    fellowship_id: int | None
    user__is_active: bool
    completed_at: datetime | bool | None
    gender: str
    comfortable_with: list[str]
    languages: list[str]
    modes: list[str]
    week: Week | str
    zone: str
    needs: list[str]
    can_meet: list[str]
    area_id: int | None
    area__latitude: float | None
    area__longitude: float | None
    max_km: int | None
    home_group_id: int | None
    approach: str
    experiences: list[str]
    recovery_date: date | None
    program_since: date | None
    user__sponsor__approved_at: datetime | bool | None
    user__sponsor__confirmed_at: datetime | None
    user__sponsor__paused_until: date | None
    user__sponsor__has_own_sponsor: bool | None
    user__sponsor__steps_worked: int | None
    user__sponsor__seats: int | None
    user__sponsor__seats_taken: int | None
    user__sponsor__last_offer_at: datetime | None
    answered_in_time: float | None


WHETHER = ("completed_at", "user__sponsor__approved_at")


def profiles() -> QuerySet[Profile]:
    """Profiles with everything :func:`person` reads, in one query."""
    counted = Offer.objects.filter(sponsor=OuterRef("pk"), state__in=[*ANSWERED, OfferState.EXPIRED])
    answered = Cast(Case(When(state__in=ANSWERED, then=Value(1)), default=Value(0)), FloatField())
    share = counted.order_by().values("sponsor").annotate(share=Avg(answered)).values("share")
    return Profile.objects.select_related("user", "user__sponsor", "area").annotate(answered_in_time=Subquery(share))


def sponsors_of(intergroup_id: int) -> QuerySet[Profile]:
    """Profiles of everybody who sponsors in an intergroup, as :func:`person` reads them."""
    return profiles().filter(intergroup=intergroup_id, user__sponsor__isnull=False)


def sponsor_profiles(request: SponsorRequest) -> QuerySet[Profile]:
    """Profiles of everybody who sponsors in the request's intergroup and fellowship, as :func:`person` reads them."""
    return sponsors_of(request.intergroup_id).filter(fellowship=request.fellowship_id)


def sql_of(profiles: QuerySet[Profile]) -> tuple[str, tuple[Any, ...]]:
    """The rows that a query of :func:`profiles` tells of as SQL, its columns those of :class:`Row`, and its values."""
    columns: list[Any] = [Q((f"{name}__isnull", False)) if name in WHETHER else name for name in Row._fields]
    return profiles.values_list(*columns).query.sql_with_params()


def person(profile: Profile, *, waiting_since: datetime | None = None) -> engine.Person:
    """One member as the engine sees them.

    ``profile`` comes from :func:`profiles`; from elsewhere it will do, save that how offers were answered is unknown.
    """
    return person_in(Row(*(_walk(profile, path) for path in Row._fields)), waiting_since=waiting_since)


def person_in(row: Row, *, waiting_since: datetime | None = None) -> engine.Person:
    """The member whom a row tells of. Dates and moments are kept as such, so that the result never goes stale."""
    return engine.Person(
        id=row.user_id,
        fellowship=row.fellowship_id or 0,
        active=row.user__is_active and bool(row.completed_at),
        gender=row.gender,
        comfortable_with=_set(row.comfortable_with),
        languages=_set(row.languages),
        modes=_set(row.modes),
        week=row.week.bits if isinstance(row.week, Week) else int(row.week[::-1], 2),
        zone=row.zone,
        needs=_set(row.needs),
        can_meet=_set(row.can_meet),
        area=row.area_id,
        latitude=row.area__latitude,
        longitude=row.area__longitude,
        max_km=None if row.max_km is None else float(row.max_km),
        home_group=row.home_group_id,
        approach=row.approach,
        experiences=tuple(row.experiences),
        recovery_since=row.recovery_date or row.program_since,
        waiting_since=waiting_since,
        is_sponsor=row.user__sponsor__seats is not None,
        approved=bool(row.user__sponsor__approved_at),
        confirmed_at=row.user__sponsor__confirmed_at,
        paused_until=row.user__sponsor__paused_until,
        has_sponsor=bool(row.user__sponsor__has_own_sponsor),
        steps_worked=row.user__sponsor__steps_worked or 0,
        seats=row.user__sponsor__seats or 0,
        seats_taken=row.user__sponsor__seats_taken or 0,
        answered_in_time=row.answered_in_time,
        last_offer_at=row.user__sponsor__last_offer_at,
    )


def _walk(start: object, path: str) -> Any:
    """Follow a path; where it breaks off there is nothing."""
    for name in path.split("__"):
        start = getattr(start, name, None)
    return start


def _set(words: Iterable[str]) -> frozenset[str]:
    return _one_of(tuple(words))


@lru_cache(maxsize=4096)
def _one_of(words: tuple[str, ...]) -> frozenset[str]:
    """Few different sets for many people."""
    return frozenset(words)
