"""The settings of a deployment, laid over those of the tests."""

import os
import runpy
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings as django_settings
from pytest_django import Settings

HOST = "sponsors.example.org"
ENVIRONMENT = {
    "SECRET_KEY": "x" * 64,
    "MASTER_KEYS": "first:" + "A" * 43 + "=",
    "LOOKUP_KEY": "y" * 64,
    "EMAIL_URL": "smtp+tls://unused:unused@mail.example.org:587",
    "ALLOWED_HOSTS": HOST,
    "SITE_URL": f"https://{HOST}",
}
GUARDS = ("SECURE_", "SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE", "X_FRAME", "CONTENT_SECURITY", "ALLOWED_HOSTS")
COOKIES = ("MESSAGES_COOKIE_NAME", "THEME_COOKIE_NAME", "KEEPER_COOKIE_NAME", "DRAFT_COOKIE_NAME", "SITE_URL")


def read() -> dict[str, Any]:
    """The settings as a server would read them from its environment."""
    here = {name: value for name, value in os.environ.items() if name != "RECOVERY_MATCH_LOCAL"}
    with mock.patch.dict(os.environ, {**here, **ENVIRONMENT}, clear=True):
        return runpy.run_path(str(Path(django_settings.BASE_DIR) / "recovery_match" / "settings.py"))


def lay_over(settings: Settings) -> None:
    """Take from them what a browser meets; keys, servers and files stay those of the tests."""
    for name, value in read().items():
        if name.startswith(GUARDS) or name in COOKIES:
            setattr(settings, name, value)
