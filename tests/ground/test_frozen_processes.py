"""A process that froze inside a transaction keeps nobody waiting for ever."""

import pytest
from django.db import OperationalError, connection

from tests.ground.processes import eventually


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_database_ends_a_transaction_in_which_nothing_happens() -> None:
    assert _setting("idle_in_transaction_session_timeout") == "5min"
    assert _setting("lock_timeout") == "30s"


@pytest.mark.django_db(transaction=True)
def test_its_rows_are_free_again() -> None:
    """With a second instead of five minutes; the lock is gone once the database has ended the session."""
    frozen = connection.copy()
    try:
        with frozen.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = '1s'")
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE matching_heartbeat IN EXCLUSIVE MODE")
        assert not _can_lock()
        assert eventually(_can_lock, 20)
    finally:
        frozen.close()


def _can_lock() -> bool:
    with connection.cursor() as cursor:
        try:
            cursor.execute("BEGIN; LOCK TABLE matching_heartbeat IN EXCLUSIVE MODE NOWAIT; COMMIT")
        except OperationalError:
            cursor.execute("ROLLBACK")
            return False
    return True
