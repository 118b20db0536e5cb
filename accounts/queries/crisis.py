"""Local crisis numbers of all offices, for the pages that know nobody."""

from accounts.crisis import LocalLine
from accounts.models import Intergroup, Policy


def offices_with_numbers() -> list[tuple[Intergroup, list[LocalLine]]]:
    """The offices that added numbers, by name, each with these; one query."""
    found = Policy.objects.exclude(crisis_lines=[]).select_related("intergroup").order_by("intergroup__name")
    return [(policy.intergroup, policy.local_lines) for policy in found]
