"""A member's rights over their data: a copy of everything, and erasure.

Each app registers what it holds on a member when it gets ready, and for which tables it answers; this app never
imports another one. A test fails for a table that leads to a member and for which nobody answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.actions import erasures
from accounts.actions.bars import remember_bars
from accounts.copy import Section, Vocabulary, readable
from accounts.copy_words import WORDS
from accounts.models import Invitation, User
from accounts.models.audit import record
from accounts.queries.my_data import COVERS, Covers, what_is_kept


@dataclass(frozen=True, slots=True)
class Holder:
    """One app's part: ``collect`` gives plain values for a JSON file, ``leave`` ends what others depend on.

    ``covers`` names every table of the part that leads to a member, and what the copy holds of it; ``words`` are for
    those who read the copy.
    """

    collect: Callable[[User], dict[str, Any]]
    leave: Callable[[User], None]
    covers: Covers
    words: Vocabulary


_holders: dict[str, Holder] = {}


def register(
    name: str,
    *,
    collect: Callable[[User], dict[str, Any]],
    leave: Callable[[User], None],
    covers: Covers,
    words: Vocabulary,
) -> None:
    """Register an app's part under its name, once."""
    _holders[name] = Holder(collect, leave, covers, words)


def covered() -> dict[str, Covers]:
    """The tables that somebody answers for, by the name of the part; this app's own under the empty name."""
    return {"": COVERS, **{name: holder.covers for name, holder in _holders.items()}}


def export(member: User) -> dict[str, Any]:
    """Everything that is held on a member, by app."""
    return {**what_is_kept(member), **{name: holder.collect(member) for name, holder in _holders.items()}}


def export_to_read(member: User) -> list[Section]:
    """The same in words of the language that is active."""
    return readable(export(member), vocabularies())


def vocabularies() -> dict[str, Vocabulary]:
    """The words of each part, by its name; this app's own under the empty name."""
    return {"": WORDS, **{name: holder.words for name, holder in _holders.items()}}


def erase(member: User) -> None:
    """Delete a member and everything that is theirs, after leaving tidily: seats are freed, the others are told.

    Leaving takes several transactions, for each takes locks in its own fixed order; the account is locked first, so
    that nothing new begins, and a run that was cut off can be repeated.
    """
    User.objects.filter(pk=member.pk).update(is_active=False)
    for holder in _holders.values():
        holder.leave(member)
    with transaction.atomic():
        Invitation.objects.filter(email__iexact=member.email).delete()
        remember_bars(member)
        record(member, "account.erased", member, member=member.pk)
        erasures.remember(member.pk)
        member.delete()
