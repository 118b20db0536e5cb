"""The log by which every process learns whose row of the roster is no longer what it was."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Func

HELD_BACK = Func(Func(function="pg_current_snapshot"), function="pg_snapshot_xmin")
"""The oldest transaction still under way: whatever is older has committed for all to see, or never will."""

if TYPE_CHECKING:
    _Number = models.BigIntegerField[int, int]
else:
    _Number = models.BigIntegerField


class TransactionField(_Number):
    """A transaction's number as PostgreSQL's ``xid8``: rising, 64 bits, never used twice."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: str | None, *_: Any) -> int | None:
        return None if value is None else int(value)


class RosterChange(models.Model):
    """A member, or everybody in an area, may be matched differently since transaction ``xid``; both empty: everybody.

    Triggers write these rows in the transaction of the change itself. Nobody updates them, so that two changes of one
    member never wait for each other here. The member is a plain id: the row says that somebody was erased, too, and
    retention deletes it after two days. ``settled`` is what no later look at the database waits for any more.
    """

    member = models.UUIDField(null=True)
    area = models.BigIntegerField(null=True)
    xid = TransactionField(db_default=Func(function="pg_current_xact_id"))
    settled = TransactionField(db_default=HELD_BACK)
    at = models.DateTimeField(db_default=Func(function="clock_timestamp"))

    class Meta:
        indexes = [models.Index(fields=["xid"], name="roster_change_xid")]

    def __str__(self) -> str:
        return str(self.member or self.area or "everybody")
