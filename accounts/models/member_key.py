"""Each member's own key, with which their private words are sealed; it goes with them, and their words with it.

Reading costs one query for each key, and none while it is remembered: for a minute, in this process, by the key's id,
which always means the same key. Writing looks the current key up again and holds it until its transaction ends, so
that a key is never replaced under somebody who seals with it.
"""

import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from accounts import clock, crypto
from accounts.crypto import DataKey, KeyDestroyed, MasterKeys, Wrapped

REMEMBERED_SECONDS = 60.0
MOST_REMEMBERED = 10_000

# In SQL, as the migrations that seal what stood open use these too, whatever becomes of the model later.
_ONE = "SELECT id, member_id, master, wrapped FROM accounts_memberkey WHERE id = %s AND member_id = %s"
_ALL = "SELECT id, member_id, master, wrapped FROM accounts_memberkey WHERE member_id = ANY(%s)"
# The lock: replacing a key waits, or looks elsewhere, until everybody who seals with it has committed.
_CURRENT = f"{_ALL} AND retired_at IS NULL ORDER BY id FOR KEY SHARE"

_remembered: dict[uuid.UUID, tuple[float, DataKey]] = {}
_held: ContextVar[dict[uuid.UUID, DataKey] | None] = ContextVar("held", default=None)


class MemberKey(models.Model):
    """A data key of one member, wrapped by the master key of the name ``master``.

    The one that is not retired seals; a retired one still opens what was sealed before it was replaced.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="keys")
    master = models.CharField(max_length=20)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(retired_at__isnull=True), name="member_key_current")
        ]
        indexes = [
            models.Index(fields=["retired_at"], name="member_key_retired", condition=Q(retired_at__isnull=False))
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def opened(self) -> DataKey:
        """The key itself. Raises CannotOpen."""
        return crypto.unwrap(self.pk, self.member_id, Wrapped(self.master, bytes(self.wrapped)), master_keys())


@lru_cache(maxsize=4)
def _parsed(listed: str) -> MasterKeys:
    return MasterKeys.parse(listed)


def master_keys() -> MasterKeys:
    """Those of the settings. Raises BadMasterKeys."""
    return _parsed(settings.MASTER_KEYS)


def opening_key(key_id: uuid.UUID, member: uuid.UUID) -> DataKey:
    """The key of that id, for opening. Raises KeyDestroyed when this member has no such key, or CannotOpen."""
    known = _remembered.get(key_id)
    if known is None or known[0] < time.monotonic() or known[1].member != member:
        found = _select(_ONE, [key_id, member])
        if not found:
            raise KeyDestroyed(str(key_id))
        return _remember(found[0])
    return known[1]


def sealing_key(member: uuid.UUID) -> DataKey:
    """The member's current key, made if there is none yet, held in place until the running transaction ends."""
    held = (_held.get() or {}).get(member)
    return held or _current_keys([member])[member]


@contextmanager
def holding_keys(members: Iterable[uuid.UUID]) -> Iterator[None]:
    """Within this, sealing for these members asks the database for no key: all were fetched at once."""
    token = _held.set(_current_keys(list(members)))
    try:
        yield
    finally:
        _held.reset(token)


def remember_keys(members: Iterable[uuid.UUID]) -> None:
    """Fetch the keys of these members by one query, before a list of their words is read."""
    for key in _select(_ALL, [list(members)]):
        _remember(key)


def forget_keys() -> None:
    """Drop every key that this process remembers."""
    _remembered.clear()


def _current_keys(members: list[uuid.UUID]) -> dict[uuid.UUID, DataKey]:
    found = {key.member: key for key in _select(_CURRENT, [members])}
    if missing := set(members) - set(found):
        _make(missing)
        found |= {key.member: key for key in _select(_CURRENT, [list(missing)])}
    for key in found.values():
        _remember(key)
    return found


def _make(members: Iterable[uuid.UUID]) -> None:
    """Make keys; of two who make one for the same member at once, the first one's stays."""
    fresh = [crypto.new_data_key(uuid.uuid4(), member) for member in sorted(members)]
    shut = [(key, crypto.wrap(key, master_keys())) for key in fresh]
    MemberKey.objects.bulk_create(
        (MemberKey(pk=key.id, member_id=key.member, master=one.master, wrapped=one.text) for key, one in shut),
        ignore_conflicts=True,
        batch_size=1000,
    )


def _select(query: str, values: list[Any]) -> list[DataKey]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    masters = master_keys()
    return [crypto.unwrap(pk, member, Wrapped(master, bytes(text)), masters) for pk, member, master, text in rows]


def _remember(key: DataKey) -> DataKey:
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key.id] = (time.monotonic() + REMEMBERED_SECONDS, key)
    return key
