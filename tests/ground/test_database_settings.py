"""What every session of the database is told, whichever database it is."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_no_query_is_compiled_which_would_take_longer_than_the_query() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, setting FROM pg_settings WHERE name = 'jit'")
        assert cursor.fetchone() == ("client", "off")
