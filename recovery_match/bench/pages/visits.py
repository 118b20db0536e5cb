"""Which pages there are for somebody, found from the site's own addresses, and how long each takes.

A page is fetched through the whole application, middleware and templates included, by Django's own test client in
this process: nothing but the network and the server's loop is missing.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter, time
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, reverse

from accounts.models import User
from accounts.proof import SECOND
from matching import urls

WARM_UP = 3
OK = 200
NINETY_FIFTH = 0.95
WORDS = {"report_rows": ("asked", "pairs", "queue", "wait_0"), "coordinate_excluded": ("gender", "hours")}
"""Addresses that end in a word, with the words that are tried."""

PARTS = {"round": ("", "pairs", "left", "sponsors")}
"""Pages of several parts."""

MARKS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
"""Mark a transaction, and ask the database nothing."""


@dataclass(frozen=True)
class Page:
    """One page of one person, by the name of its address."""

    name: str
    path: str


@dataclass(frozen=True)
class Visit:
    """``median`` and ``p95`` in milliseconds; ``size`` in bytes before compression; ``queries`` without
    the marks of a transaction."""

    name: str
    median: float
    p95: float
    queries: int
    size: int


def signed_in(user: User) -> Client:
    """A browser in which this person has signed in with a second factor."""
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": SECOND, "at": time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def pages(client: Client, below: str, slug: str, things: Sequence[UUID]) -> Iterator[Page]:
    """The pages whose address begins so and that this person may open: each with the first of ``things`` that fits."""
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name and str(pattern.pattern).startswith(below):
            for word in WORDS.get(pattern.name, ("",)):
                paths = _paths(pattern.name, slug, things, word)
                path = next((one for one in paths if client.get(one).status_code == OK), None)
                if path is not None:
                    parts = PARTS.get(pattern.name, ("",))
                    yield from (_page(pattern.name, word or part, path, part) for part in parts)


def _page(name: str, which: str, path: str, part: str) -> Page:
    return Page(f"{name} {which}".strip(), f"{path}?part={part}" if part else path)


def _paths(name: str, slug: str, things: Sequence[UUID], word: str) -> Iterator[str]:
    arguments: list[tuple[str | UUID, ...]] = [(), (slug,), *((one,) for one in things)]
    arguments += [(slug, one) for one in things]
    for args in arguments:
        try:
            yield reverse(name, args=[*args, word] if word else args)
        except NoReverseMatch:
            continue


def visit(client: Client, page: Page, times: int) -> Visit:
    """Fetch a page so often."""
    for _ in range(WARM_UP):
        client.get(page.path)
    seconds = sorted(_seconds(client, page.path) for _ in range(times))
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(page.path)
    return Visit(
        page.name,
        1000 * statistics.median(seconds),
        1000 * seconds[min(times - 1, round(NINETY_FIFTH * times))],
        sum(not query["sql"].startswith(MARKS) for query in queries.captured_queries),
        len(answer.content),
    )


def _seconds(client: Client, path: str) -> float:
    began = perf_counter()
    client.get(path)
    return perf_counter() - began
