"""Settings as they are in production, in a process of its own."""

import base64
import json
import os
import random
import string
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def by_chance(length: int, seed: int) -> str:
    """The same text of that length for each seed."""
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=length))


def key(seed: int) -> str:
    return base64.b64encode(random.Random(seed).randbytes(32)).decode()


SECRETS = {
    "SECRET_KEY": by_chance(64, 1),
    "MASTER_KEYS": f"first:{key(2)}",
    "LOOKUP_KEY": by_chance(48, 3),
    "BACKUP_KEY": by_chance(48, 4),
    "DATABASE_URL": "postgresql://app:canary-password@postgres:5432/site",
    "REDIS_URL": "redis://:canary-password@valkey:6379/0",
    "EMAIL_URL": "smtp+tls://user:canary-password@mail.example.org:587",
    "VAPID_PRIVATE_KEY": base64.urlsafe_b64encode(random.Random(5).randbytes(32)).decode().rstrip("="),
    "METRICS_TOKEN": by_chance(48, 6),
}
PLACE = {
    "ALLOWED_HOSTS": "sponsors.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://sponsors.example.org",
    "SITE_URL": "https://sponsors.example.org",
    "SITE_NAME": "Green Door",
    "DEFAULT_FROM_EMAIL": "hello@sponsors.example.org",
    "TRUSTED_PROXY_COUNT": "1",
}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these variables, and none of those that make a local site."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "recovery_match.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def settings_of(environment: dict[str, str], names: list[str]) -> dict[str, object]:
    """What the settings hold then."""
    said = run(
        environment,
        "-c",
        "import json, sys; from django.conf import settings\n"
        "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))",
        *names,
    )
    assert said.returncode == 0, said.stderr
    found: dict[str, object] = json.loads(said.stdout)
    return found


def in_files(secrets: dict[str, str], folder: Path) -> dict[str, str]:
    """The same secrets as files, each with the newline of an editor, and the variables that name them."""
    for name, value in secrets.items():
        (folder / name.lower()).write_text(f"{value}\n")
    return {f"{name}_FILE": str(folder / name.lower()) for name in secrets}
