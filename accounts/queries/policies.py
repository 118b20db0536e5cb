"""Which changes of an intergroup's settings somebody knows of."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Coalesce

from accounts.models import Intergroup, PolicyChange
from accounts.models.policy_change import UNCHANGED


def with_last_change(offices: QuerySet[Intergroup]) -> QuerySet[Any]:
    """Intergroups with the ``last_change`` of their settings, ``UNCHANGED`` where there is none: by the query that may
    read the settings themselves, so that no change comes between the two."""
    last = PolicyChange.objects.filter(intergroup=OuterRef("pk")).values("pk")[:1]
    return offices.annotate(last_change=Coalesce(Subquery(last), Value(UNCHANGED, UUIDField())))


def changed_after(intergroup: Intergroup, seen: UUID) -> QuerySet[PolicyChange]:
    """What was changed after the change that somebody saw last, the newest first; everything where they saw none."""
    found = PolicyChange.objects.filter(intergroup=intergroup)
    known = found.filter(pk=seen).first()
    if known is None:
        return found
    return found.filter(Q(at__gt=known.at) | Q(at=known.at, pk__gt=known.pk))
