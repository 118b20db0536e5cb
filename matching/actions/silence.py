"""Silence: a pair that nobody heard of counts as quiet; later each of the two is asked what they would like.

Contact and the tick meet at the pairing's row: both lock it before anything else, and pairings before plans. What is
written is written on condition that it still is as it was read.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.outbox import post
from matching.cadence import LEAST_SILENCE, at_hour
from matching.models import Answer, ChangeAnswer, ChangeAsk, CheckIn, CheckInPlan, Pairing
from matching.queries.coordinators import serving
from matching.queries.hours import letter_time
from matching.queries.silence import Asking, asking_of
from matching.states import LIVE_PAIRING

BATCH = 200
AGAIN = timedelta(days=7)
AFTER_TROUBLE = timedelta(hours=1)
STAMP = "%Y%m%d%H%M%S%f"

log = logging.getLogger(__name__)


def watch() -> int:
    """Look at every pair whose time has come; return at how many. Any number of ticks may run at once."""
    looked = 0
    while batch := _watch_batch():
        looked += batch
    return looked


@transaction.atomic
def _watch_batch() -> int:
    now = clock.now()
    due = Pairing.objects.live().filter(look_at__lte=now).order_by("look_at")
    pairings = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH])
    askings = _askings(pairings, now)
    for pairing in pairings:
        try:
            with transaction.atomic():
                _look(pairing, askings[pairing.pk], now)
        except Exception as error:  # one that can't be looked at must not hold up the others; no content is told
            log.error("pairing %s can't be looked at: %s", pairing.pk, type(error).__name__)
            Pairing.objects.filter(pk=pairing.pk).update(look_at=now + AFTER_TROUBLE)
    return len(pairings)


def _askings(pairings: list[Pairing], now: datetime) -> dict[UUID, Asking]:
    """For all at once; should one of them be beyond reading, for each alone, and that one is left out."""
    try:
        return asking_of(pairings, now)
    except Exception:
        if len(pairings) <= 1:
            return {}
        return {pk: asking for one in pairings for pk, asking in _askings([one], now).items()}


def _look(pairing: Pairing, asking: Asking, now: datetime) -> None:
    if asking.wait is None:
        # Nobody is asked, so nobody is silent: it is counted anew from when somebody is asked again.
        again = asking.resumes or now + AGAIN
        _write(pairing, count_from=None, quiet_at=None, change_asked_at=None, look_at=again)
    elif pairing.count_from is None:
        _write(pairing, count_from=now, look_at=now + asking.wait)
    elif pairing.quiet_at is None:
        heard = max(pairing.count_from, pairing.contact_at or pairing.count_from)
        _flag(pairing, heard + asking.wait, asking.wait, now)
    elif pairing.change_asked_at is None:
        _ask_both(pairing, pairing.quiet_at, pairing.quiet_at + asking.wait, now)
    else:
        _write(pairing, look_at=None)


def _write(pairing: Pairing, **values: datetime | None) -> bool:
    """Write on condition that neither a contact nor the end came in between."""
    same = {"contact_at": pairing.contact_at, "quiet_at": pairing.quiet_at, "change_asked_at": pairing.change_asked_at}
    return bool(Pairing.objects.live().filter(pk=pairing.pk, **same).update(**values))


def _flag(pairing: Pairing, due: datetime, wait: timedelta, now: datetime) -> None:
    if due > now:
        _write(pairing, look_at=due)
    elif _write(pairing, quiet_at=now, look_at=now + wait):
        record(None, "pairing.quiet", pairing, intergroup_id=pairing.intergroup_id)


def _ask_both(pairing: Pairing, silence: datetime, due: datetime, now: datetime) -> None:
    """As long again after the flag, so that after an outage too there is time between the two."""
    if due > now:
        _write(pairing, look_at=due)
        return
    if not _write(pairing, change_asked_at=now, look_at=None):
        return
    plans = CheckInPlan.objects.filter(pairing=pairing, member__is_active=True).select_related("member__profile")
    for plan in plans.order_by("pk"):
        _ask(plan, silence, now)
    record(None, "pairing.change_asked", pairing, intergroup_id=pairing.intergroup_id)


def _ask(plan: CheckInPlan, silence: datetime, now: datetime) -> None:
    """Ask one of the two; whoever wants to be asked nothing before a day gets the letter on that day."""
    back = at_hour(plan.paused_until, 0, plan.member.profile.zone) if plan.paused_until else now
    start, left = letter_time(plan.member_id, max(now, back))
    ask, _ = ChangeAsk.objects.get_or_create(
        pairing_id=plan.pairing_id, member_id=plan.member_id, silence=silence, defaults={"asked_at": start}
    )
    key = f"would_you_change:{plan.pairing_id}:{silence:{STAMP}}:{plan.member_id}"
    post("would_you_change", plan.member_id, key=key, send_after=start, grace=left, ask=ask.pk)


def heard(checkin: CheckIn, *, before: str) -> None:
    """Take an answer into account whose pairing is locked: "We talked" ends a silence, whichever of the two says it.

    A correction, ``before`` being the answer it replaces, brings back the contact told of before. Any other answer may
    change how often they are asked, so the tick looks again.
    """
    pairing = checkin.pairing
    if checkin.answer == Answer.TALKED and checkin.answered_at is not None:
        _silence_ends(pairing, contact_at=checkin.answered_at)
        return
    look_at = clock.now() if pairing.is_live else None
    if before == Answer.TALKED:
        talked = CheckIn.objects.filter(pairing=pairing, answer=Answer.TALKED)
        contact = talked.aggregate(at=Max("answered_at"))["at"]
        Pairing.objects.filter(pk=pairing.pk).update(contact_at=contact, look_at=look_at)
    else:
        Pairing.objects.filter(pk=pairing.pk).update(look_at=look_at)


def _silence_ends(pairing: Pairing, **values: datetime) -> None:
    look_at = clock.now() + LEAST_SILENCE if pairing.is_live else None
    Pairing.objects.filter(pk=pairing.pk).update(quiet_at=None, change_asked_at=None, look_at=look_at, **values)


def look_again(member_id: UUID) -> None:
    """A member changed how they are asked: have the tick look at their pairs."""
    mine = Pairing.objects.of(User(pk=member_id)).live().order_by("pk")
    ids = [one.pk for one in mine.select_for_update(no_key=True)]
    Pairing.objects.filter(pk__in=ids).update(look_at=clock.now())


@transaction.atomic
def answer_change(ask: ChangeAsk, answer: ChangeAnswer, *, by: User) -> ChangeAsk:
    """Take the answer to "Would you like a change?", or correct the one given. The other never learns of it.

    "All is well" ends the silence, and "talk" calls the coordinators. A change itself is made on the pairing's page.
    Raises TooLate when the pairing has ended.
    """
    pairing = lock(Pairing.objects.select_for_update(no_key=True), pk=ask.pairing_id)
    ask = lock(ChangeAsk.objects.select_for_update(), pk=ask.pk)
    if ask.member_id != by.pk:
        raise NotAllowed
    if pairing.state not in LIVE_PAIRING:
        raise TooLate
    if ask.answer == answer and ask.heard_at is None:
        return ask
    now = clock.now()
    ask.answer, ask.answered_at, ask.heard_at, ask.heard_by = answer, now, None, None
    ask.save(update_fields=["answer", "answered_at", "heard_at", "heard_by"])
    if answer == ChangeAnswer.WELL:
        _silence_ends(pairing, count_from=now)
    elif answer == ChangeAnswer.TALK:
        _call_office(ask, pairing)
    # Which of the answers it was is nobody's business.
    record(by, "change_ask.answered", ask, member=by.pk, intergroup_id=pairing.intergroup_id)
    return ask


def _call_office(ask: ChangeAsk, pairing: Pairing) -> None:
    occasion = f"{ask.pk}:{ask.answered_at:%H%M%S%f}"
    for coordinator_id in serving(pairing.intergroup_id):
        if coordinator_id not in (pairing.sponsor_id, pairing.sponsee_id):
            post("talk_wanted", coordinator_id, key=f"talk_wanted:{occasion}:{coordinator_id}", ask=ask.pk)


@transaction.atomic
def talked_with(ask: ChangeAsk, *, by: User) -> None:
    """A coordinator has talked with whoever wished it. Raises TooLate when that is done, or no longer wished."""
    pairing = lock(Pairing.objects.select_for_update(no_key=True), pk=ask.pairing_id)
    ask = lock(ChangeAsk.objects.select_for_update(), pk=ask.pk)
    if not Pairing.objects.for_coordinator(by).filter(pk=pairing.pk).exists():
        raise NotAllowed
    if ask.answer != ChangeAnswer.TALK or ask.heard_at is not None:
        raise TooLate
    ask.heard_at, ask.heard_by = clock.now(), by.pk
    ask.save(update_fields=["heard_at", "heard_by"])
    record(by, "change_ask.heard", ask, member=ask.member_id, intergroup_id=pairing.intergroup_id)
