"""The suggestions kept for a request: who would fit and why, as found at one moment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching import engine
from matching.actions.errors import TooLate
from matching.models import SponsorRequest, Suggestion
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


@transaction.atomic
def suggest(request: SponsorRequest, *, by: User | None) -> list[Suggestion]:
    """Find the best three afresh and keep them with their reasons; the earlier ones, ranks included, go."""
    request = SponsorRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != RequestState.OPEN:
        raise TooLate
    found = suggestions.best(request, k=SUGGESTED)
    request.suggestions.all().delete()
    now = clock.now()
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
