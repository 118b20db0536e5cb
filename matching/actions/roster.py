"""The living roster: sponsors are asked whether they are still there, and rest when nothing is heard of them.

A yes counts for 35 days, or what the intergroup says. Some days before that runs out they are asked, then twice more;
after that they are paused, kindly, until they say so. Each look asks once at most and goes by what was asked, not by
the calendar, so an outage makes up for nothing: it moves everything on. Anything they say to an offer, yes or no,
shows that they are there, and counts like an answer to this question.
"""

import logging
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from accounts import clock
from accounts.actions import sponsors
from accounts.models import PauseReason, Sponsor, User
from accounts.models.audit import record
from accounts.models.sponsor import MOST_ASKS, MOST_SILENT_OFFERS
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.locks import lock
from matching.actions.offers import decline_offer
from matching.actions.outbox import post
from matching.cadence import DAY, USUAL_HOUR, at_hour
from matching.models import Offer
from matching.queries.hours import first_waking, letter_time, quiet_hours
from matching.queries.people import sponsors_to_open
from matching.queries.roster import to_ask
from matching.states import OfferState

BATCH = 100
SPACING = timedelta(days=2)
LATEST = timedelta(hours=3)
AFTER_TROUBLE = timedelta(hours=1)

log = logging.getLogger(__name__)


def ask_roster() -> int:
    """Ask every sponsor whose time has come, or pause whom three letters did not reach; return at how many it looked.

    Any number of ticks may run at once: each takes sponsors that no other holds.
    """
    looked = 0
    while batch := _batch():
        looked += batch
    return looked


@transaction.atomic
def _batch() -> int:
    now = clock.now()
    found = to_ask(now).select_related("user__profile").order_by("pk")
    batch = list(found.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for sponsor in batch:
        try:
            with transaction.atomic():
                _look(sponsor, now)
        except Exception as error:  # one that can't be asked must not hold up the others; no content is told
            log.error("sponsor %s can't be asked: %s", sponsor.pk, type(error).__name__)
            Sponsor.objects.filter(pk=sponsor.pk).update(ask_next_at=now + AFTER_TROUBLE)
    return len(batch)


def _look(sponsor: Sponsor, now: datetime) -> None:
    due, zone = sponsor.ask_next_at, sponsor.user.profile.zone
    if sponsor.paused_until is not None and sponsor.pauses(clock.today(zone)):
        _write(sponsor, sponsor.asks, at_hour(sponsor.paused_until, 0, zone))
        return
    start, left = letter_time(sponsor.pk, due or now)
    grace = min(LATEST, left)
    if due is None or start != due or now > due + grace:
        # Not begun yet, or the hour went by while nothing ran, or they live by other hours since: the next one counts.
        _write(sponsor, sponsor.asks, _evening(sponsor, now))
    elif sponsor.asks < MOST_ASKS:
        topic = "still_there_again" if sponsor.asks else "still_there"
        day = now.astimezone(ZoneInfo(zone)).date()
        key = f"still_there:{sponsor.pk}:{day.isoformat()}"
        post(topic, sponsor.pk, key=key, send_after=due, grace=grace, sponsor=sponsor.pk)
        _write(sponsor, sponsor.asks + 1, _evening(sponsor, due + SPACING - DAY / 2))
        record(None, "sponsor.asked", sponsor, member=sponsor.pk)
    else:
        _rest(sponsor, PauseReason.UNCONFIRMED, due, grace)


def _write(sponsor: Sponsor, asks: int, ask_next_at: datetime) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(asks=asks, ask_next_at=ask_next_at)


def _evening(sponsor: Sponsor, after: datetime) -> datetime:
    """The next usual hour later than a moment, or the end of the quiet hours it falls into, in UTC."""
    zone, quiets = sponsor.user.profile.zone, quiet_hours(sponsor.pk)
    day = after.astimezone(ZoneInfo(zone)).date()
    while True:
        start, _ = first_waking(at_hour(day, USUAL_HOUR, zone), zone, quiets)
        if start > after:
            return start
        day += DAY


def _rest(sponsor: Sponsor, reason: PauseReason, send_after: datetime, grace: timedelta) -> None:
    sponsors.rest_sponsor(sponsor, reason)
    key = f"paused:{sponsor.pk}:{send_after:%Y%m%d%H%M%S}"
    post(f"paused_{reason}", sponsor.pk, key=key, send_after=send_after, grace=grace, sponsor=sponsor.pk)


def count_silent_offer(sponsor_id: UUID) -> None:
    """An offer to a locked sponsor ran out; after the third in a row they rest. Who pauses already is not counted."""
    sponsor = Sponsor.objects.select_related("user__profile").get(pk=sponsor_id)
    if sponsor.pauses(clock.today(sponsor.user.profile.zone)):
        return
    if sponsor.silent_offers + 1 >= MOST_SILENT_OFFERS:
        _rest(sponsor, PauseReason.UNANSWERED, *letter_time(sponsor_id, clock.now()))
    else:
        Sponsor.objects.filter(pk=sponsor_id).update(silent_offers=F("silent_offers") + 1)


@transaction.atomic
def pause_by_office(sponsor: Sponsor, *, until: date, by: User) -> None:
    """A coordinator pauses a sponsor, who gets a letter.

    Raises NotAllowed, or TooLate for somebody who pauses already by their own choice: theirs may be the longer one.
    """
    if not sponsors_to_open(by).filter(pk=sponsor.pk).exists():
        raise NotAllowed
    now = lock(Sponsor.objects.select_for_update(), pk=sponsor.pk)
    if now.pauses(clock.today(sponsor.user.profile.zone)) and now.pause_reason != PauseReason.OFFICE:
        raise TooLate
    sponsors.pause_for_office(sponsor, until=until, by=by)
    key = f"paused_by_office:{sponsor.pk}:{clock.now():%Y%m%d%H%M%S%f}"
    start, left = letter_time(sponsor.pk, clock.now())
    post("paused_by_office", sponsor.pk, key=key, send_after=start, grace=left, sponsor=sponsor.pk)


def end_office_pause(sponsor: Sponsor, *, by: User) -> bool:
    """A coordinator takes such a pause back; False when it is over or not the office's. Raises NotAllowed."""
    if not sponsors_to_open(by).filter(pk=sponsor.pk).exists():
        raise NotAllowed
    return sponsors.end_pause_of_office(sponsor, by=by)


def step_back(sponsor: Sponsor, *, by: User) -> None:
    """Take nobody new any more; whoever waits for their answer is sent on to the next at once.

    Each of those in a transaction of its own, since requests are locked before sponsors.
    """
    for offer in Offer.objects.filter(sponsor=sponsor.pk, state=OfferState.SENT).order_by("pk"):
        try:
            decline_offer(offer, by=by)
        except TooLate:  # it moved on by itself at this very moment
            continue
    sponsors.step_back(sponsor, by=by)
