"""System checks that refuse an unsafe configuration outside of the local engines.

``check --deploy`` tells of them, and web, worker and beat refuse to start.
"""

import sys
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from matching.channels import vapid
from recovery_match.guessable import secrets_that_can_be_guessed
from recovery_match.plain_connections import plain_connections

SHORTEST_TOKEN = 24
WORKER_BOOT_ERROR = 3
DEFAULT_NAME = "Two Lights"
_HERE = {"localhost", "127.0.0.1", "[::1]", "*", ""}


@register(Tags.security, deploy=True)
def check_production(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Errors for demo pages, a movable clock, a place of its own that is missing, secrets one can guess, and
    connections that anybody on the way can read."""
    return [*_demo(), *_place(), *_tokens(), *secrets_that_can_be_guessed(), *plain_connections()]


def refuse_unsafe() -> None:
    """For whatever serves members: tell every reason on standard error, and do not start.

    Raises SystemExit, since Celery goes on after any other exception, and with the code by which gunicorn knows that
    another try would be in vain.
    """
    if settings.LOCAL:
        return
    if found := check_production(None):
        # The process's own: Celery turns the other one into a log, which would leave the reasons out.
        assert sys.__stderr__ is not None
        sys.__stderr__.write("".join(f"{one.id}: {one.msg}\n" for one in found))
        raise SystemExit(WORKER_BOOT_ERROR)


def _demo() -> Iterator[CheckMessage]:
    if settings.DEMO:
        yield Error("DEMO must be off in production: it shows every message and signs anybody in.", id="rm.E001")
    if settings.CLOCK_SHIFT_FILE is not None:
        yield Error("A clock that can be moved is for the demo and for tests only.", id="rm.E002")
    if settings.DEBUG:
        yield Error("DEBUG must be off in production: its pages show everything, to anybody.", id="rm.E008")


def _place() -> Iterator[CheckMessage]:
    if not settings.SITE_URL.startswith("https://"):
        yield Error("SITE_URL must be an https address: links in mails are made from it.", id="rm.E003")
    if not settings.ALLOWED_HOSTS or _HERE & set(settings.ALLOWED_HOSTS):
        yield Error("ALLOWED_HOSTS must be the site's own name, and nothing else.", id="rm.E009")
    if settings.SITE_NAME == DEFAULT_NAME:
        yield Error(
            "SITE_NAME must be your own neutral name: one that all sites share would tell what it is.", id="rm.E010"
        )
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] in _HERE:
        yield Error("DEFAULT_FROM_EMAIL must be an address of yours.", id="rm.E011")
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS):
        yield Error("Cookies must travel by https only, and browsers must be told so.", id="rm.E012")


def _tokens() -> Iterator[CheckMessage]:
    if settings.VAPID_PRIVATE_KEY and not vapid.is_key(settings.VAPID_PRIVATE_KEY):
        yield Error("VAPID_PRIVATE_KEY must be 32 bytes in URL-safe base64.", id="rm.E004")
    if 0 < len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield Error(f"METRICS_TOKEN can be guessed: make it {SHORTEST_TOKEN} characters or more.", id="rm.E005")
