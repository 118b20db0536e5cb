"""What the tick knows of the plans in its hands and wants written of them: many at once, by few statements.

The rules, plan by plan, are in `checkins`; they read from a sheet and write on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from matching.actions import outbox
from matching.models import CheckIn, CheckInPlan, OutboxMessage
from matching.states import CheckInState

# A bulk_update would say the same, and spend half a tick's time on building its CASE for each plan.
KEEP = """
UPDATE matching_checkinplan AS plan
   SET next_at = kept.next_at, unanswered = kept.unanswered
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::smallint[]) AS kept (id, next_at, unanswered)
 WHERE plan.id = kept.id
"""


@dataclass(slots=True)
class Sheet:
    """One plan, held by this transaction.

    Attributes:
        singly: Whether each question is told of by itself.
        last_on: The latest local day on which it has asked.
        open_id, open_on: The question that is open, and its local day.
        lapsing: Whether the open question lapses.
        asking: Today's question, made if there is none yet, with its message.
        posts: Other messages.
    """

    plan: CheckInPlan
    singly: bool
    last_on: date | None
    open_id: UUID | None
    open_on: date | None
    lapsing: bool = False
    asking: tuple[CheckIn, OutboxMessage | None] | None = None
    posts: list[OutboxMessage] = field(default_factory=list)

    def lapse_before(self, day: date) -> int:
        """Close the question of an earlier day that is still open; return how many there were, 0 or 1."""
        self.lapsing = self.open_on is not None and self.open_on < day
        return int(self.lapsing)

    def ask(self, day: date, due_at: datetime, *, grace: timedelta) -> None:
        """Ask on this local day, unless that was done already: a question, and what tells of it."""
        plan = self.plan
        checkin = CheckIn(
            pairing_id=plan.pairing_id,
            member_id=plan.member_id,
            local_date=day,
            due_at=due_at,
            state=CheckInState.OPEN,
        )
        key = f"check_in:{checkin.pk}"
        message = outbox.message(
            "check_in", plan.member_id, key=key, send_after=due_at, grace=grace, checkin=checkin.pk
        )
        self.asking = checkin, message if self.singly else None

    def post(self, topic: str, **facts: Any) -> None:
        """Another message to the plan's member; ``facts`` are those of `outbox.message`."""
        self.posts.append(outbox.message(topic, self.plan.member_id, **facts))


def read(plans: Sequence[CheckInPlan]) -> list[Sheet]:
    """A sheet for each of these plans, which the running transaction has locked; one query.

    It comes after the lock: whoever answers or ends holds the plan too, so that these facts stay as they are.
    """
    asked = CheckIn.objects.filter(pairing=OuterRef("pairing"), member=OuterRef("member"))
    still_open = asked.filter(state=CheckInState.OPEN)
    facts = CheckInPlan.objects.filter(pk__in=[plan.pk for plan in plans]).values_list(
        "pk",
        Subquery(asked.order_by("-local_date").values("local_date")[:1]),
        Subquery(still_open.values("pk")[:1]),
        Subquery(still_open.values("local_date")[:1]),
    )
    found = {pk: known for pk, *known in facts}
    return [Sheet(plan, plan.singly, *found[plan.pk]) for plan in plans]  # type: ignore[attr-defined]


@transaction.atomic
def write(sheets: Sequence[Sheet]) -> None:
    """Write all that these sheets want, or nothing; a handful of statements, whatever their number."""
    lapsing = [sheet.open_id for sheet in sheets if sheet.lapsing and sheet.open_id]
    if lapsing:
        CheckIn.objects.filter(pk__in=lapsing, state=CheckInState.OPEN).update(state=CheckInState.LAPSED)
    asking = [sheet.asking for sheet in sheets if sheet.asking]
    CheckIn.objects.bulk_create([checkin for checkin, _ in asking], ignore_conflicts=True)
    new = set(CheckIn.objects.filter(pk__in=[checkin.pk for checkin, _ in asking]).values_list("pk", flat=True))
    outbox.put(
        [told for checkin, told in asking if told and checkin.pk in new]
        + [one for sheet in sheets for one in sheet.posts]
    )
    _keep([sheet.plan for sheet in sheets])


def _keep(plans: Sequence[CheckInPlan]) -> None:
    columns = [plan.pk for plan in plans], [plan.next_at for plan in plans], [plan.unanswered for plan in plans]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, columns)
