"""Secrets that were not dealt out by chance."""

from collections.abc import Iterator
from itertools import combinations

from django.conf import settings
from django.core.checks import CheckMessage, Error

from accounts.crypto import BadMasterKeys, MasterKeys

ASKED = (("SECRET_KEY", 50, "rm.E013"), ("LOOKUP_KEY", 32, "rm.E007"), ("BACKUP_KEY", 32, "rm.E014"))
"""Each secret with the fewest characters it may have, and the id of the error about it."""

FEWEST_KINDS = 12
"""Of 32 characters by chance there are hardly ever fewer different ones; of words somebody typed there often are."""


def secrets_that_can_be_guessed() -> Iterator[CheckMessage]:
    """An error for each, and for one that serves two ends. BACKUP_KEY may be missing: then no backups are written."""
    given = [("MASTER_KEYS", settings.MASTER_KEYS)]
    for name, fewest, error in ASKED:
        value = getattr(settings, name)
        if name == "BACKUP_KEY" and not value:
            continue
        given.append((name, value))
        if len(value) < fewest or len(set(value)) < FEWEST_KINDS or value.startswith("django-insecure-"):
            yield Error(f"{name} can be guessed: make it {fewest} characters or more, by chance.", id=error)
    yield from _master_keys()
    for (one, value), (other, same) in combinations(given, 2):
        if value == same:
            yield Error(f"{one} and {other} are the same: whoever learns one learns both.", id="rm.E015")


def _master_keys() -> Iterator[CheckMessage]:
    try:
        keys = MasterKeys.parse(settings.MASTER_KEYS)
    except BadMasterKeys as error:
        yield Error(f"MASTER_KEYS: {error}", id="rm.E006")
        return
    for name, key in keys.by_name.items():
        if len(set(key)) < FEWEST_KINDS:
            yield Error(f"MASTER_KEYS: the key {name} can be guessed: take 32 bytes by chance.", id="rm.E006")
