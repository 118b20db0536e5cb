"""How often a pair is asked whether the two have talked, and what became of a long silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.models import User
from matching import office_words, tokens
from matching.cadence import at_hour, pace, silence_after
from matching.models import MAIL, ChangeAsk, CheckInPlan, NoticeKind, Pairing, PushAddress, UnwantedNotice
from matching.models.digest import by_the_week

LIFE = tokens.LIFE
"""How long the question that follows a silence is open."""

A_WEEK = timedelta(days=7)


def untold() -> Q:
    """Whether nothing tells the member of a plan that there is a question: mails are off, and no device is told."""
    off = UnwantedNotice.objects.filter(member=OuterRef("member"), kind=NoticeKind.CHECK_INS)
    device = PushAddress.objects.filter(member=OuterRef("member"))
    pushed = Q(Exists(device)) & ~Q(Exists(off.exclude(channel=MAIL)))
    return Q(Exists(off.filter(channel=MAIL))) & ~pushed


def asked_singly() -> Q:
    """Plans whose every question is told of by itself. Of the others nobody can say that they left one unanswered."""
    return ~untold() & ~Q(by_the_week())


@dataclass(frozen=True, slots=True)
class Asking:
    """How long a pair may be without contact before it counts as quiet, ``wait``; None while neither is asked, and then
    ``resumes`` is when the first pause of the two ends, in UTC, if one does."""

    wait: timedelta | None
    resumes: datetime | None = None


def asking_of(pairings: Iterable[Pairing], now: datetime) -> dict[UUID, Asking]:
    """How each of these pairs is asked at present, in one query.

    The one of the two who is asked more often decides. Whoever chose no questions, pauses, is suspended or hears of
    none is not asked: their silence says nothing. One letter a week is a question a week at most.
    """
    found = list(pairings)
    plans: dict[UUID, list[CheckInPlan]] = {one.pk: [] for one in found}
    rows = CheckInPlan.objects.filter(pairing__in=plans, member__is_active=True)
    rows = rows.annotate(
        weekly=by_the_week(), unmailed=ExpressionWrapper(untold(), output_field=BooleanField())
    ).select_related("member__profile")
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


def open_asks(member: User, now: datetime) -> QuerySet[ChangeAsk, Any]:
    """For a query of pairings to annotate: the id of this member's question while its link is good and nothing was
    answered to it; what the other said changes nothing here."""
    asked = ChangeAsk.objects.of(member).filter(pairing=OuterRef("pk"), answer="", asked_at__gt=now - LIFE)
    return asked.values("pk")[:1]


def last_contact(pairing_of: UUID, now: datetime) -> str:
    """When the pair that an offer brought together last told of a contact, as a coordinator may know it: a span in
    words. Empty for a pair that has ended, and when one of the two keeps it to themself."""
    pairing = Pairing.objects.live().filter(~Exists(kept_to_themselves()), offer=pairing_of).first()
    return "" if pairing is None else contact_span(pairing, now)


def kept_to_themselves() -> QuerySet[CheckInPlan]:
    """For a query of pairings: one of the two keeps their silence, and with it their contact, to themself."""
    return CheckInPlan.objects.filter(pairing=OuterRef("pk"), flag_quiet=False)


def contact_span(pairing: Pairing, now: datetime) -> str:
    """When a pair last told of a contact, as a span in words."""
    if pairing.contact_at is None:
        return str(office_words.NO_CONTACT)
    days = (now - pairing.contact_at).days
    return next(str(words) for most, words in office_words.CONTACT_SPANS if most is None or days <= most)


def wishes_for(user: User) -> QuerySet[ChangeAsk]:
    """The wishes to talk that a coordinator may open, each with the member, how to reach them, and the offer that
    brought the pair together."""
    wishes = ChangeAsk.objects.waiting_for_office(user)
    return wishes.select_related("member__profile", "member__contact", "pairing")
