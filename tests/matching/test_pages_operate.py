"""The operators' page: everything at a glance, each red thing with what to do, in eight queries."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import formats
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.models import AuditEntry, User
from matching.actions import leases
from matching.actions.health import beat_heart
from matching.actions.leases import End
from matching.actions.outbox import post, send_outbox
from matching.models import Heartbeat, OutboxMessage
from matching.queries.operate import TASKS
from matching.states import OutboxState
from tests.conftest import signed_in
from tests.ground.test_repository import ROOT
from tests.matching import office, round_story

pytestmark = pytest.mark.django_db

URL = "/operate/"


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(User.objects.create_superuser("operator@example.org"))


@pytest.fixture
def alive(db: None) -> None:
    for name in ("worker", *django_settings.CELERY_BEAT_SCHEDULE):
        beat_heart(name)


def set_aside(member: User, key: str = "one", topic: str = "not_this_time", trouble: str = "SMTPDataError") -> None:
    post(topic, member, key=key, send_after=clock.now() - timedelta(seconds=20))
    leases.end([End(lease, OutboxState.FAILED, trouble) for lease in leases.take()])


def silent(**ages: int) -> None:
    for name, age in ages.items():
        Heartbeat.objects.filter(name=name).update(at=datetime.now(UTC) - timedelta(seconds=age))


@pytest.fixture
def queue(settings: Settings) -> Iterator["redis.Redis"]:
    """A broker in which nobody else calls."""
    settings.REDIS_URL = re.sub(r"(/\d+)?$", "/9", settings.REDIS_URL, count=1)
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def test_times_are_those_of_the_logs_also_for_an_operator_who_lives_elsewhere(bea: User) -> None:
    User.objects.filter(pk=bea.pk).update(is_staff=True, is_superuser=True)
    now = clock.now()
    text = office.page(signed_in(bea), URL)
    assert bea.profile.zone != "UTC"
    assert any(f"As of {formats.date_format(moment, 'DATETIME_FORMAT')} (UTC)" in text for moment in (now, clock.now()))


def test_a_house_where_all_is_well_says_so_and_shows_what_runs(operator: Client, alive: None) -> None:
    text = office.page(operator, URL)
    assert "Everything works. There is nothing to do." in text
    assert "Needs you" not in text
    for empty in ("No messages yet", "None. A message is set aside", "No round is at work", "No message was sent"):
        assert empty in text
    for version in (django_settings.VERSION, "PostgreSQL", "Valkey"):
        assert version in text


def test_a_worker_that_was_never_seen_is_red(operator: Client) -> None:
    text = office.page(operator, URL)
    assert "Never seen." in text or "was not called" in text
    assert "Needs you" in text


def test_calls_that_pile_up_point_to_the_worker(operator: Client, alive: None, queue: "redis.Redis") -> None:
    queue.rpush("celery", *"1234567")
    silent(worker=200)
    text = office.page(operator, URL)
    assert "7 calls wait" in text
    assert "docker compose restart worker" in text
    assert "docker compose restart beat" not in text


def test_no_calls_at_all_point_to_beat(operator: Client, alive: None, queue: "redis.Redis") -> None:
    silent(worker=200)
    text = office.page(operator, URL)
    assert "docker compose restart beat" in text
    assert "docker compose restart worker" not in text


def test_a_broker_that_is_gone_is_red(operator: Client, alive: None, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "docker compose restart valkey" in office.page(operator, URL)


@pytest.mark.parametrize(("age", "late"), [(200, False), (220, True)])
def test_one_task_that_stopped_is_named(operator: Client, alive: None, age: int, late: bool) -> None:
    silent(remind_due=age)
    text = office.page(operator, URL)
    assert ("These have not ended for too long: Asks the questions that are due." in text) == late
    assert ("Too long ago" in text) == late


def test_what_waits_and_what_was_sent_is_told_by_topic(operator: Client, alive: None, ana: User) -> None:
    post("not_this_time", ana, key="sent", send_after=clock.now() - timedelta(seconds=25))
    send_outbox()
    post("pairing_ended", ana, key="later", send_after=clock.now() + timedelta(hours=1))
    post("paired", ana, key="due", send_after=clock.now() - timedelta(minutes=6))
    text = office.page(operator, URL)
    assert "within 30 seconds" in text
    assert "The oldest one has waited 6 minutes." in text
    for topic in ("not_this_time", "pairing_ended", "paired"):
        assert f"<code>{topic}</code>" in text


@pytest.mark.django_db(transaction=True)
def test_what_was_set_aside_is_sent_again_by_one_press(ana: User) -> None:
    user = User.objects.create_superuser("operator@example.org")
    operator = signed_in(user)
    for number in range(3):
        set_aside(ana, f"{number}")
    set_aside(ana, "other", trouble="KeyError")
    text = office.page(operator, URL)
    assert "4 messages could not be sent" in text
    answer = operator.post(
        reverse("operate_send_again"), {"topic": "not_this_time", "trouble": "SMTPDataError"}, follow=True
    )
    assert "3 messages go out again." in answer.content.decode()
    send_outbox()
    assert len(mail.outbox) == 3
    assert OutboxMessage.objects.filter(state=OutboxState.FAILED).count() == 1
    assert AuditEntry.objects.filter(verb="message.sent_again", actor=user.pk).count() == 3


def test_an_operator_without_the_right_may_look_and_not_send(ana: User) -> None:
    set_aside(ana)
    helper = User.objects.create_user("helper@example.org", is_staff=True)
    client = signed_in(helper)
    assert "not_this_time" in office.page(client, URL)
    told = {"topic": "not_this_time", "trouble": "SMTPDataError"}
    assert client.post(reverse("operate_send_again"), told).status_code == 403
    helper.user_permissions.add(Permission.objects.get(codename="change_outboxmessage"))
    assert client.post(reverse("operate_send_again"), told).status_code == 302


def test_a_round_that_hangs_is_red(operator: Client, alive: None, bea: User) -> None:
    round_ = round_story.laid_out(bea)
    assert "Hangs" not in office.page(operator, URL)
    type(round_).objects.update(began_at=clock.now() - timedelta(minutes=16))
    assert "1 round hangs." in office.page(operator, URL)


def test_nothing_on_the_page_tells_of_anybody(operator: Client, ana: User) -> None:
    set_aside(ana, "CANARY-key")
    text = office.page(operator, URL)
    for secret in ("CANARY", "Ana", ana.email, str(ana.pk)):
        assert secret not in text


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_it_asks_eight_queries_however_much_there_is(
    operator: Client, alive: None, ana: User, bea: User, language: str
) -> None:
    for number in range(12):
        set_aside(ana, f"{number}", trouble=f"Trouble{number}")
        post("not_this_time", ana, key=f"later {number}", send_after=clock.now() + timedelta(hours=1))
    round_story.laid_out(bea)
    operator.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    with office.at_most(8):
        assert operator.get(URL).status_code == 200


def test_the_version_is_the_projects() -> None:
    assert f'version = "{django_settings.VERSION}"' in (ROOT / "pyproject.toml").read_text()


def test_every_task_of_the_schedule_has_its_words(settings: Settings) -> None:
    assert set(settings.CELERY_BEAT_SCHEDULE) <= set(TASKS)
