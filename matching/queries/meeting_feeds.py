"""What a meeting list would do, and the lists so far."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.actions.meeting_feeds import plan_of
from accounts.meeting_guide import Note, Outcome
from accounts.models import Intergroup, Meeting, MeetingFeed, Profile, Scope, User
from accounts.models.intergroup import intergroups_coordinated_by


@dataclass(frozen=True)
class Vanishing:
    """A meeting that would go off the list; ``kept`` when members have it as their home group and keep its name."""

    meeting: Meeting
    kept: bool


@dataclass(frozen=True)
class Outlook:
    """What publishing would do now."""

    created: int
    changed: int
    unchanged: int
    vanishing: list[Vanishing]


@dataclass(frozen=True)
class Told:
    """What became of a row, in words."""

    number: int
    label: str
    notes: list[str]


def feeds_for(user: User) -> QuerySet[MeetingFeed]:
    """The lists a coordinator may look over: of the offices whose work they do."""
    here = intergroups_coordinated_by(user, Scope.AREA)
    return MeetingFeed.objects.filter(intergroup__in=here).select_related("intergroup__policy", "fellowship")


def waiting_feed(intergroup: Intergroup) -> MeetingFeed | None:
    """The newest list that waits to be published."""
    return MeetingFeed.objects.filter(intergroup=intergroup, published_at__isnull=True).defer("rows", "entries").first()


def listed(intergroup: Intergroup) -> dict[str, int]:
    """How many meetings an office lists, and how many stand off the list for those whose home group they are."""
    counts = Meeting.objects.filter(intergroup=intergroup, active=True).count()
    chosen = Profile.objects.filter(home_group__intergroup=intergroup, home_group__active=False)
    return {"active": counts, "kept": chosen.values("home_group").distinct().count()}


def outlook(feed: MeetingFeed) -> Outlook:
    """Compare a list with the meetings as they are; nothing is written."""
    plan = plan_of(feed)
    gone = [one.pk for one in plan.retired]
    kept: set[UUID | int] = set(Profile.objects.filter(home_group__in=gone).values_list("home_group", flat=True))
    return Outlook(
        created=len(plan.created),
        changed=len(plan.updated),
        unchanged=plan.unchanged,
        vanishing=[Vanishing(one, one.pk in kept) for one in sorted(plan.retired, key=lambda one: one.name)],
    )


def outcomes(feed: MeetingFeed) -> Counter[str]:
    """How many rows ended in each way."""
    return Counter(row["outcome"] for row in feed.rows)


def rows(feed: MeetingFeed, outcome: Outcome) -> list[dict[str, Any]]:
    """The rows that ended in one way, in the order of the file."""
    return [row for row in feed.rows if row["outcome"] == outcome.value]


def told(row: dict[str, Any]) -> Told:
    """A row in the reader's words."""
    return Told(row["number"], row["label"] or "?", [str(Note(key, detail)) for key, detail in row["notes"]])
