"""What becomes of a member's report about another."""

from django.db import transaction

from accounts import clock
from accounts.models import Report, User
from accounts.models.audit import record


@transaction.atomic
def settle_report(report: Report, *, by: User) -> bool:
    """A coordinator has looked into a report; False when another one had, or it is not theirs to see any more."""
    if not Report.objects.open_for(by).filter(pk=report.pk).update(settled_at=clock.now()):
        return False
    record(by, "report.settled", report, member=report.by_id, intergroup_id=report.intergroup_id)
    return True
