"""Values of a row that stands sealed in the database."""

from typing import Any

from django.db.models import Model


def opened(row: Model, *fields: str) -> dict[str, Any]:
    """The named fields of a row; what is sealed is opened."""
    return {name: getattr(row, name) for name in fields}
