"""R11: the signs of life that an alarm watches."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.models import User
from matching import tasks
from matching.actions.outbox import post
from matching.models import Heartbeat, OutboxMessage
from matching.states import OutboxState
from tests.matching import office


def look() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/healthz/")
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def worker(db: None) -> None:
    tasks.beat_heart()


def test_all_is_well_while_a_worker_beats_and_nothing_waits(worker: None) -> None:
    status, found = look()
    assert status == 200
    assert found == {
        "ok": True,
        "status": "ok",
        "database": True,
        "broker": True,
        "worker": 0,
        "oldest_waiting": 0,
    }


def test_a_worker_that_was_never_seen_is_red(db: None) -> None:
    status, found = look()
    assert (status, found["ok"], found["worker"]) == (503, False, None)


@pytest.mark.parametrize(("seconds", "status"), [(170, 200), (190, 503)])
def test_a_worker_silent_for_three_minutes_is_red(worker: None, seconds: int, status: int) -> None:
    Heartbeat.objects.update(at=datetime.now(UTC) - timedelta(seconds=seconds))
    assert look()[0] == status


@pytest.mark.parametrize(("seconds", "status"), [(290, 200), (310, 503)])
def test_a_due_notice_that_waits_five_minutes_is_red(worker: None, ana: User, seconds: int, status: int) -> None:
    post("looked_after", ana, key="one", send_after=clock.now() - timedelta(seconds=seconds))
    answered, found = look()
    assert answered == status
    assert seconds <= found["oldest_waiting"] <= seconds + 5


def test_a_notice_that_is_not_due_or_is_done_is_no_alarm(worker: None, ana: User) -> None:
    post("looked_after", ana, key="later", send_after=clock.now() + timedelta(hours=2))
    post("looked_after", ana, key="done", send_after=clock.now() - timedelta(hours=2))
    OutboxMessage.objects.filter(key="done").update(state=OutboxState.SENT)
    assert look()[1]["oldest_waiting"] == 0


def test_a_broker_that_is_gone_is_told_and_is_no_alarm(worker: None, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, found = look()
    assert (status, found["ok"], found["status"], found["broker"]) == (200, True, "degraded", False)


@pytest.fixture
def no_database(transactional_db: None) -> Iterator[None]:
    """A database that is not there any more: the same server, under a name that it does not know."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    yield
    connection.close()
    connection.settings_dict["NAME"] = name


def test_a_database_that_does_not_answer_is_red(no_database: None) -> None:
    status, found = look()
    assert (status, found["database"], found["ok"]) == (503, False, False)


def test_it_asks_two_questions_and_opens_no_session(worker: None) -> None:
    with office.at_most(2):
        answer = Client().get("/healthz/")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_task_of_the_schedule_leaves_a_mark_when_it_ends_and_no_other_does(db: None) -> None:
    tasks.expire_offers.apply()
    tasks.plan_round.apply(("no id",))
    tasks.finish_round.apply((str(uuid4()),))
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"expire_offers"}


def test_a_task_that_stops_on_an_error_leaves_no_mark(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE matching_checkinplan RENAME TO away")
        try:
            assert tasks.remind_due.apply().failed()
        finally:
            cursor.execute("ALTER TABLE away RENAME TO matching_checkinplan")
    assert not Heartbeat.objects.exists()
