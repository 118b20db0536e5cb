"""Days worth remembering in tests: somebody with a date who wants to be told, and time that goes on to the next day."""

from datetime import date, timedelta
from typing import Any

from accounts import clock
from accounts.models import Profile, User
from matching.actions.milestones import set_milestones, tell_due
from matching.actions.outbox import send_outbox
from matching.models import MilestonePlan, OutboxMessage

SOON = timedelta(seconds=1)
# Leases go by the database's clock, which stands still within a test, however slowly the test runs.
BY_THE_DATABASE = timedelta(minutes=5)


def dated(member: User, days_ago: int = 0) -> date:
    """Give somebody a date, counted from today in their zone."""
    began = clock.today(member.profile.zone) - timedelta(days=days_ago)
    Profile.objects.filter(pk=member.pk).update(recovery_date=began)
    member.profile.refresh_from_db()
    return began


def remembered(member: User, days_ago: int = 0, *, sponsor_too: bool = False) -> MilestonePlan:
    """Somebody with a date wants their milestones remembered, and the tick has counted them."""
    dated(member, days_ago)
    set_milestones(member.profile, by=member, wanted=True, sponsor_too=sponsor_too)
    assert tell_due() == 0
    return MilestonePlan.objects.get(member=member)


def next_day(member: User) -> MilestonePlan:
    """The local day of somebody's next milestone begins, and the tick posts it."""
    plan = MilestonePlan.objects.get(member=member)
    clock.move_on(plan.next_at - clock.now() + SOON)
    assert tell_due() == 1
    plan.refresh_from_db()
    return plan


def posted(**wanted: Any) -> list[OutboxMessage]:
    """The messages about milestones, the earliest due first."""
    return list(OutboxMessage.objects.filter(topic__startswith="milestone", **wanted).order_by("send_after"))


def send(message: OutboxMessage, late: timedelta = BY_THE_DATABASE) -> OutboxMessage:
    """Its moment has come, or more; what is due is sent."""
    clock.move_on(message.send_after + late - clock.now())
    send_outbox()
    return OutboxMessage.objects.get(pk=message.pk)
