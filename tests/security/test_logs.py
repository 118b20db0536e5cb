"""S11: nothing private reaches a log, a traceback or the broker, whatever goes wrong on the way."""

import ast
import base64
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import redis
from celery import shared_task
from django.conf import settings as django_settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from pytest_django.fixtures import Settings

from accounts.models import Contact, Profile, User
from matching.actions import checkins, outbox
from recovery_match import urls
from recovery_match.logs import LEFT_OUT, Scrubbed
from tests import factories
from tests.accounts.walk import ANSWERS, new_account, walk
from tests.conftest import signed_in
from tests.matching import story

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
MAIL, NAME, PHONE, HINT, NOTE = "canary@example.org", "Canaria", "+1 555 019 7777", "canary hint", "canary note"
CANARIES = [MAIL, NAME, PHONE, HINT, NOTE, "19 7777", "canary"]


def breaks(request: HttpRequest) -> HttpResponse:
    """A page that fails with what it just read, and after the database named a value."""
    contact = Contact.objects.get(pk=request.user.pk)
    profile = Profile.objects.get(pk=request.user.pk)
    try:
        with transaction.atomic():
            User.objects.create_user(email=MAIL)
    except IntegrityError as error:
        raise ValueError(f"{contact.phone} {contact.hint} {profile.first_name}") from error
    raise AssertionError


@shared_task
def fails(words: str) -> None:
    """A task that fails with what it was given; only tests do so."""
    raise ValueError(words)


urlpatterns = [path(f"breaks/{NAME}/", breaks), *urls.urlpatterns]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the handlers of the settings write, at the lowest level."""
    written = io.StringIO()
    before = []
    for handler in handlers():
        before.append((handler, handler.setStream(written)))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    for handler, stream in before:
        handler.setStream(stream)


def settings_of_logs() -> dict[str, Any]:
    found: dict[str, Any] = django_settings.LOGGING
    return found


def handlers() -> list["logging.StreamHandler[Any]"]:
    """Those that the settings have put in place."""
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in settings_of_logs()["loggers"])]
    found = {id(one): one for logger in loggers for one in logger.handlers if isinstance(one.formatter, Scrubbed)}
    return [one for one in found.values() if isinstance(one, logging.StreamHandler)]


def whole_walk(settings: Settings) -> None:
    """Somebody joins, says everything, is matched, is asked, answers, and meets a page and a task that fail."""
    settings.ROOT_URLCONF = __name__
    factories.intergroup()
    rosa, bea = factories.sponsor(), factories.coordinator()
    carla = new_account()
    User.objects.filter(pk=carla.pk).update(email=MAIL)
    carla.refresh_from_db()
    client = signed_in(carla)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ANSWERS, "name", {"first_name": NAME, "initial_letter": "C."})
        patch.setitem(ANSWERS, "contact", {"phone": PHONE, "email": MAIL, "hint": HINT})
        walk(client, factories.intergroup())
    Profile.objects.filter(pk=carla.pk).update(week=factories.EVENINGS, zone="America/New_York", languages=["en"])
    client.post(reverse("welcome_summary"))
    Profile.objects.filter(pk=carla.pk).exists()
    offer = story.held_out(story.looking(carla), rosa)
    offer.note = NOTE
    offer.save(update_fields=["note"])
    story.paired(factories.newcomer(), factories.sponsor(), bea)
    story.due_now()
    checkins.remind_due()
    mail.outbox.clear()
    outbox.send_outbox()
    for address in ("/home/", f"/nowhere/{NAME}/", f"/c/{MAIL}/", f"/breaks/{NAME}/?q={PHONE}"):
        client.raise_request_exception = False
        client.get(address)
    Client(headers={"host": f"{NAME}.example.org"}).get("/")
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": MAIL, "password": NOTE})
    Client().post(reverse("account_request_login_code"), {"email": MAIL})
    fails.apply(args=(f"{NAME} {PHONE}",))
    logging.getLogger("somebody.else").error(f"could not reach {MAIL}")
    logging.getLogger("somebody.else").error("could not reach %s: %r", MAIL, ValueError(NOTE))


def leaks(text: str) -> list[str]:
    return [word for word in CANARIES if word.lower() in text.lower()]


def test_a_whole_walk_leaves_nothing_private_in_the_logs(logged: io.StringIO, settings: Settings) -> None:
    """S11: 0 canaries, with pages, a task and a database that fail on the way; what failed can still be found."""
    whole_walk(settings)
    text = logged.getvalue()
    assert leaks(text) == []
    assert "psycopg.errors.UniqueViolation" in text
    assert "builtins.ValueError" in text
    assert f'File "{__file__}"' in text
    assert "in breaks" in text
    assert f"Internal Server Error: {LEFT_OUT}" in text
    assert "could not reach (left out): ValueError" in text


def test_control_a_plain_formatter_would_have_told(settings: Settings, logged: io.StringIO) -> None:
    """The negative control of S11: the same walk, written as Python's logging does by itself."""
    changed = [(handler, handler.formatter) for handler in handlers()]
    for handler, _ in changed:
        handler.setFormatter(logging.Formatter())
    try:
        whole_walk(settings)
    finally:
        for handler, formatter in changed:
            handler.setFormatter(formatter)
    assert set(leaks(logged.getvalue())) >= {MAIL, NAME, PHONE, HINT, NOTE}


def broker_text(client: Any) -> str:
    """Everything that Valkey holds: keys, values, and what is inside of Celery's messages."""
    found = []
    for name in client.scan_iter("*"):
        kind = client.type(name).decode()
        found.append(name.decode(errors="replace"))
        if kind == "list":
            found += [unpacked(one) for one in client.lrange(name, 0, -1)]
        elif kind == "hash":
            found += [part.decode(errors="replace") for pair in client.hgetall(name).items() for part in pair]
        elif kind == "set":
            found += [one.decode(errors="replace") for one in client.smembers(name)]
        elif kind == "zset":
            found += [one.decode(errors="replace") for one in client.zrange(name, 0, -1)]
        else:
            found.append((client.get(name) or b"").decode(errors="replace"))
    return "\n".join(found)


def unpacked(message: bytes) -> str:
    text = message.decode(errors="replace")
    try:
        return text + base64.b64decode(json.loads(text)["body"]).decode(errors="replace")
    except (ValueError, KeyError, TypeError):
        return text


@pytest.fixture
def broker() -> Iterator[Any]:
    client = redis.Redis.from_url(django_settings.REDIS_URL)
    client.flushall()
    yield client
    client.flushall()
    client.close()


def test_a_whole_walk_leaves_nothing_private_in_the_broker(broker: Any, settings: Settings) -> None:
    """S11: messages hold names of tasks and ids."""
    whole_walk(settings)
    text = broker_text(broker)
    assert "matching.tasks.send_outbox" in text
    assert leaks(text) == []


def test_control_words_in_a_message_would_be_seen(broker: Any) -> None:
    """The negative control: a task that is handed a word instead of an id."""
    fails.delay(NAME)
    assert NAME in leaks(broker_text(broker))


def test_every_handler_writes_what_is_allowed_only() -> None:
    assert {one["formatter"] for one in settings_of_logs()["handlers"].values()} == {"scrubbed"}
    assert handlers()


def record(name: str, message: Any, *arguments: Any) -> str:
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, None)
    return Scrubbed().format(made).partition(f" {name} ")[2]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("matching.actions.outbox", "message %s is set aside: %s", UUID(int=5), "SMTPServerDisconnected"), None),
        (("matching.actions.outbox", "message %s: %s", 5, "no such (mailbox)"), f"message 5: {LEFT_OUT}"),
        (
            (
                "celery.app.trace",
                "Task %(name)s[%(id)s]: %(exc)s",
                {"name": "matching.tasks.forget", "id": 1, "exc": NAME},
            ),
            f"Task matching.tasks.forget[1]: {LEFT_OUT}",
        ),
        (("django.request", "%s: %s", "Not Found", "/c/x/"), f"Not Found: {LEFT_OUT}"),
        (("other", "%d and %s", NAME, 5), "%d and %s"),
        (("other", ValueError(NAME)), "ValueError"),
        (("other", NAME), LEFT_OUT),
        (("celery.beat", "beat: Starting..."), "beat: Starting..."),
    ],
)
def test_what_is_allowed_and_what_is_left_out(said: tuple[Any, ...], told: str | None) -> None:
    expected = told or said[1] % said[2:]
    assert record(*said) == expected


def test_our_own_messages_are_templates_written_in_the_code() -> None:
    """A message of ours that is put together before it is logged would pass unseen."""
    found = []
    for folder in ("accounts", "matching", "recovery_match"):
        for file in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text())):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _logs(call.func):
                    found.append(isinstance(call.args[0], ast.Constant))
    assert len(found) > 15
    assert all(found)


def _logs(called: ast.Attribute) -> bool:
    levels = ("debug", "info", "warning", "error", "exception", "critical")
    return isinstance(called.value, ast.Name) and called.value.id in ("log", "logger") and called.attr in levels


def test_gunicorn_names_no_page() -> None:
    """S11 for the server in front of Django: the address of a page that failed is left out."""
    from gunicorn.config import Config

    from recovery_match.gunicorn_log import ScrubbedLogger

    written = io.StringIO()
    logger = ScrubbedLogger(Config())
    for handler in logger.error_log.handlers:
        handler.setStream(written)
    try:
        raise ValueError(NOTE)
    except ValueError:
        logger.exception("Error handling request %s", f"/c/{MAIL}/")
    logger.info("Starting gunicorn %s", "27.0")
    assert leaks(written.getvalue()) == []
    assert "builtins.ValueError" in written.getvalue()
