"""A coordinator takes the lists of their office along: written down before the first byte goes out."""

from django.db import transaction

from accounts.models import Intergroup, Scope, User
from accounts.models.audit import AuditEntry, record
from accounts.models.intergroup import intergroups_coordinated_by
from accounts.queries.my_data import EXPORTED
from matching.actions.errors import NotAllowed


@transaction.atomic
def take_along(office: Intergroup, *, by: User) -> AuditEntry:
    """Write down that somebody takes everything along that they may see of an office. Raises NotAllowed.

    One entry for the office and not one a person: it concerns everybody alike, each member sees it on their own page
    (:func:`accounts.queries.my_data.looks_at`), and twenty thousand entries at a press would bury all the others.
    """
    if not intergroups_coordinated_by(by, Scope.AREA).filter(pk=office.pk).exists():
        raise NotAllowed
    return record(by, EXPORTED, office, intergroup_id=office.pk)
