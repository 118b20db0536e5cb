"""A browser without a screen, behind the proxy, and the book in which all of them write what they met."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.delivery.site import PLACE

HOST, ORIGIN = "127.0.0.1", f"https://{PLACE['DOMAIN']}"
SECONDS = 60
REDIRECTS = 4
SERVER_ERROR = 500
HEALTH = "healthz"
"""Says by 503 what it is there to say."""

GOOD = ("200", "302")
MOST_FAULTS = 30


class Book:
    """What everybody met: how often each deed got which status, how long answers took, and what must not be."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.met = Counter[str]()
        self.seconds: list[float] = []
        self.faults: list[str] = []

    def write(self, method: str, path: str, status: int, seconds: float, text: str = "") -> None:
        deed = f"{method} {named(path)} {status}"
        with self.lock:
            self.met[deed] += 1
            self.seconds.append(seconds)
            if (status >= SERVER_ERROR or not status) and named(path) != HEALTH and len(self.faults) < MOST_FAULTS:
                self.faults.append(f"{deed} {text[:200]}")

    def done(self) -> set[str]:
        """The names of what was posted and not refused."""
        with self.lock:
            deeds = [deed.split() for deed in self.met]
        return {name for method, name, status in deeds if method == "POST" and status in GOOD}


def named(path: str) -> str:
    """The name of the address, without what stands in it."""
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return "elsewhere"


class Browser:
    """One person's. Each request has a connection of its own, so that one that is cut off is the server's doing."""

    def __init__(self, port: int, book: Book, cookies: dict[str, str], address: str) -> None:
        self.port, self.book, self.cookies, self.address = port, book, dict(cookies), address
        self.path = "/"

    def get(self, path: str) -> str:
        """The page at the end of all redirects; empty when there is none to read."""
        return self._go("GET", path, None)

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> str:
        """The page that follows."""
        return self._go("POST", path, urlencode(fields))

    def _go(self, method: str, path: str, body: str | None) -> str:
        for _ in range(REDIRECTS):
            onward, text = self._ask(method, path, body)
            if not onward:
                self.path = path
                return text
            there = urlsplit(urljoin(ORIGIN + path, onward))
            if f"{there.scheme}://{there.netloc}" != ORIGIN:
                return ""
            method, body, path = "GET", None, there.path + (there.query and "?" + there.query)
        return ""

    def _ask(self, method: str, path: str, body: str | None) -> tuple[str, str]:
        began, status, onward, text = time.monotonic(), 0, "", ""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=SECONDS)
        try:
            connection.request(method, path, body, self._headers(body))
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            status, onward = answer.status, answer.headers.get("Location", "")
            for line in answer.headers.get_all("Set-Cookie") or []:
                self._keep(line)
        except (OSError, http.client.HTTPException) as error:
            text = type(error).__name__
        finally:
            connection.close()
        self.book.write(method, path, status, time.monotonic() - began, text)
        return onward, text

    def _headers(self, body: str | None) -> dict[str, str]:
        told = {"Host": PLACE["DOMAIN"], "X-Forwarded-Proto": "https", "X-Forwarded-For": self.address}
        told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            told |= {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
        return told

    def _keep(self, line: str) -> None:
        with suppress(ValueError):
            for name, one in SimpleCookie(line).items():
                self.cookies[name] = one.value
