"""Fixtures for the whole suite: the cast, and a clock that tests may move."""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Intergroup, User
from matching.queries import today
from tests import factories, spread

# How long an example takes says more about what else the machine does than about the code.
hypothesis_settings.register_profile("suite", deadline=None)
hypothesis_settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--long``: races and state machines play many more rounds."""
    parser.addoption("--long", action="store_true", help="play many more rounds of every race")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Before pytest-xdist looks at its options."""
    spread.in_two_processes(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Before the processes are started."""
    spread.leave_engines_behind()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """No test may hang in an ordinary run; what plays longer on purpose may take its time."""
    if config.getoption("--long"):
        for item in items:
            item.add_marker(pytest.mark.timeout(0))
    if hasattr(config, "workerinput"):
        spread.longest_first(items)


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether this run has time."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def figures(long: bool, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Says what a long run has measured; an ordinary run keeps it to itself."""

    def say(words: str) -> None:
        if long:
            with capsys.disabled():
                sys.stdout.write(f"\n{words}\n")

    return say


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of the tests, which nobody holds open any more when it is deleted.

    A thread or a process that a test started closes its connection a moment after the test's end, and on a busy
    machine the moment is long.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _clock_as_it_was() -> Iterator[None]:
    """A test that lets time pass leaves the clock as it found it."""
    yield
    if settings.CLOCK_SHIFT_FILE is not None:
        settings.CLOCK_SHIFT_FILE.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _language_as_it_was() -> Iterator[None]:
    """The language of a request stays active in the thread that served it, and Django's test client serves in ours."""
    yield
    translation.deactivate()


@pytest.fixture
def written_anew() -> Iterator[None]:
    """SQL that a process writes once is written again in this test, and again after it."""
    today._gathered.cache_clear()
    yield
    today._gathered.cache_clear()


@pytest.fixture
def intergroup(db: None) -> Intergroup:
    return factories.intergroup()


@pytest.fixture
def ana(db: None) -> User:
    """Looks for a sponsor."""
    return factories.newcomer()


@pytest.fixture
def rosa(db: None) -> User:
    """Sponsors, with two free seats."""
    return factories.sponsor()


@pytest.fixture
def bea(intergroup: Intergroup) -> User:
    """Coordinates the intergroup of the others."""
    return factories.coordinator()


@pytest.fixture
def olga(db: None) -> User:
    """An outsider: a newcomer who has nothing to do with the others."""
    return factories.newcomer(first_name="Olga", initial="T")


@pytest.fixture
def outbox() -> list[mail.EmailMessage]:
    """Mails that were sent in this test."""
    return mail.outbox


def signed_in(user: User, *, by: str = "mfa", ago: timedelta = timedelta()) -> Client:
    """A browser in which somebody signed in some time ago, with a second factor unless told otherwise."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if user.is_active:
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": by, "at": time.time() - ago.total_seconds(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client
