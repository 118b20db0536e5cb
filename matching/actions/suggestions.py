"""The suggestions kept for a request: who would fit and why, as found at one moment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching import engine
from matching.actions.errors import TooLate
from matching.actions.locks import lock
from matching.models import Shown, SponsorRequest, Suggestion
from matching.queries import suggestions
from matching.states import RequestState

SUGGESTED = 3


def plain(reasons: Iterable[engine.Reason]) -> list[dict[str, Any]]:
    """The engine's reasons as JSON: keys and parameters, the words come from the page."""
    return [{"key": str(one.key), "params": {name: _plain(v) for name, v in one.params.items()}} for one in reasons]


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _some_of(found: list[engine.Suggestion], seen: set[UUID]) -> list[engine.Suggestion]:
    """Those who were seen before, and of the others as many as are left for these 24 hours."""
    left = max(suggestions.MOST_PEOPLE - len(seen), 0)
    new = [one for one in found if one.sponsor not in seen][:left]
    return [one for one in found if one.sponsor in seen or one in new]


def _count_shown(request: SponsorRequest, sponsor_ids: set[UUID], now: datetime) -> None:
    """Those who are shown from now on, and those who could be seen until now."""
    until_now = set(request.suggestions.values_list("sponsor_id", flat=True))
    Shown.objects.bulk_create(
        [Shown(member_id=request.member_id, sponsor_id=one, at=now) for one in sorted(sponsor_ids | until_now)],
        update_conflicts=True,
        unique_fields=["member", "sponsor"],
        update_fields=["at"],
    )


@transaction.atomic
def suggest(request: SponsorRequest, *, by: User | None) -> list[Suggestion]:
    """Find the best three afresh and keep them with their reasons; the earlier ones, ranks included, go.

    Fewer than three, or none, when the newcomer has seen MOST_PEOPLE in the last 24 hours.
    """
    request = lock(SponsorRequest.objects.select_for_update(), pk=request.pk)
    if request.state != RequestState.OPEN:
        raise TooLate
    now = clock.now()
    found = _some_of(suggestions.best(request, k=SUGGESTED), suggestions.seen_lately(request.member_id))
    _count_shown(request, {one.sponsor for one in found}, now)
    request.suggestions.all().delete()
    kept = Suggestion.objects.bulk_create(
        [
            Suggestion(
                request=request,
                sponsor_id=one.sponsor,
                place=place,
                score=one.score,
                parts={str(component): points for component, points in one.parts.items()},
                reasons=plain(one.for_newcomer),
                reasons_back=plain(one.for_sponsor),
                at=now,
            )
            for place, one in enumerate(found, start=1)
        ]
    )
    record(by, "request.suggested", request, member=request.member_id, intergroup_id=request.intergroup_id, n=len(kept))
    return kept
