"""How often a pair is asked whether the two have talked, and what became of a long silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q

from matching.cadence import at_hour, pace, silence_after
from matching.models import ChangeAsk, CheckInPlan, Digest, NoticeKind, Pairing, UnwantedNotice

A_WEEK = timedelta(days=7)


def without_mails() -> Exists:
    """Whether the member of a plan has switched off the mails about questions: these then wait on the page alone."""
    return Exists(UnwantedNotice.objects.filter(member=OuterRef("member"), kind=NoticeKind.CHECK_INS))


def by_the_week() -> Exists:
    """Whether the questions of a plan, or a check-in, come in one letter a week: its member is the sponsor and chose
    so."""
    weekly = Digest.objects.filter(member=OuterRef("member"))
    return Exists(weekly.filter(member=OuterRef("pairing__sponsor")))


def asked_singly() -> Q:
    """Plans whose every question is mailed by itself. Of the others nobody can say that they left one unanswered."""
    return ~Q(without_mails()) & ~Q(by_the_week())


@dataclass(frozen=True, slots=True)
class Asking:
    """How long a pair may be without contact before it counts as quiet, ``wait``; None while neither is asked, and then
    ``resumes`` is when the first pause of the two ends, in UTC, if one does."""

    wait: timedelta | None
    resumes: datetime | None = None


def asking_of(pairings: Iterable[Pairing], now: datetime) -> dict[UUID, Asking]:
    """How each of these pairs is asked at present, in one query.

    The one of the two who is asked more often decides. Whoever chose no questions, pauses, is suspended or switched
    their mails off is not asked: their silence says nothing. One letter a week is a question a week at most.
    """
    found = list(pairings)
    plans: dict[UUID, list[CheckInPlan]] = {one.pk: [] for one in found}
    rows = CheckInPlan.objects.filter(pairing__in=plans, member__is_active=True)
    rows = rows.annotate(weekly=by_the_week(), unmailed=without_mails()).select_related("member__profile")
    for plan in rows:
        plans[plan.pairing_id].append(plan)
    return {one.pk: _asking(one, plans[one.pk], now) for one in found}


def _asking(pairing: Pairing, plans: list[CheckInPlan], now: datetime) -> Asking:
    wait = silence_after(_pace(pairing, plan, now) for plan in plans)
    if wait is not None:
        return Asking(wait)
    ends = (at_hour(plan.paused_until, 0, _zone(plan)) for plan in plans if _pauses(plan, now) and plan.paused_until)
    return Asking(None, min(ends, default=None))


def _pace(pairing: Pairing, plan: CheckInPlan, now: datetime) -> timedelta | None:
    if plan.unmailed or _pauses(plan, now):  # type: ignore[attr-defined]
        return None
    days = (_today(plan, now) - pairing.began_at.astimezone(ZoneInfo(_zone(plan))).date()).days
    usual = pace(plan.cadence, max(days, 0), plan.unanswered)
    weekly = plan.weekly  # type: ignore[attr-defined]
    return max(usual, A_WEEK) if weekly and usual is not None else usual


def _pauses(plan: CheckInPlan, now: datetime) -> bool:
    return plan.paused_until is not None and plan.paused_until > _today(plan, now)


def _today(plan: CheckInPlan, now: datetime) -> date:
    return now.astimezone(ZoneInfo(_zone(plan))).date()


def _zone(plan: CheckInPlan) -> str:
    return plan.member.profile.zone


def find_ask(pk: UUID) -> ChangeAsk | None:
    """The question to an active member, as its link shows it."""
    return ChangeAsk.objects.select_related("pairing", "member").filter(pk=pk, member__is_active=True).first()


def open_ask(pairing: Pairing, member_id: UUID, since: datetime) -> ChangeAsk | None:
    """This member's newest question of a pairing, while nothing was answered to it; what the other said changes
    nothing here."""
    asked = ChangeAsk.objects.filter(pairing=pairing, member=member_id, asked_at__gte=since).order_by("-asked_at")
    newest = asked.first()
    return newest if newest is not None and not newest.answer else None


def last_well(pairing: Pairing) -> datetime | None:
    """When either last said that all is well."""
    well = ChangeAsk.objects.filter(pairing=pairing, answer="well").order_by(F("answered_at").desc())
    return well.values_list("answered_at", flat=True).first()
