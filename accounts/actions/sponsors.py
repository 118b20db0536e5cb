"""Writes on the sponsor's side: the approval, "still glad to sponsor", one's own pauses and those by the clock."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.models import OPEN_END, PauseReason, Policy, Profile, Sponsor, User
from accounts.models.audit import record

SAID_SOMETHING: dict[str, Any] = {"asks": 0, "ask_next_at": None, "silent_offers": 0}
"""What follows for the counts of silence when a sponsor says anything at all."""


class NotChecked(Exception):
    """The office has not made sure of everything that it asks for; ``items`` are missing."""

    def __init__(self, items: Sequence[str]) -> None:
        super().__init__(", ".join(items))
        self.items = items


@transaction.atomic
def approve_sponsor(sponsor: Sponsor, *, by: User) -> None:
    """A coordinator lets somebody sponsor. Raises NotChecked while an item of the office's list is not ticked."""
    # Whoever ticks or unticks an item waits for this row.
    sponsor = Sponsor.objects.select_for_update().get(pk=sponsor.pk)
    missing = unchecked(sponsor)
    if missing:
        raise NotChecked(missing)
    now = clock.now()
    Sponsor.objects.filter(pk=sponsor.pk, approved_at__isnull=True).update(
        approved_at=now, approved_by=by, declined_at=None, changed_at=now
    )
    record(by, "sponsor.approved", sponsor, member=sponsor.pk, intergroup_id=_office(sponsor))


def unchecked(sponsor: Sponsor) -> list[str]:
    """The items of the office's list that nobody has ticked for an application."""
    policy = Policy.objects.filter(intergroup__profiles=sponsor.pk).first()
    ticked = set(sponsor.checks.values_list("item", flat=True))
    return [item for item in (policy.checklist if policy else ()) if item not in ticked]


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
def pause_for_office(sponsor: Sponsor, *, until: date, by: User) -> None:
    """A coordinator pauses a sponsor until a date in the sponsor's zone; the sponsor can end it at any time."""
    _pause(sponsor, until, PauseReason.OFFICE)
    record(by, "sponsor.paused_by_office", sponsor, member=sponsor.pk, intergroup_id=_office(sponsor))


@transaction.atomic
def end_pause_of_office(sponsor: Sponsor, *, by: User) -> bool:
    """A coordinator takes such a pause back; False when it is over, or is not the office's. Nobody says with it that
    they are still glad to sponsor, so that their last yes counts as it did."""
    ended = Sponsor.objects.filter(pk=sponsor.pk, pause_reason=PauseReason.OFFICE).update(
        paused_until=None, pause_reason="", changed_at=clock.now()
    )
    if ended:
        record(by, "sponsor.pause_ended_by_office", sponsor, member=sponsor.pk, intergroup_id=_office(sponsor))
    return bool(ended)


def _office(sponsor: Sponsor) -> int | None:
    return Profile.objects.values_list("intergroup_id", flat=True).get(pk=sponsor.pk)


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
