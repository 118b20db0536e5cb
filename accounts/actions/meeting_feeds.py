"""A coordinator brings a meeting list: read and kept to be looked over, then published, then perhaps taken back."""

from dataclasses import asdict
from datetime import time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import clock
from accounts.actions.errors import ChangedSince
from accounts.actions.meetings import COLUMNS, Plan, plan_import, store_plan
from accounts.meeting_guide import Entry, FeedError, Row, read_feed
from accounts.models import Fellowship, Intergroup, Meeting, MeetingFeed, Policy, Profile, Scope, User
from accounts.models.audit import record
from accounts.models.intergroup import intergroups_coordinated_by

KEPT_FOR = timedelta(days=7)
"""How long a list waits to be published."""


@transaction.atomic
def bring_feed(data: bytes, *, intergroup: Intergroup, fellowship: Fellowship, source: str, by: User) -> MeetingFeed:
    """Read a list and keep it to be looked over; no meeting changes. An earlier one that waits makes room.

    Raises PermissionError for somebody who does not do the work of the office, FeedError for a list of no use.
    """
    if not intergroups_coordinated_by(by, Scope.AREA).filter(pk=intergroup.pk).exists():
        raise PermissionError
    feed = read_feed(data, zone=intergroup.zone)
    if not feed.entries:
        raise FeedError("nothing_usable")
    MeetingFeed.objects.filter(intergroup=intergroup, fellowship=fellowship, published_at__isnull=True).delete()
    made = MeetingFeed.objects.create(
        intergroup=intergroup,
        fellowship=fellowship,
        source=source,
        made_by=by.pk,
        made_at=clock.now(),
        rows=[_plain_row(row) for row in feed.rows],
        entries=[_plain_entry(entry) for entry in feed.entries],
    )
    record(by, "meeting_feed.brought", made, intergroup_id=intergroup.pk, rows=len(feed.rows))
    return made


def _plain_row(row: Row) -> dict[str, Any]:
    notes = [row.refusal] if row.refusal else [*row.mends, *row.remarks]
    return {
        "number": row.number,
        "label": row.label,
        "outcome": row.outcome.value,
        "notes": [[note.key, note.detail] for note in notes],
    }


def _plain_entry(entry: Entry) -> dict[str, Any]:
    return {**asdict(entry), "starts": entry.starts and entry.starts.isoformat()}


def entries_of(feed: MeetingFeed) -> list[Entry]:
    """The meetings of a list that is kept."""
    return [
        Entry(
            **{
                **one,
                "types": tuple(one["types"]),
                "starts": None if one["starts"] is None else time.fromisoformat(one["starts"]),
            }
        )
        for one in feed.entries
    ]


def plan_of(feed: MeetingFeed) -> Plan:
    """What publishing would do now; nothing is written."""
    return plan_import(entries_of(feed), intergroup=feed.intergroup, fellowship=feed.fellowship, source=feed.source)


def put_in_place(policy: Policy, feed_id: str) -> None:
    """Make a list that waits the office's meetings, under the policy's lock. Raises ChangedSince when it is gone or was
    published already."""
    waiting = MeetingFeed.objects.select_for_update(of=("self",)).select_related("intergroup", "fellowship")
    feed = waiting.filter(pk=feed_id, intergroup=policy.pk, published_at__isnull=True).first()
    if feed is None:
        raise ChangedSince
    plan = plan_of(feed)
    before = {
        "changed": {str(one.pk): _as_it_stood(one) for one in plan.held},
        "retired": [one.pk for one in plan.retired],
    }
    store_plan(plan)
    feed.before = {**before, "created": [one.pk for one in plan.created]}
    feed.published_at = clock.now()
    feed.save(update_fields=["before", "published_at"])


def _as_it_stood(meeting: Meeting) -> dict[str, Any]:
    values = {name: getattr(meeting, name) for name in COLUMNS}
    return {**values, "starts": meeting.starts and meeting.starts.isoformat()}


def put_back(policy: Policy) -> None:
    """Undo the list that is in place, under the policy's lock: what it changed is as it was, what it took off is there
    again, what it added goes, unless a member made it their home group: then it stays for them, off the list.

    Raises ValueError when none is in place.
    """
    feed = policy.meeting_feed
    if feed is None or feed.before is None:
        raise ValueError("no list is in place")
    before: dict[str, Any] = feed.before
    for pk, values in before["changed"].items():
        Meeting.objects.filter(pk=pk).update(**values)
    Meeting.objects.filter(pk__in=before["retired"]).update(active=True)
    added = Meeting.objects.filter(pk__in=before["created"])
    chosen = Exists(Profile.objects.filter(home_group=OuterRef("pk")))
    added.filter(chosen).update(active=False)
    added.filter(~chosen).delete()


def forget_feeds() -> None:
    """Delete the lists that nobody published within a week."""
    MeetingFeed.objects.filter(published_at__isnull=True, made_at__lt=clock.now() - KEPT_FOR).delete()
