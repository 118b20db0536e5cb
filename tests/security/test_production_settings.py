"""P1, P2: secrets come from files, and what is unsafe does not start."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from recovery_match.checks import check_production, refuse_unsafe
from recovery_match.plain_connections import is_elsewhere
from tests.security.deployment import PLACE, ROOT, SECRETS, by_chance, in_files, key, run, settings_of

NAMES = ["SECRET_KEY", "MASTER_KEYS", "LOOKUP_KEY", "BACKUP_KEY", "REDIS_URL", "VAPID_PRIVATE_KEY", "METRICS_TOKEN"]


def test_every_secret_may_be_a_file_and_then_stands_in_no_variable(tmp_path: Path) -> None:
    """P2: each value is that of the file, without the newline an editor leaves."""
    named = in_files(SECRETS, tmp_path)
    found = settings_of(PLACE | named, [*NAMES, "DATABASES", "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "LOCAL"])
    assert {name: found[name] for name in NAMES} == {name: SECRETS[name] for name in NAMES}
    databases: Any = found["DATABASES"]
    assert databases["default"]["PASSWORD"] == "canary-password"
    assert (found["EMAIL_HOST"], found["EMAIL_HOST_PASSWORD"]) == ("mail.example.org", "canary-password")
    assert found["LOCAL"] is False


def test_every_secret_of_the_settings_is_tried_here() -> None:
    """A secret that the settings read by another name fails here."""
    compose = (ROOT / "docker-compose.yml").read_text()
    files = {line.split("_FILE:")[0].strip() for line in compose.splitlines() if "_FILE: /run/secrets/" in line}
    assert files - {"POSTGRES_PASSWORD"} == set(SECRETS)


def test_good_settings_pass_with_no_warning() -> None:
    """P1: ``check --deploy`` says nothing."""
    said = run(PLACE | SECRETS, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert said.returncode == 0, said.stderr


def test_the_secrets_that_the_script_makes_pass(tmp_path: Path) -> None:
    """P1: what an operator gets who does as the README says."""
    script = tmp_path / ".deploy" / "make-secrets"
    script.parent.mkdir()
    script.write_text((ROOT / ".deploy" / "make-secrets").read_text())
    subprocess.run(["bash", str(script), SECRETS["EMAIL_URL"]], check=True, capture_output=True)
    named = {f"{name}_FILE": str(tmp_path / "secrets" / name.lower()) for name in SECRETS}
    said = run(PLACE | named, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert said.returncode == 0, said.stderr


@pytest.fixture
def production(settings: Settings) -> Settings:
    """The settings of a safe site, in this process."""
    for name, value in (SECRETS | PLACE).items():
        if name not in ("DATABASE_URL", "EMAIL_URL", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXY_COUNT"):
            setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["sponsors.example.org"]
    settings.LOCAL = settings.DEMO = settings.DEBUG = False
    settings.CLOCK_SHIFT_FILE = None
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    return settings


def said(number: str) -> bool:
    return f"rm.E{number}" in {one.id for one in check_production(None)}


def test_a_safe_site_is_let_start(production: Settings) -> None:
    assert check_production(None) == []
    refuse_unsafe()


UNSAFE: list[tuple[str, str, Any]] = [
    ("001", "DEMO", True),
    ("002", "CLOCK_SHIFT_FILE", Path("/tmp/clock")),  # noqa: S108
    ("003", "SITE_URL", "http://sponsors.example.org"),
    ("004", "VAPID_PRIVATE_KEY", "short"),
    ("005", "METRICS_TOKEN", "short"),
    ("006", "MASTER_KEYS", "unused"),
    ("006", "MASTER_KEYS", f"first:{'A' * 43}="),
    ("007", "LOOKUP_KEY", "short"),
    ("007", "LOOKUP_KEY", "ab" * 32),
    ("008", "DEBUG", True),
    ("009", "ALLOWED_HOSTS", []),
    ("009", "ALLOWED_HOSTS", ["*"]),
    ("009", "ALLOWED_HOSTS", ["sponsors.example.org", "localhost"]),
    ("010", "SITE_NAME", "Two Lights"),
    ("011", "DEFAULT_FROM_EMAIL", "Green Door <hello@localhost>"),
    ("012", "SESSION_COOKIE_SECURE", False),
    ("012", "CSRF_COOKIE_SECURE", False),
    ("012", "SECURE_HSTS_SECONDS", 0),
    ("013", "SECRET_KEY", "unused"),
    ("013", "SECRET_KEY", "django-insecure-" + by_chance(60, 9)),
    ("014", "BACKUP_KEY", "password password password password"),
    ("015", "BACKUP_KEY", SECRETS["LOOKUP_KEY"]),
    ("017", "REDIS_URL", "redis://:x@broker.example.org:6379/0"),
]


@pytest.mark.parametrize(("number", "name", "value"), UNSAFE, ids=[f"{n}-{name}-{v}"[:40] for n, name, v in UNSAFE])
def test_what_is_unsafe_is_refused(number: str, name: str, value: Any, production: Settings) -> None:
    """P1, each with its control: the same site without it is let start."""
    assert not said(number)
    setattr(production, name, value)
    assert said(number)
    with pytest.raises(SystemExit):
        refuse_unsafe()


def test_a_database_elsewhere_is_spoken_to_in_secret_only(
    production: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = production.DATABASES["default"]
    monkeypatch.setitem(place, "HOST", "db.example.org")
    for options, refused in (({}, True), ({"sslmode": "prefer"}, True), ({"sslmode": "verify-full"}, False)):
        monkeypatch.setitem(place, "OPTIONS", options)
        assert said("016") is refused


def test_a_mail_server_elsewhere_is_spoken_to_in_secret_only(production: Settings) -> None:
    production.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    production.EMAIL_USE_TLS = production.EMAIL_USE_SSL = False
    for host, refused in (("mail", False), ("127.0.0.1", False), ("10.0.0.3", False), ("mail.example.org", True)):
        production.EMAIL_HOST = host
        assert said("018") is refused
    production.EMAIL_USE_TLS = True
    assert not said("018")


@pytest.mark.parametrize("host", ["", None, "/run/postgresql", "postgres", "::1", "192.168.1.4"])
def test_the_machines_own_network_is_not_elsewhere(host: str | None) -> None:
    assert not is_elsewhere(host)


CELERY = ["-m", "celery", "-A", "recovery_match"]
START = {
    "web": ["-c", "import recovery_match.wsgi"],
    "worker": [*CELERY, "worker", "--pool", "solo"],
    "beat": [*CELERY, "beat", "--pidfile=", "--schedule"],
}


@pytest.mark.parametrize("name", START)
def test_no_process_starts_on_unsafe_settings(name: str, tmp_path: Path) -> None:
    """P1: not only the check, also what serves members; and the reason is told without the secret."""
    more = [str(tmp_path / "schedule")] if name == "beat" else []
    done = run(PLACE | SECRETS | {"LOOKUP_KEY": "canary-key"}, *START[name], *more)
    assert done.returncode != 0
    assert "rm.E007" in done.stderr + done.stdout
    assert "canary-key" not in done.stderr + done.stdout


def test_the_keys_of_a_message_are_never_in_it(production: Settings) -> None:
    production.MASTER_KEYS = f"first:{key(7)},first:{key(8)}"
    assert not any(key(7) in one.msg or key(8) in one.msg for one in check_production(None))
