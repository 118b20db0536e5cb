"""System checks that refuse an unsafe configuration outside of the local engines."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from accounts.crypto import BadMasterKeys, MasterKeys
from matching.channels import vapid

SHORTEST_TOKEN = 24
SHORTEST_KEY = 32


@register(Tags.security, deploy=True)
def check_production(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Errors for demo pages, a movable clock, a loopback site address or a token one can guess in production."""
    found: list[CheckMessage] = []
    if settings.DEMO:
        found.append(Error("DEMO must be off in production: it shows every message and signs anybody in", id="rm.E001"))
    if settings.CLOCK_SHIFT_FILE is not None:
        found.append(Error("A clock that can be moved is for the demo and for tests only.", id="rm.E002"))
    if not settings.SITE_URL.startswith("https://"):
        found.append(Error("SITE_URL must be an https address: links in mails are made from it.", id="rm.E003"))
    if settings.VAPID_PRIVATE_KEY and not vapid.is_key(settings.VAPID_PRIVATE_KEY):
        found.append(Error("VAPID_PRIVATE_KEY must be 32 bytes in URL-safe base64.", id="rm.E004"))
    if 0 < len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        found.append(Error(f"METRICS_TOKEN can be guessed: make it {SHORTEST_TOKEN} characters or more.", id="rm.E005"))
    found += _keys()
    return found


def _keys() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    try:
        MasterKeys.parse(settings.MASTER_KEYS)
    except BadMasterKeys as error:
        found.append(Error(f"MASTER_KEYS: {error}", id="rm.E006"))
    if len(settings.LOOKUP_KEY) < SHORTEST_KEY:
        found.append(Error(f"LOOKUP_KEY can be guessed: make it {SHORTEST_KEY} characters or more.", id="rm.E007"))
    return found
