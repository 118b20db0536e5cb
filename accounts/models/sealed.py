"""A text column that stands sealed in the database and is opened when somebody reads it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, models
from django.db.models.query_utils import DeferredAttribute
from psycopg import sql

from accounts import crypto
from accounts.crypto import Place
from accounts.models.member_key import opening_key, sealing_key

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class Sealed(bytes):
    """What stands in the database. Shows nothing of itself."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class _OpenedWhenRead(DeferredAttribute):
    """The plain text on the instance. A row that nobody reads this of costs neither a key nor any work."""

    def __get__(self, instance: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, owner)
        if instance is not None and isinstance(value, Sealed):
            assert isinstance(self.field, SealedTextField)
            value = instance.__dict__[self.field.attname] = self.field.opened(instance, value)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        # With this, reading asks us even though the instance holds a value.
        instance.__dict__[self.field.attname] = value


def sealed_fields(model: type[models.Model]) -> "list[SealedTextField]":
    """The sealed columns of a table."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def write_sealed(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Seal the named columns of rows of one table anew and write them, many at once and nothing else."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in sealed_fields(type(rows[0])) if field.name in set(names)]
    assert meta.pk is not None
    change = sql.SQL("UPDATE {} SET {} WHERE {} = %s").format(
        _quoted(meta.db_table),
        sql.SQL(", ").join(sql.SQL("{} = %s").format(_quoted(field.column)) for field in fields),
        _quoted(meta.pk.column),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            change.as_string(), [[*(bytes(f.pre_save(row, False) or b"") for f in fields), row.pk] for row in rows]
        )


def _quoted(name: str | None) -> sql.Identifier:
    assert name is not None
    return sql.Identifier(name)


class SealedTextField(_Text):
    """A text sealed with a member's own key, for its row and column; ``owner`` is the attribute with the member's id.

    Plain text on instances, ``bytea`` in the database. A row knows its key and its place, so values are written by
    saving instances (``bulk_create`` too): ``QuerySet.update`` with a text, and looking for a text, are refused.
    ``values()`` gives it sealed. Nothing at all stands as nothing, unsealed.
    """

    description = "Text, sealed"
    descriptor_class = _OpenedWhenRead

    def __init__(self, *args: Any, owner: str, **kwargs: Any) -> None:
        self.owner = owner
        super().__init__(*args, **{"blank": True, "default": "", **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "owner": self.owner}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: bytes | None, *_: Any) -> Sealed | str | None:
        if value is None:
            return None
        return Sealed(value) if value else ""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # Sealed anew whatever it was: what an instance holds may be of a key that was retired in the meantime.
        text = getattr(model_instance, self.attname)
        return self.sealed(model_instance, text) if text else text

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Sealed):
            return value
        if value == "":
            return Sealed()
        raise TypeError(f"{self.name} is sealed for its row: save the row instead, and look for nothing in it.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = self.get_prep_value(value)
        return None if value is None else bytes(value)

    def get_default(self) -> Any:
        return ""

    def opened(self, instance: models.Model, value: bytes) -> str:
        """The text of a value that stands in this row. Raises CannotOpen."""
        key = opening_key(crypto.key_of(value), self._member(instance))
        return crypto.unseal(value, key, self._place(instance))

    def sealed(self, instance: models.Model, text: str) -> Sealed:
        """The value for this row, with its member's current key."""
        return Sealed(crypto.seal(text, sealing_key(self._member(instance)), self._place(instance)))

    def _member(self, instance: models.Model) -> UUID:
        member: UUID = getattr(instance, self.owner)
        return member

    def _place(self, instance: models.Model) -> Place:
        return Place(instance._meta.db_table, self.name, str(instance.pk))
