"""Who serves an office and until when, and what a successor must know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Coordinator, Intergroup, Invitation, Scope, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching.models import Offer, Pairing, Round, SponsorRequest
from matching.queries.coordinate import requests_for
from matching.states import HELD_OFFER, LIVE_ROUND, OfferState, PairingState

SOON = timedelta(days=30)
MOST = 50
ALWAYS_SOMEBODY = (Scope.AREA, Scope.SAFETY)
"""An office needs somebody for each of these; a first contact can be looked after by whoever does its work."""

HOLDERS = {
    "": _("You and the other coordinators"),
    OfferState.PROPOSED: _("The newcomer"),
    OfferState.SENT: _("The sponsor"),
    OfferState.IN_REVIEW: _("You and the other coordinators"),
}


@dataclass(frozen=True)
class Open:
    """A request that is open: who asked, who makes the next move, and by when."""

    request: SponsorRequest
    holder: str | Promise
    until: datetime


@dataclass(frozen=True)
class Ending:
    """Something that ends soon, on a date in the intergroup's zone."""

    on: date
    what: str | Promise
    who: str


def terms(intergroup: Intergroup) -> QuerySet[Coordinator]:
    """Those who serve now, whose term ends first on top."""
    serving = Coordinator.objects.serving(clock.now()).filter(intergroup=intergroup)
    return serving.select_related("user__profile", "intergroup").order_by("ends_on", "pk")


def terms_for(user: User) -> QuerySet[Coordinator]:
    """The terms that run in the offices whose work this member does."""
    offices = intergroups_coordinated_by(user, Scope.AREA)
    serving = Coordinator.objects.serving(clock.now()).filter(intergroup__in=offices)
    return serving.select_related("user__profile", "intergroup")


def invitations(intergroup: Intergroup) -> QuerySet[Invitation]:
    """Those that nobody has answered yet."""
    return Invitation.objects.open(clock.now()).filter(intergroup=intergroup).select_related("made_by__profile")


def invitations_for(user: User) -> QuerySet[Invitation]:
    """The unanswered invitations of the offices whose work this member does."""
    offices = intergroups_coordinated_by(user, Scope.AREA)
    return Invitation.objects.open(clock.now()).filter(intergroup__in=offices).select_related("intergroup")


def alone_with(term: Coordinator) -> list[Scope]:
    """The parts of the work that nobody else in the office does."""
    others = Coordinator.objects.serving(clock.now()).filter(intergroup=term.intergroup_id).exclude(pk=term.pk)
    done = {scope for scopes in others.values_list("scopes", flat=True) for scope in scopes}
    return [scope for scope in ALWAYS_SOMEBODY if scope in term.scopes and scope not in done]


def open_requests(intergroup: Intergroup, viewer: User) -> list[Open]:
    """The requests that are open and the viewer may see, the longest wait first."""
    held = Offer.objects.filter(request=OuterRef("pk"), state__in=HELD_OFFER)
    proposed = Offer.objects.filter(request=OuterRef("pk"), state=OfferState.PROPOSED)
    found = requests_for(viewer).filter(intergroup=intergroup).live()  # type: ignore[attr-defined]
    rows = found.annotate(
        held_as=held.values("state")[:1], until=held.values("expires_at")[:1], chooses=Exists(proposed)
    ).select_related("member__profile")
    return [_open(row) for row in rows.order_by("asked_at", "pk")[:MOST]]


def _open(row: Any) -> Open:
    waits_for_choice = not row.held_as and (row.chooses or not row.needs_coordinator)
    state = OfferState.PROPOSED if waits_for_choice else (row.held_as or "")
    return Open(row, HOLDERS[state], (row.until if state == OfferState.SENT else None) or row.decide_by)


def endings(intergroup: Intergroup, viewer: User, serving: Iterable[Coordinator]) -> list[Ending]:
    """What ends within thirty days: the terms of those who serve and the trials of pairs, the first on top."""
    last = clock.today(intergroup.zone) + SOON
    found = [
        Ending(one.ends_on, _("Term of a coordinator"), one.user.profile.display_name)
        for one in serving
        if one.ends_on <= last
    ]
    trials = Pairing.objects.for_coordinator(viewer).filter(intergroup=intergroup, state=PairingState.ACTIVE)
    people = trials.select_related("sponsor__profile", "sponsee__profile").filter(trial_ends_on__lte=last)
    for pairing in people.order_by("trial_ends_on")[:MOST]:
        both = f"{pairing.sponsee.profile.display_name}, {pairing.sponsor.profile.display_name}"
        found.append(Ending(pairing.trial_ends_on, _("Trial of a pair"), both))
    return sorted(found, key=lambda one: one.on)


def terms_to_hand_over(intergroup: Intergroup, viewer: User) -> list[Coordinator]:
    """Those who serve, each with the office's ``intergroup.policy`` and with the round that waits there, as
    ``round_state`` and ``round_made_at``; one query. Never empty for somebody who serves."""
    found = Round.objects.for_coordinator(viewer).filter(intergroup=OuterRef("intergroup"), state__in=LIVE_ROUND)
    newest = found.order_by("-made_at")
    with_policy = terms(intergroup).select_related("user__profile", "intergroup__policy")
    return list(
        with_policy.annotate(round_state=newest.values("state")[:1], round_made_at=newest.values("made_at")[:1])
    )
