"""What is forgotten by itself, as the privacy page promises: run each hour, safe to run at any time and twice."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Now

from accounts import clock, drafts
from accounts.actions.audit import let_go
from accounts.actions.bars import forget_bars
from accounts.actions.meeting_feeds import forget_feeds
from accounts.models import Invitation, Suspension
from accounts.models.audit import record
from matching import channels
from matching.actions.bridge_invitations import forget_bridge_invitations
from matching.actions.bridge_office import forget_bridges
from matching.actions.outbox import post
from matching.actions.push_addresses import forget_addresses
from matching.actions.requests import withdraw_live_offers
from matching.actions.tallies import fold
from matching.models import (
    RECRUITING_KEPT_FOR,
    ChangeAsk,
    CheckIn,
    Handover,
    Invitee,
    Offer,
    OfficeList,
    OutboxMessage,
    Pairing,
    Recruiting,
    ReviewQuestion,
    RosterChange,
    Round,
    RoundLeft,
    RoundPair,
    RoundPart,
    RoundSponsor,
    Shown,
    SponsorRequest,
)
from matching.models import office_list as lists
from matching.models.round import KEPT_FOR
from matching.queries.suggestions import A_DAY
from matching.states import LIVE_REQUEST, OutboxState, PairingState, RequestState, RoundState, move

ANSWERS = timedelta(days=90)
UNMATCHED = timedelta(days=60)
ENDED = timedelta(days=365)
AUDIT = timedelta(days=365)
MESSAGES = timedelta(days=30)
ROSTER_CHANGES = timedelta(days=2)


def forget() -> None:
    """Close what waited too long, then delete what is past its time."""
    close_unmatched()
    now = clock.now()
    CheckIn.objects.filter(due_at__lt=now - ANSWERS).delete()
    ChangeAsk.objects.filter(asked_at__lt=now - ANSWERS).delete()
    ReviewQuestion.objects.filter(asked_at__lt=now - ANSWERS).delete()
    Pairing.objects.filter(state=PairingState.ENDED, ended_at__lt=now - ENDED).delete()
    # A request takes all its offers with it, so it stays for as long as one of them has a pairing that is kept.
    led_on = Offer.objects.filter(pairing__isnull=False).values("request")
    SponsorRequest.objects.filter(ended_at__lt=now - ENDED).exclude(pk__in=led_on).delete()
    Suspension.objects.filter(lifted_at__lt=now - ENDED).delete()
    Handover.objects.filter(finished_at__lt=now - ENDED).delete()
    forget_bridges()
    forget_bars()
    Shown.objects.filter(at__lt=now - A_DAY).delete()
    forget_bridge_invitations()
    forget_feeds()
    OutboxMessage.objects.filter(
        state__in=[OutboxState.SENT, OutboxState.MISSED, OutboxState.FAILED], ended_at__lt=now - MESSAGES
    ).delete()
    Invitation.objects.filter(expires_at__lt=now).delete()
    Invitee.objects.filter(expires_at__lt=now).delete()
    OfficeList.objects.filter(made_at__lt=now - lists.KEPT_FOR).delete()
    fold()
    forget_channels()
    forget_rounds()
    Recruiting.objects.filter(asked_at__lt=now - RECRUITING_KEPT_FOR).delete()
    forget_addresses()
    # The trigger that guards the audit lets entries go after twelve months, by the database's own clock.
    let_go(now - clock.shift() - AUDIT)
    forget_roster_changes()
    drafts.forget_expired()


def forget_channels() -> None:
    """Let go of what waits for a channel that is no longer in the settings: no sender would ever take it."""
    names = [channel.name for channel in channels.fresh()]
    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING).exclude(channel__in=names)
    waiting.update(state=move(OutboxState.WAITING, OutboxState.MISSED), trouble="no such channel", ended_at=clock.now())


def forget_roster_changes() -> int:
    """Delete the roster's changes that nobody can have missed who looked in the last two days; returns how many.

    Their age alone would not do: one may be written long before its transaction commits. What was settled when a change
    of two days ago was written, was settled for every look since.
    """
    old = RosterChange.objects.filter(at__lt=Now() - ROSTER_CHANGES).order_by("-settled")
    return RosterChange.objects.filter(xid__lt=Subquery(old.values("settled")[:1])).delete()[0]


def forget_rounds() -> None:
    """Forget whom rounds brought together; of one that was put before the newcomers the figures stay for a year."""
    now = clock.now()
    old = Round.objects.filter(began_at__lt=now - KEPT_FOR)
    old.exclude(state=RoundState.PUBLISHED).delete()
    for rows in (RoundPair, RoundLeft, RoundSponsor, RoundPart):
        rows._default_manager.filter(round__in=old).delete()
    old.update(fairness={})
    old.filter(ended_at__lt=now - ENDED).delete()


def close_unmatched() -> int:
    """Close requests that found nobody in 60 days, and say so kindly; returns how many."""
    closed = 0
    for request_id in SponsorRequest.objects.live().filter(asked_at__lt=clock.now() - UNMATCHED).values_list("pk"):
        with transaction.atomic():
            request = SponsorRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id[0]).first()
            if request is None or request.state not in LIVE_REQUEST:
                continue
            withdraw_live_offers(request, by=None)
            request.state = move(RequestState(request.state), RequestState.CLOSED)
            request.ended_at = clock.now()
            request.save(update_fields=["state", "ended_at"])
            record(None, "request.closed", request, member=request.member_id, intergroup_id=request.intergroup_id)
            post("request_closed", request.member_id, key=f"request_closed:{request.pk}", request=request.pk)
            closed += 1
    return closed
