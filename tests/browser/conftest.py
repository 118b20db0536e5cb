"""A real browser against a real server, and a real Celery worker on the same database."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from matching.engine import rehearse

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HEADLESS = shutil.which("chromium-headless-shell") or CHROMIUM
"""The same engine without windows, where it is installed: a whole browser draws its own frame around every page."""
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGS += ["--disable-component-update", "--disable-sync"]
# Playwright runs an event loop in this thread, and Django would refuse the database while it does.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# What hangs fails in the end; what is slow, since the machine does much else, does not.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def rehearsed() -> None:
    """As the processes of the site do when they start: a browser does not wait for a compiler."""
    rehearse()


@pytest.fixture(scope="session")
def chromium() -> Iterator[BrowserType]:
    """Chromium, or a skip that says why; under REQUIRE_BROWSER=1 its absence fails the run."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, and there is no Chromium on this machine.")
        pytest.skip("There is no Chromium on this machine.")
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """What opens nearly all pages."""
    with chromium.launch(executable_path=HEADLESS, args=ARGS) as one:
        yield one


@pytest.fixture(scope="session")
def whole_browser(chromium: BrowserType) -> Iterator[Browser]:
    """The one with windows, for what the other can't do: show a notification."""
    with chromium.launch(executable_path=CHROMIUM, args=ARGS) as one:
        yield one


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser of their own; ``problems`` collects what the console and the network complained of."""

    page: Page
    problems: list[str]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Every story is played twice."""
    return bool(request.param)


@pytest.fixture
def visitor(browser: Browser, site: str, javascript: bool) -> Iterator[Callable[[], Visitor]]:
    """Make visitors, each with cookies of their own."""
    contexts: list[BrowserContext] = []

    def make() -> Visitor:
        context = browser.new_context(base_url=site, java_script_enabled=javascript, locale="en-US")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page, problems = context.new_page(), list[str]()
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        page.on("request", lambda asked: problems.append(asked.url) if not _own(asked.url, site) else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        return Visitor(page, problems)

    yield make
    for context in contexts:
        context.close()


def _own(url: str, site: str) -> bool:
    return url.startswith((site, "data:", "blob:"))


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """The address of the running site, by a name: passkeys and cookies want one."""
    address = live_server.url.replace("127.0.0.1", "localhost")
    settings.SITE_URL = address
    settings.ALLOWED_HOSTS = ["localhost"]
    return address


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Where the worker's mails are written."""
    folder = tmp_path / "letters"
    folder.mkdir()
    return folder


@pytest.fixture
def worker(site: str, letters: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with its beat, in a process of its own, on this test's database and the real Valkey."""
    url = re.sub(r"/[^/?]*(\?.*)?$", rf"/{connection.settings_dict['NAME']}\1", os.environ["DATABASE_URL"])
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SITE_URL": site,
        "TICK_SECONDS": "1",
        "EMAIL_FILE_PATH": str(letters),
    }
    command = [sys.executable, "-m", "celery", "-A", "recovery_match", "worker", "--beat", "--concurrency", "1"]
    command += ["--schedule", str(tmp_path / "schedule"), "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=django_settings.BASE_DIR)
    yield process
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def code_in_mail(address: str) -> str:
    """The sign-in code in the newest mail to an address, as the person would read it."""
    texts = [str(letter.body) for letter in mail.outbox if address in letter.to]
    found = re.search(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", texts[-1], re.MULTILINE)
    assert found, texts[-1]
    return found[1]


def wait_for(look: Callable[[], object], seconds: float = 120) -> None:
    """Look again and again until something is there; fail when it does not come in time."""
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until, "It did not come in time."
        time.sleep(0.2)
