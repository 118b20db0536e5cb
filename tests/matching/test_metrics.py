"""Prometheus' figures: right after any restart, cheap however many messages there are, shut without the token."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.models import User
from matching import tasks
from matching.actions import leases
from matching.actions.leases import End
from matching.actions.outbox import post, send_outbox
from matching.models import Heartbeat, OutboxMessage
from matching.states import OutboxState
from recovery_match.checks import check_production
from tests.conftest import signed_in
from tests.matching import office, round_story

pytestmark = pytest.mark.django_db

TOKEN = "a token of the tests"
P = "recovery_match_"
QUERIES = 5


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def due(member: User, key: str, *, ago: float = 20, **ids: Any) -> None:
    """Post a message that was due so many seconds ago: a test's transaction began before its posts."""
    post("not_this_time", member, key=key, send_after=clock.now() - timedelta(seconds=ago), **ids)


def ask(token: str = TOKEN) -> tuple[int, str]:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.content.decode()


def scrape() -> dict[str, Metric]:
    status, text = ask()
    assert status == 200
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(families: dict[str, Metric], family: str, sample: str = "", **labels: str) -> float:
    found = [s.value for s in families[P + family].samples if s.name == P + (sample or family) and s.labels == labels]
    assert len(found) == 1, (family, labels, found)
    return found[0]


def test_an_idle_house_tells_that_nothing_waits() -> None:
    tasks.beat_heart()
    found = scrape()
    assert value(found, "database_up") == value(found, "broker_up") == 1
    assert value(found, "oldest_waiting_seconds") == value(found, "rounds_at_work") == 0
    assert value(found, "heartbeat_age_seconds", name="worker") < 5
    assert value(found, "message_lateness_seconds", "message_lateness_seconds_count") == 0


def test_sent_messages_stand_in_the_buckets_of_their_lateness(ana: User) -> None:
    for number, late in enumerate((-300, 14, 14, 100)):
        due(ana, str(number), ago=late)
    OutboxMessage.objects.filter(key="0").update(state=OutboxState.SENT, ended_at=clock.now())
    send_outbox()
    found = scrape()
    name = "message_lateness_seconds"
    counts = {
        sample.labels["le"]: sample.value for sample in found[P + name].samples if sample.name == f"{P}{name}_bucket"
    }
    assert (counts["1.0"], counts["10.0"], counts["15.0"], counts["60.0"], counts["120.0"]) == (1, 1, 3, 3, 4)
    assert counts["+Inf"] == value(found, name, f"{name}_count") == 4
    assert list(counts.values()) == sorted(counts.values())
    assert 110 <= value(found, name, f"{name}_sum") <= 130
    assert value(found, "messages", "messages_total", topic="not_this_time", outcome="sent") == 4


def test_what_waits_is_told_apart_by_topic_and_moment(ana: User) -> None:
    due(ana, "leased")
    leases.take()
    due(ana, "due", ago=90)
    post("pairing_ended", ana, key="later", send_after=clock.now() + timedelta(hours=1))
    post("pairing_ended", ana, key="later")
    found = scrape()
    parts = {(s.labels["topic"], s.labels["part"]): s.value for s in found[P + "messages_open"].samples}
    assert parts == {("not_this_time", "leased"): 1, ("not_this_time", "due"): 1, ("pairing_ended", "future"): 1}
    assert 90 <= value(found, "oldest_waiting_seconds") <= 95
    assert value(found, "messages", "messages_total", topic="pairing_ended", outcome="duplicate") == 1


def test_what_was_set_aside_is_named_by_its_trouble(ana: User) -> None:
    due(ana, "one")
    leases.end([End(lease, OutboxState.FAILED, "SMTPDataError") for lease in leases.take()])
    found = scrape()
    assert value(found, "messages_set_aside", topic="not_this_time", trouble="SMTPDataError") == 1
    assert value(found, "messages", "messages_total", topic="not_this_time", outcome="failed") == 1


def test_rounds_at_work_are_counted_and_those_that_hang(bea: User) -> None:
    round_ = round_story.laid_out(bea)
    found = scrape()
    assert (value(found, "rounds_at_work"), value(found, "rounds_hanging")) == (1, 0)
    type(round_).objects.update(began_at=clock.now() - timedelta(minutes=16))
    assert value(scrape(), "rounds_hanging") == 1


def test_counters_never_fall_when_messages_are_sent_again_forgotten_or_erased(ana: User) -> None:
    due(ana, "one")
    send_outbox()
    before = value(scrape(), "messages", "messages_total", topic="not_this_time", outcome="sent")
    OutboxMessage.objects.all().delete()
    ana.delete()
    assert value(scrape(), "messages", "messages_total", topic="not_this_time", outcome="sent") == before == 1


def test_no_label_names_anybody(ana: User) -> None:
    due(ana, "CANARY-key", note="CANARY-id")
    post("pairing_ended", ana, key="CANARY-two")
    leases.end([End(lease, OutboxState.FAILED, "Poison") for lease in leases.take()])
    text = ask()[1]
    assert not re.search(r"CANARY|[0-9a-f]{8}-[0-9a-f]{4}|@", text)
    labels = {name for family in scrape().values() for sample in family.samples for name in sample.labels}
    assert labels <= {"topic", "outcome", "part", "trouble", "name", "le"}


def test_without_a_configured_token_the_address_does_not_exist(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert ask()[0] == ask("")[0] == 404


@pytest.mark.parametrize(("token", "found"), [("", False), ("x" * 23, True), ("x" * 24, False)])
def test_a_token_that_can_be_guessed_is_refused_at_deployment(settings: Settings, token: str, found: bool) -> None:
    settings.METRICS_TOKEN = token
    assert ("rm.E005" in {one.id for one in check_production(None)}) == found


@pytest.mark.parametrize("token", ["", "another", TOKEN[:-1], TOKEN + "x", "ä"])
def test_another_token_is_refused_and_learns_nothing(token: str) -> None:
    status, text = ask(token)
    assert (status, text) == (401, "")
    assert Client().get("/metrics").status_code == 401
    assert Client().get("/metrics", {"token": TOKEN}).status_code == 401


def test_a_session_is_no_token() -> None:
    operator = signed_in(User.objects.create_superuser("operator@example.org"))
    assert operator.get("/metrics").status_code == 401


def test_a_scrape_opens_no_session_and_is_kept_nowhere() -> None:
    with office.at_most(QUERIES):
        answer = Client().get(reverse("metrics"), headers={"Authorization": f"Bearer {TOKEN}"})
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_broker_or_a_database_that_is_gone_is_told_and_no_error(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    found = scrape()
    assert (value(found, "broker_up"), value(found, "database_up")) == (0, 1)
    assert P + "broker_queue_length" not in found


@pytest.fixture
def no_database(transactional_db: None) -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    yield
    connection.close()
    connection.settings_dict["NAME"] = name


def test_a_database_that_is_gone_is_told_and_no_error(no_database: None) -> None:
    found = scrape()
    assert (value(found, "broker_up"), value(found, "database_up")) == (1, 0)


MANY = """
INSERT INTO matching_outboxmessage
       (id, key, topic, recipient_id, ids, state, posted_at, send_after, grace_until, ended_at, attempts, trouble)
SELECT gen_random_uuid(), 'many:' || number, 'check_in', %(who)s, '{}',
       CASE WHEN number %% 5 = 0 THEN 'waiting' ELSE 'sent' END, now(), now() - number * interval '1 second',
       now() + interval '1 day', now(), 1, ''
  FROM generate_series(1, 120000) AS number
"""


def test_a_scrape_costs_the_same_with_a_hundred_thousand_messages(ana: User) -> None:
    """The negative control is the plain count by state, which takes many times as long."""
    Heartbeat.objects.create(name="worker", at=datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute(MANY, {"who": ana.pk})
        cursor.execute("ANALYZE matching_outboxmessage")
    with office.at_most(QUERIES):
        found = scrape()
    assert value(found, "messages_open", topic="check_in", part="due") == 20_000
    assert value(found, "oldest_waiting_seconds") >= 100_000
    began = process_time()
    ask()
    assert process_time() - began < 0.1
