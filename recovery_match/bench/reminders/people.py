"""Made-up pairs who are to be asked, and rows of others by the million, in a database that is nobody else's.

Guards and references are off while rows are made: what a tick is not to read need not refer to anybody.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import uuid4

from django.db import connection
from django.db.models import Model
from psycopg import sql

from accounts.models import Profile, User
from matching.models import CheckIn, CheckInPlan, OutboxMessage, Pairing
from matching.states import CheckInState, PairingState

BATCH = 5000
TABLES = (OutboxMessage, CheckIn, CheckInPlan, Pairing, Profile, User)
LONG_AGO = datetime(2020, 1, 1, 12, tzinfo=UTC)
TOPIC = "check_in"


@contextmanager
def unguarded() -> Iterator[None]:
    """No trigger fires and no reference is checked on this connection; only a server of our own allows it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def clear() -> None:
    """Nobody is there."""
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} CASCADE")


def address(number: int) -> str:
    """Where the mails of this member go."""
    return f"member-{number}@bench.example"


def to_be_asked(count: int, due_at: datetime, *, first: int = 0) -> list[CheckInPlan]:
    """So many pairings of people in UTC, in each of which one is asked at this full hour.

    ``first`` is the number of the first of them, who are told apart by it.
    """
    numbers = range(first, first + count)
    users = [User(email=address(number), language="en") for number in numbers]
    profiles = [Profile(user=user, zone="UTC") for user in users]
    pairings = [
        Pairing(
            offer_id=uuid4(),
            sponsor_id=uuid4(),
            sponsee=user,
            fellowship_id=1,
            intergroup_id=1,
            state=PairingState.CONFIRMED,
            began_at=LONG_AGO,
            trial_ends_on=LONG_AGO.date(),
        )
        for user in users
    ]
    plans = [
        CheckInPlan(pairing=one, member=one.sponsee, hour=due_at.hour, hour_chosen=True, next_at=due_at)
        for one in pairings
    ]
    with unguarded():
        for rows in (users, profiles, pairings, plans):
            _create(rows)
    return plans


def waiting(count: int, first_due: datetime, apart: timedelta, *, first: int = 0) -> list[OutboxMessage]:
    """So many questions that were asked, their messages due one after the other."""
    plans = to_be_asked(count, LONG_AGO.replace(year=2200), first=first)
    checkins = [
        CheckIn(
            pairing_id=plan.pairing_id,
            member_id=plan.member_id,
            local_date=first_due.date(),
            due_at=first_due,
            state=CheckInState.OPEN,
        )
        for plan in plans
    ]
    messages = [
        OutboxMessage(
            key=f"{TOPIC}:{one.pk}",
            topic=TOPIC,
            recipient_id=one.member_id,
            ids={"checkin": str(one.pk)},
            posted_at=first_due,
            send_after=first_due + number * apart,
            grace_until=first_due + timedelta(hours=3),
        )
        for number, one in enumerate(checkins)
    ]
    with unguarded():
        _create(checkins)
        _create(messages)
    return messages


def others(count: int, after: datetime) -> None:
    """So many plans and messages that are due later than this, and so many that were sent before."""
    day = (after + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    (plan,) = to_be_asked(1, day, first=-1)
    (message,) = waiting(1, day, timedelta(), first=-2)
    later: LiteralString = "interval '1 second' * number"
    nobody: dict[str, LiteralString] = dict.fromkeys(("pairing_id", "member_id", "recipient_id"), "uuidv7()")
    another: dict[str, LiteralString] = {**nobody, "id": "uuidv7()", "key": "uuidv7()"}
    sent: dict[str, LiteralString] = {"state": "'sent'", "ended_at": "posted_at", "attempts": "1"}
    with unguarded():
        _copy(plan, count, nobody | {"id": "DEFAULT", "next_at": f"next_at + {later}"})
        _copy(message, count, another | {"send_after": f"send_after + {later}"})
        _copy(message, count, another | sent | {"send_after": f"send_after - interval '2 days' - {later}"})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _create(rows: Sequence[Any]) -> None:
    type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)


def _copy(row: Model, count: int, differing: dict[str, LiteralString]) -> None:
    """Copy one row so often, with these columns set by SQL that may speak of ``number``; DEFAULT leaves one out."""
    columns = [field.column for field in row._meta.concrete_fields if field.column]
    chosen = {
        column: sql.SQL(differing[column]) if column in differing else sql.Identifier(column)
        for column in columns
        if differing.get(column) != "DEFAULT"
    }
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1, {count}) AS number"
        " WHERE {table}.id = {original}"
    ).format(
        table=sql.Identifier(row._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, chosen)),
        values=sql.SQL(", ").join(chosen.values()),
        count=sql.Literal(count),
        original=sql.Literal(row.pk),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
