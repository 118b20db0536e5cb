"""What an intergroup decides: changed by its coordinators, written down, and taken back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.actions.errors import ChangedSince, SavedMeanwhile
from accounts.actions.meeting_feeds import put_back, put_in_place
from accounts.models import Fellowship, Intergroup, Policy, PolicyChange, Scope, User
from accounts.models.audit import record
from accounts.models.intergroup import intergroups_coordinated_by
from accounts.queries.policies import changed_after

COLUMNS = frozenset(
    {
        "review_required",
        "offer_hours",
        "stuck_hours",
        "confirm_days",
        "steps_needed",
        "weights",
        "checklist",
        "minimum_days",
        "date_words",
        "texts",
        "crisis_lines",
    }
)
FELLOWSHIPS = "fellowships"
"""The setting that is no column: which fellowships are served, as their codes in order."""

MEETING_FEED = "meeting_feed"
"""The setting that moves more than itself: the meeting list in place, by its id; to set it publishes a list that waits,
to take that back puts the meetings back."""


class NotTheirs(Exception):
    """The actor does not coordinate this intergroup."""


@transaction.atomic
def change_policy(
    intergroup: Intergroup, values: Mapping[str, Any], *, by: User, seen: UUID | None = None
) -> PolicyChange | None:
    """Set some of what an intergroup decides; returns what changed, or None when nothing did.

    Args:
        seen: The last change that ``by`` knew of when they chose the values; None does not ask.

    Raises NotTheirs; SavedMeanwhile when one of the settings was given another value after ``seen``; ChangedSince for a
    meeting list that is gone or published already; ValueError for a setting that is none of a coordinator's, and for
    fellowships that are none.
    """
    if not (COLUMNS | {FELLOWSHIPS, MEETING_FEED}).issuperset(values):
        raise ValueError("a field that coordinators do not set")
    policy = _locked(intergroup, by)
    if seen is not None:
        _refuse_overwriting(policy, values, seen)
    return _write(policy, values, by=by)


def _refuse_overwriting(policy: Policy, values: Mapping[str, Any], seen: UUID) -> None:
    """The policy is locked, so whoever else saves has either been here or waits."""
    differing = {name for name, value in values.items() if value_of(policy, name) != value}
    later = list(changed_after(policy.intergroup, seen))
    others = [one for one in later if differing & one.after.keys()]
    if others:
        raise SavedMeanwhile(others, later[0].pk)


@transaction.atomic
def undo_change(change: PolicyChange, *, by: User) -> PolicyChange:
    """Take one change back; later changes of other settings stay.

    Raises NotTheirs, or ChangedSince when one of its settings has another value by now.
    """
    policy = _locked(change.intergroup, by)
    if PolicyChange.objects.filter(undoes=change).exists():
        raise ChangedSince
    if any(value_of(policy, name) != value for name, value in change.after.items()):
        raise ChangedSince
    try:
        undone = _write(policy, change.before, by=by, undoes=change)
    except ValueError as error:
        raise ChangedSince from error
    if undone is None:
        raise ChangedSince
    return undone


def value_of(policy: Policy, name: str) -> Any:
    """A setting as it stands."""
    if name == FELLOWSHIPS:
        return sorted(policy.intergroup.fellowships.values_list("code", flat=True))
    if name == MEETING_FEED:
        return None if policy.meeting_feed_id is None else str(policy.meeting_feed_id)
    return getattr(policy, name)


def _locked(intergroup: Intergroup, by: User) -> Policy:
    if not intergroups_coordinated_by(by, Scope.AREA).filter(pk=intergroup.pk).exists():
        raise NotTheirs
    return Policy.objects.select_related("intergroup").select_for_update(of=("self",)).get(pk=intergroup.pk)


def _write(
    policy: Policy, values: Mapping[str, Any], *, by: User, undoes: PolicyChange | None = None
) -> PolicyChange | None:
    stood = {name: value_of(policy, name) for name in values}
    before = {name: value for name, value in stood.items() if value != values[name]}
    if not before:
        return None
    after = {name: values[name] for name in before}
    for name, value in after.items():
        if name == FELLOWSHIPS:
            _serve(policy.intergroup, value)
        elif name == MEETING_FEED:
            _list(policy, value, back=undoes is not None)
        else:
            setattr(policy, name, value)
    policy.save(update_fields=sorted((COLUMNS | {MEETING_FEED}) & set(after)))
    change = PolicyChange.objects.create(
        intergroup_id=policy.pk, actor=by.pk, at=clock.now(), before=before, after=after, undoes=undoes
    )
    record(by, "policy.changed", policy, intergroup_id=policy.pk, change=change.pk)
    return change


def _list(policy: Policy, feed_id: str | None, *, back: bool) -> None:
    # An import takes the same lock: two lists at once would both find a meeting missing and both create it.
    Intergroup.objects.select_for_update(no_key=True).get(pk=policy.pk)
    if back:
        put_back(policy)
    elif feed_id is not None:
        put_in_place(policy, feed_id)
    policy.meeting_feed_id = None if feed_id is None else UUID(feed_id)


def _serve(intergroup: Intergroup, codes: list[str]) -> None:
    found = list(Fellowship.objects.filter(code__in=codes))
    if not found or len(found) != len(codes):
        raise ValueError("an office serves at least one fellowship, and none that does not exist")
    intergroup.fellowships.set(found)
