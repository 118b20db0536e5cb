"""One page of rows, and how many there are, by one query."""

from typing import Any

from django.db.models import Count, QuerySet, Window


def paged(rows: QuerySet[Any], number: int, size: int) -> tuple[int, list[Any]]:
    """How many rows there are, and those of a page, counted from 1; of the first where this one is beyond the end."""
    found = list(rows.annotate(of=Window(Count("*")))[(number - 1) * size : number * size])
    if not found and number > 1:
        return paged(rows, 1, size)
    return (found[0].of if found else 0), found
