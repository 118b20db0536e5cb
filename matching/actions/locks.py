"""Rows under lock, read afresh."""

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

from matching.actions.errors import TooLate

Row = TypeVar("Row", bound=Model)


def lock(rows: "QuerySet[Row]", **which: Any) -> Row:
    """The one of these rows that it is, locked as ``rows`` say.

    Raises TooLate when it is gone since somebody looked at it: with the account of a member who left meanwhile.
    """
    try:
        return rows.get(**which)
    except ObjectDoesNotExist as gone:
        raise TooLate("gone meanwhile") from gone
