"""Every row of every table of ours as text, so that two moments can be compared."""

from django.apps import apps
from django.db import connection

OURS = ("accounts", "matching")

Snapshot = dict[str, list[str]]


def tables() -> list[str]:
    """The tables behind our models, those between two of them included."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return sorted({model._meta.db_table for model in models})


def take() -> Snapshot:
    """What all of them hold at present."""
    found: Snapshot = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT row::text FROM "{table}" AS row ORDER BY 1')
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def differences(before: Snapshot, after: Snapshot) -> dict[str, int]:
    """By table, how many rows came, went or changed."""
    found = {table: len(set(before[table]) ^ set(after[table])) for table in before}
    return {table: count for table, count in found.items() if count}
