"""For migrations: seal text columns that stood open until now."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation

from accounts.models.member_key import holding_keys
from accounts.models.sealed import SealedTextField, write_sealed

BATCH = 1000


def seal_columns(app: str, model: str, *, owner: str, fields: "dict[str, models.Field[Any, Any]]") -> list[Operation]:
    """Operations that seal ``fields``, given with what they were before; back again they are opened.

    The table is written anew at the end: PostgreSQL keeps what stood in a dropped column until then.
    """
    names = list(fields)
    table = f"{app}_{model}"
    return [
        *(migrations.RenameField(model, name, f"open_{name}") for name in names),
        *(migrations.AddField(model, name, SealedTextField(owner=owner)) for name in names),
        migrations.RunPython(
            lambda apps, _: _seal(apps.get_model(app, model), owner, names),
            lambda apps, _: _open(apps.get_model(app, model), names),
        ),
        # On the way back the column comes with something in every row, before it is filled.
        *(migrations.AlterField(model, f"open_{name}", models.TextField(default="")) for name in names),
        *(migrations.RemoveField(model, f"open_{name}") for name in names),
        migrations.RunSQL(f"CLUSTER {table} USING {table}_pkey", migrations.RunSQL.noop),
    ]


def _seal(model: type[models.Model], owner: str, names: list[str]) -> None:
    for rows in _batches(model):
        with holding_keys({getattr(row, owner) for row in rows}):
            for row in rows:
                for name in names:
                    setattr(row, name, getattr(row, f"open_{name}"))
            write_sealed(rows, names)
    _check_now()


def _check_now() -> None:
    # What waits to be checked until the end would keep the table from being changed before.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _open(model: type[models.Model], names: list[str]) -> None:
    for rows in _batches(model):
        for row in rows:
            for name in names:
                setattr(row, f"open_{name}", getattr(row, name))
        model._default_manager.bulk_update(rows, [f"open_{name}" for name in names])
    _check_now()


def _batches(model: type[models.Model]) -> Iterator[list[models.Model]]:
    found = model._default_manager.order_by("pk")
    rows = list(found[:BATCH])
    while rows:
        yield rows
        rows = list(found.filter(pk__gt=rows[-1].pk)[:BATCH])
