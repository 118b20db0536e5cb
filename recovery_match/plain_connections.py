"""Connections that leave the machine's own network and can be read on the way."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

ENCRYPTED = {"require", "verify-ca", "verify-full"}


def plain_connections() -> Iterator[CheckMessage]:
    """An error for a database, a broker or a mail server elsewhere that is spoken to in the open."""
    database = settings.DATABASES["default"]
    if is_elsewhere(database.get("HOST")) and database.get("OPTIONS", {}).get("sslmode") not in ENCRYPTED:
        yield Error("DATABASE_URL leads elsewhere in the open: add ?sslmode=verify-full.", id="rm.E016")
    broker = urlsplit(settings.REDIS_URL)
    if broker.scheme == "redis" and is_elsewhere(broker.hostname):
        yield Error("REDIS_URL leads elsewhere in the open: use rediss.", id="rm.E017")
    by_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if by_smtp and is_elsewhere(settings.EMAIL_HOST) and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield Error("EMAIL_URL leads elsewhere in the open: use smtp+tls.", id="rm.E018")


def is_elsewhere(host: str | None) -> bool:
    """Whether a host is neither this machine nor one of its network: a name without a dot is a neighbour's, as in a
    compose file; so is an address that is never routed."""
    if not host or host.startswith("/"):
        return False
    try:
        return not ipaddress.ip_address(host).is_private
    except ValueError:
        return "." in host
