"""Finding people by a name that may be half typed or misspelt: "Roth" finds Ruth.

An index of trigrams finds everybody whose name has something in common with the word. What trigrams alone say is not
enough: of two names of four letters that differ in one, they find less in common (0.25) than of Roth and Rosa (0.4). So
those found are told apart by the letters that would have to change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Func, IntegerField, Model, Q, QuerySet, Value
from django.db.models.functions import Left

from accounts.models.people import name_to_search

SOMETHING_IN_COMMON = 0.2
"""Of 1: what the index finds."""

CLOSE_ENOUGH = 0.4
"""Of 1: so much in common is enough, however many letters differ."""

Row = TypeVar("Row", bound=Model)


class _Changes(Func):
    """How many letters must be added, left out or replaced to make one text of the other."""

    function = "levenshtein"
    output_field = IntegerField()


@contextmanager
def searching(word: str) -> Iterator[None]:
    """Within this, :func:`named_like` finds what is misspelt; costs a query when there is a word at all."""
    if not word:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        bound = str(SOMETHING_IN_COMMON)
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [bound])
        yield


def named_like(rows: QuerySet[Row], word: str, path: str = "") -> QuerySet[Row]:
    """The rows whose name, or its beginning, is like a word, the closest first; all of them without a word.

    ``path`` leads from the rows to the profile, with "__" at its end.
    """
    if not word:
        return rows
    small, name = word.lower(), name_to_search(path)
    found: QuerySet[Any] = rows.alias(
        searched=name,
        closeness=TrigramWordSimilarity(small, name),
        changes=_Changes(Left(name, len(small)), Value(small)),
    ).filter(searched__trigram_word_similar=small)
    alike = Q(changes__lte=_changes_allowed(small)) | Q(closeness__gte=CLOSE_ENOUGH)
    return found.filter(alike).order_by("changes", "-closeness", *rows.query.order_by)


def _changes_allowed(word: str) -> int:
    """Two letters in the wrong order are two changes."""
    if len(word) < 3:
        return 0
    return 1 if len(word) == 3 else 2
