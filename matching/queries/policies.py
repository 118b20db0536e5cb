"""What a change of an intergroup's policy would mean today, and the changes so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.models import Intergroup, Policy, PolicyChange, Profile, Scope, Sponsor, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching.engine import DEFAULT_WEIGHTS, Component
from matching.models import Offer, SponsorRequest
from matching.queries.rounds import WhatIf, what_if
from matching.states import OfferState

SETTINGS = {
    "review_required": gettext_lazy("A coordinator looks at each pair before the two see how to reach each other"),
    "offer_hours": gettext_lazy("Hours a sponsor has to answer"),
    "stuck_hours": gettext_lazy("Hours after which a request that found nobody comes to you"),
    "confirm_days": gettext_lazy("Days after which a sponsor is asked whether they are still glad to sponsor"),
    "steps_needed": gettext_lazy("Steps that a sponsor has worked"),
    "checklist": gettext_lazy("What is made sure of before somebody may sponsor"),
}
"""What coordinators set, by the policy's field; the points of the components beside."""


@dataclass(frozen=True)
class Outlook:
    """Today's queue under other settings. ``sponsors``: of the approved, how many may get offers as the rules are asked
    here, before and after; ``round_``: what a round would find, empty when the weights stay as they are."""

    in_review: int
    with_sponsor: int
    sponsors_before: int
    sponsors_after: int
    round_before: WhatIf | None
    round_after: WhatIf | None

    @property
    def fewer(self) -> int:
        """How many sponsors would get no more offers; negative when it is more of them."""
        return self.sponsors_before - self.sponsors_after


def outlook(policy: Policy, values: Mapping[str, Any], weights: Mapping[str, int]) -> Outlook:
    """Ask what the given values would change; nothing is written."""
    intergroup = policy.intergroup
    waiting = Offer.objects.filter(request__intergroup=intergroup).aggregate(
        in_review=Count("pk", filter=Q(state=OfferState.IN_REVIEW)), sent=Count("pk", filter=Q(state=OfferState.SENT))
    )
    before = _may_sponsor(policy.confirm_days, policy.steps_needed)
    after = _may_sponsor(values["confirm_days"], values["steps_needed"])
    sponsors = Sponsor.objects.filter(
        user__profile__intergroup=intergroup, user__is_active=True, approved_at__isnull=False
    ).aggregate(before=Count("pk", filter=before), after=Count("pk", filter=after))
    other = dict(weights) != {component.value: points for component, points in weights_of(policy).items()}
    return Outlook(
        in_review=waiting["in_review"],
        with_sponsor=waiting["sent"],
        sponsors_before=sponsors["before"],
        sponsors_after=sponsors["after"],
        round_before=what_if(intergroup, {}) if other else None,
        round_after=what_if(intergroup, weights) if other else None,
    )


def _may_sponsor(confirm_days: int, steps_needed: int) -> Q:
    since = clock.now() - timedelta(days=confirm_days)
    return Q(confirmed_at__gt=since, steps_worked__gte=steps_needed)


@dataclass(frozen=True)
class Reach:
    """Whom an office's words reach today."""

    members: int
    waiting: int


def reach(intergroup: Intergroup) -> Reach:
    """How many members an office has, and how many of them wait; two queries."""
    members = Profile.objects.filter(intergroup=intergroup, completed_at__isnull=False, user__is_active=True)
    return Reach(members.count(), SponsorRequest.objects.live().filter(intergroup=intergroup).count())


def changes(intergroup: Intergroup) -> QuerySet[PolicyChange]:
    """What was changed, newest first."""
    return PolicyChange.objects.filter(intergroup=intergroup).select_related("undoes", "undone_by")


def changes_for(user: User) -> QuerySet[PolicyChange]:
    """The changes that a coordinator may take back: those of the intergroups where their term runs."""
    return PolicyChange.objects.filter(intergroup__in=intergroups_coordinated_by(user, Scope.AREA)).select_related(
        "intergroup"
    )


def names(found: list[PolicyChange]) -> dict[Any, str]:
    """First name and initial of those who changed something; who has left has none."""
    people = Profile.objects.filter(pk__in={one.actor for one in found})
    return {one.pk: one.display_name for one in people}


def weights_of(policy: Policy) -> dict[Component, int]:
    """The points of each component in an intergroup."""
    return {component: policy.weights.get(component.value, DEFAULT_WEIGHTS[component]) for component in Component}


def overrides(weights: Mapping[str, int]) -> dict[str, int]:
    """Only those that differ from the usual ones, as the policy keeps them."""
    return {name: points for name, points in weights.items() if points != DEFAULT_WEIGHTS[Component(name)]}
