"""What a notice is: what it says, and whether it still holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from matching.models import NoticeKind

Ids = dict[str, str]
Where = Callable[[Ids], str | None]
Words = str | Promise

NEWS = _("There is news for you")
WAITS = _("Somebody waits for your answer")
LOOK = _("Have a look")


@dataclass(frozen=True, slots=True)
class Told:
    """What one message says: the path of its link, and its text, to be put into words in the reader's language.

    ``foot`` are the words by language that the recipient's office adds to letters.
    """

    path: str
    text: Words
    foot: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """``where`` reads the facts again: the path of the link, or None when there is nothing to say any more.

    ``kind`` is what a member may switch off; None for what somebody waits for or must know. A ``text`` that depends on
    the facts is made of the row that ``where``, a :class:`Facts`, found, in the reader's language at that moment.
    ``answers`` are the words of the buttons on the page that the link leads to; in the letter they are no links, as a
    visit is no answer.
    """

    subject: Words
    text: Words | Callable[[Any], str]
    button: Words
    where: Where
    kind: NoticeKind | None = None
    answers: tuple[str | Promise, ...] = ()

    def paths(self, ids: Sequence[Ids]) -> list[str | None]:
        """``where`` for many messages, in their order; one query when ``where`` can read many at once."""
        return [None if one is None else one.path for one in self.tell(ids)]

    def tell(self, ids: Sequence[Ids]) -> list[Told | None]:
        """What many messages say at present, in their order; None for one that no longer holds. One query at most
        when ``where`` can read many at once."""
        if isinstance(self.where, Facts):
            rows = self.where.rows(ids)
            return [None if row is None else Told(self.where.path(row), self._words(row)) for row in rows]
        paths = [self.where(one) for one in ids]
        return [None if path is None else Told(path, self._words(None)) for path in paths]

    def _words(self, row: Any) -> Words:
        return _in_time(self.text, row) if callable(self.text) else self.text


@dataclass(frozen=True, slots=True)
class Facts:
    """A ``where`` that reads many at once: ``named`` is the id it needs, ``found`` the rows for which the message still
    holds, ``path`` the link to one of them."""

    named: str
    found: Callable[[], QuerySet[Any]]
    path: Callable[[Any], str]

    def __call__(self, ids: Ids) -> str | None:
        return self.many([ids])[0]

    def many(self, ids: Sequence[Ids]) -> list[str | None]:
        """The paths in the order of ``ids``, by one query. Raises KeyError or ValueError for ids that are none."""
        return [None if row is None else self.path(row) for row in self.rows(ids)]

    def rows(self, ids: Sequence[Ids]) -> list[Any | None]:
        """The rows in the order of ``ids``, by one query. Raises KeyError or ValueError for ids that are none."""
        wanted = [UUID(one[self.named]) for one in ids]
        rows = {row.pk: row for row in self.found().filter(pk__in=wanted)}
        return [rows.get(pk) for pk in wanted]


def _made(text: Callable[[Any], str], row: Any) -> str:
    return text(row)


_in_time = lazy(_made, str)
"""Words that are made when they are written down, as the language is known by then."""


def to(url: str) -> Where:
    """A page that is there for everybody: nothing to read again."""
    return lambda ids: reverse(url)
