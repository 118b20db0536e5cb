"""Local numbers grow old: those who do the work of an office are reminded to look them over once a year."""

from datetime import timedelta

from django.db import transaction

from accounts import clock
from accounts.models import Policy
from matching.actions.outbox import post
from matching.queries.coordinators import serving

AGAIN = timedelta(days=30)


def remind_numbers() -> int:
    """Write to the offices whose numbers are due, once in thirty days; returns to how many. Ticks may overlap."""
    return sum(_remind(pk) for pk in Policy.objects.exclude(crisis_lines=[]).values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int) -> bool:
    found = Policy.objects.select_related("intergroup").select_for_update(of=("self",), skip_locked=True)
    policy = found.filter(pk=pk).first()
    if policy is None:
        return False
    today, last = clock.today(policy.intergroup.zone), policy.numbers_reminded_on
    if not policy.numbers_due(today) or (last is not None and last > today - AGAIN):
        return False
    policy.numbers_reminded_on = today
    policy.save(update_fields=["numbers_reminded_on"])
    for member in serving(pk):
        post("numbers_due", member, key=f"numbers_due:{pk}:{today}:{member}", member=member)
    return True
