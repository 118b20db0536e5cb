"""Whoever compares settings is in nobody's way: no lock but that of a reader, and offers go on meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from matching.actions import requests
from matching.engine import DEFAULT_WEIGHTS
from matching.models import Offer, SponsorRequest
from matching.queries import comparing
from matching.queries.comparing import compare
from matching.queries.everybody import Everybody, everybody
from tests import factories
from tests.matching import office
from tests.matching.round_story import waits

pytestmark = pytest.mark.django_db(transaction=True)

LOCKS = """
SELECT mode FROM pg_locks
 WHERE pid = %s AND locktype IN ('relation', 'tuple', 'page') AND relation::regclass::text ~ '^(accounts|matching)_'
"""
XID = "SELECT backend_xid IS NULL FROM pg_stat_activity WHERE pid = %s"
SETTINGS = {"own": {str(name): points for name, points in DEFAULT_WEIGHTS.items()}, "a": {"availability": 50}}


class Halfway:
    """Somebody's work in a thread of its own, which stops once everybody is read, and the process that serves it."""

    def __init__(self, patch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
        self.read, self.go_on, self.pid, self.answer = Event(), Event(), 0, None
        patch.setattr(comparing, "everybody", self._everybody)
        self._thread = Thread(target=self._work, args=[work])

    def _everybody(self, *args: Any, **named: Any) -> Everybody:
        found = everybody(*args, **named)
        self.stop()
        return found

    def stop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.pid = cursor.fetchone()[0]
        self.read.set()
        assert self.go_on.wait(60)

    def _work(self, work: Callable[[], object]) -> None:
        try:
            self.answer = work()  # type: ignore[assignment]
        finally:
            self.read.set()
            connection.close()

    @contextmanager
    def there(self) -> Iterator[None]:
        """While it has stopped."""
        self._thread.start()
        assert self.read.wait(60)
        try:
            yield
        finally:
            self.go_on.set()
            self._thread.join(60)


def locks(pid: int) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(LOCKS, [pid])
        return {mode for (mode,) in cursor.fetchall()}


def has_written_nothing(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(XID, [pid])
        return bool(cursor.fetchone()[0])


def offer_is_made(request: SponsorRequest) -> Offer:
    """At once: whoever would have to wait for a lock fails after a second."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
        best = request.suggestions.earliest("place").sponsor_id
        return requests.choose(request, [best], by=request.member)


@pytest.fixture
def request_of_ana(rosa: User) -> SponsorRequest:
    waits(first_name="Nina")
    return office.asked()


def test_a_comparison_takes_no_lock_but_a_readers_and_an_offer_goes_on_meanwhile(
    monkeypatch: pytest.MonkeyPatch, request_of_ana: SponsorRequest
) -> None:
    halfway = Halfway(monkeypatch, lambda: compare(factories.intergroup(), SETTINGS))
    with halfway.there():
        assert locks(halfway.pid) == {"AccessShareLock"}
        assert has_written_nothing(halfway.pid)
        assert offer_is_made(request_of_ana).state == "sent"
    assert isinstance(halfway.answer, comparing.Comparison)
    assert len(halfway.answer.tried["a"].given) == 2


def test_control_whoever_locks_the_requests_would_stand_in_the_way(
    monkeypatch: pytest.MonkeyPatch, request_of_ana: SponsorRequest
) -> None:
    """The negative control: the same people read under locks."""

    def read_locked() -> None:
        with transaction.atomic():
            assert list(SponsorRequest.objects.select_for_update())
            halfway.stop()

    halfway = Halfway(monkeypatch, read_locked)
    with halfway.there():
        assert "RowShareLock" in locks(halfway.pid)
        with pytest.raises(OperationalError, match="lock timeout"):
            offer_is_made(request_of_ana)
