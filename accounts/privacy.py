"""A member's rights over their data: a copy of everything, and erasure.

Each app registers what it holds on a member when it gets ready; this app never imports another one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.models.audit import record
from accounts.queries.my_data import what_is_kept


@dataclass(frozen=True, slots=True)
class Holder:
    """One app's part: ``collect`` gives plain values for a JSON file, ``leave`` ends what others depend on."""

    collect: Callable[[User], dict[str, Any]]
    leave: Callable[[User], None]


_holders: dict[str, Holder] = {}


def register(name: str, *, collect: Callable[[User], dict[str, Any]], leave: Callable[[User], None]) -> None:
    """Register an app's part under its name, once."""
    _holders[name] = Holder(collect, leave)


def export(member: User) -> dict[str, Any]:
    """Everything that is held on a member, by app."""
    return {**what_is_kept(member), **{name: holder.collect(member) for name, holder in _holders.items()}}


def erase(member: User) -> None:
    """Delete a member and everything that is theirs, after leaving tidily: seats are freed, the others are told.

    Leaving takes several transactions, for each takes locks in its own fixed order; the account is locked first, so
    that nothing new begins, and a run that was cut off can be repeated.
    """
    User.objects.filter(pk=member.pk).update(is_active=False)
    for holder in _holders.values():
        holder.leave(member)
    with transaction.atomic():
        record(member, "account.erased", member, member=member.pk)
        member.delete()
