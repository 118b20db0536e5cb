"""What a notice is: what it says, and whether it still holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.models import NoticeKind

Ids = dict[str, str]
Where = Callable[[Ids], str | None]

NEWS = _("There is news for you")
WAITS = _("Somebody waits for your answer")
LOOK = _("Have a look")


@dataclass(frozen=True, slots=True)
class Notice:
    """``where`` reads the facts again: the path of the link, or None when there is nothing to say any more.

    ``kind`` is what a member may switch off; None for what somebody waits for or must know. ``answers`` are the words
    of the buttons on the page that the link leads to; in the letter they are no links, as a visit is no answer.
    """

    subject: str | Promise
    text: str | Promise
    button: str | Promise
    where: Where
    kind: NoticeKind | None = None
    answers: tuple[str | Promise, ...] = ()

    def paths(self, ids: Sequence[Ids]) -> list[str | None]:
        """``where`` for many messages, in their order; one query when ``where`` can read many at once."""
        return self.where.many(ids) if isinstance(self.where, Facts) else [self.where(one) for one in ids]


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
        """The paths in the order of ``ids``, by one query. Raises KeyError or ValidationError for ids that are none."""
        wanted = [UUID(one[self.named]) for one in ids]
        rows = {row.pk: row for row in self.found().filter(pk__in=wanted)}
        return [self.path(rows[pk]) if pk in rows else None for pk in wanted]


def to(url: str) -> Where:
    """A page that is there for everybody: nothing to read again."""
    return lambda ids: reverse(url)
