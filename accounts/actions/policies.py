"""What an intergroup decides: changed by its coordinators, written down, and taken back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.models import Intergroup, Policy, PolicyChange, Scope, User
from accounts.models.audit import record
from accounts.models.intergroup import intergroups_coordinated_by

CHANGEABLE = frozenset(
    {"review_required", "offer_hours", "stuck_hours", "confirm_days", "steps_needed", "weights", "checklist"}
)


class ChangedSince(Exception):
    """What was to be taken back was changed again, or taken back, by somebody else."""


class NotTheirs(Exception):
    """The actor does not coordinate this intergroup."""


@transaction.atomic
def change_policy(intergroup: Intergroup, values: Mapping[str, Any], *, by: User) -> PolicyChange | None:
    """Set some fields of a policy; returns what changed, or None when nothing did.

    Raises NotTheirs; ValueError for a field that is none of a coordinator's.
    """
    if not CHANGEABLE.issuperset(values):
        raise ValueError("a field that coordinators do not set")
    return _write(_locked(intergroup, by), values, by=by)


@transaction.atomic
def undo_change(change: PolicyChange, *, by: User) -> PolicyChange:
    """Take one change back; later changes of other fields stay.

    Raises NotTheirs, or ChangedSince when one of its fields has another value by now.
    """
    policy = _locked(change.intergroup, by)
    if PolicyChange.objects.filter(undoes=change).exists():
        raise ChangedSince
    if any(getattr(policy, name) != value for name, value in change.after.items()):
        raise ChangedSince
    undone = _write(policy, change.before, by=by, undoes=change)
    if undone is None:
        raise ChangedSince
    return undone


def _locked(intergroup: Intergroup, by: User) -> Policy:
    if not intergroups_coordinated_by(by, Scope.AREA).filter(pk=intergroup.pk).exists():
        raise NotTheirs
    return Policy.objects.select_for_update().get(pk=intergroup.pk)


def _write(
    policy: Policy, values: Mapping[str, Any], *, by: User, undoes: PolicyChange | None = None
) -> PolicyChange | None:
    before = {name: getattr(policy, name) for name, value in values.items() if getattr(policy, name) != value}
    if not before:
        return None
    after = {name: values[name] for name in before}
    for name, value in after.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(after))
    change = PolicyChange.objects.create(
        intergroup_id=policy.pk, actor=by.pk, at=clock.now(), before=before, after=after, undoes=undoes
    )
    record(by, "policy.changed", policy, intergroup_id=policy.pk, change=change.pk)
    return change
