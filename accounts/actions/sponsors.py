"""Writes on the sponsor's side: the approval, "still glad to sponsor", one's own pauses and those by the clock."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.models import OPEN_END, PauseReason, Profile, Sponsor, User
from accounts.models.audit import record

SAID_SOMETHING: dict[str, Any] = {"asks": 0, "ask_next_at": None, "silent_offers": 0}
"""What follows for the counts of silence when a sponsor says anything at all."""


@transaction.atomic
def approve_sponsor(sponsor: Sponsor, *, by: User) -> None:
    """A coordinator lets somebody sponsor."""
    now = clock.now()
    Sponsor.objects.filter(pk=sponsor.pk, approved_at__isnull=True).update(
        approved_at=now, approved_by=by, changed_at=now
    )
    intergroup_id = Profile.objects.values_list("intergroup_id", flat=True).get(pk=sponsor.pk)
    record(by, "sponsor.approved", sponsor, member=sponsor.pk, intergroup_id=intergroup_id)


@transaction.atomic
def confirm_sponsor(sponsor: Sponsor, *, by: User) -> None:
    """ "Still glad to sponsor": one tap, which also ends a pause."""
    now = clock.now()
    Sponsor.objects.filter(pk=sponsor.pk).update(
        confirmed_at=now, paused_until=None, pause_reason="", changed_at=now, **SAID_SOMETHING
    )
    record(by, "sponsor.confirmed", sponsor, member=sponsor.pk)


@transaction.atomic
def pause_sponsor(sponsor: Sponsor, *, until: date | None, by: User) -> None:
    """No new offers until a date in the sponsor's zone, or with None until they say so; pairings go on."""
    _pause(sponsor, until or OPEN_END, PauseReason.CHOSEN)
    record(by, "sponsor.paused", sponsor, member=sponsor.pk)


@transaction.atomic
def step_back(sponsor: Sponsor, *, by: User) -> None:
    """Nobody new, and no question about it either, until they come back; pairings go on."""
    _pause(sponsor, OPEN_END, PauseReason.STEPPED_BACK)
    record(by, "sponsor.stepped_back", sponsor, member=sponsor.pk)


@transaction.atomic
def rest_sponsor(sponsor: Sponsor, reason: PauseReason) -> None:
    """The clock pauses a sponsor of whom nothing was heard, until they say so."""
    _pause(sponsor, OPEN_END, reason)
    record(None, "sponsor.rested", sponsor, member=sponsor.pk)


def _pause(sponsor: Sponsor, until: date, reason: PauseReason) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(
        paused_until=until, pause_reason=reason, changed_at=clock.now(), **SAID_SOMETHING
    )
