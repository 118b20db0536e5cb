"""C4: the database alone refuses every forbidden row, whatever the code above it does."""

import json

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from tests.matching import world
from tests.matching.forbidden import CASES, Case, Values
from tests.matching.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> World:
    return world.build()


def _write(case: Case, values: Values, rows: World) -> None:
    """Copy or change the row, by SQL, and take it back again. JSON gives each column its own type."""
    row = rows[case.row]
    table, key = row._meta.db_table, row._meta.pk.column
    told = {name: str(rows[v[1:]].pk) if str(v)[:1] == "@" else v for name, v in values.items()}
    changed = f'(SELECT (jsonb_populate_record(t, %s::jsonb)).* FROM {table} t WHERE "{key}" = %s)'
    with transaction.atomic(), connection.cursor() as cursor:
        if case.copy:
            cursor.execute(f"INSERT INTO {table} {changed}", [json.dumps(told), row.pk])
        else:
            columns = ", ".join(f'"{name}" = n."{name}"' for name in told)
            cursor.execute(
                f'UPDATE {table} o SET {columns} FROM {changed} n WHERE o."{key}" = %s',
                [json.dumps(told), row.pk, row.pk],
            )
        assert cursor.rowcount == 1
        transaction.set_rollback(True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_database_refuses_what_the_code_should_never_do(case: Case, rows: World) -> None:
    """C4, each with its control: the same row without the violation is taken."""
    _write(case, case.good, rows)
    with pytest.raises(IntegrityError, match=rf'"{case.name}"'):
        _write(case, case.bad, rows)


def test_every_constraint_of_every_table_is_tried() -> None:
    """A constraint that the table of cases leaves out fails here."""
    ours = [model for app in ("accounts", "matching") for model in apps.get_app_config(app).get_models()]
    known = sorted(str(one.name) for model in ours for one in model._meta.constraints)
    assert sorted(case.name for case in CASES) == known
