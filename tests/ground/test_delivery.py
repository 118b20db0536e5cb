"""P2 and the compose file: read by a parser, held to what a safe delivery needs."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.delivery import recipe

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
IMAGES = {"Dockerfile": ROOT / "Dockerfile", "proxy": ROOT / ".deploy" / "proxy" / "Dockerfile"}

SERVING = {"web", "worker", "beat"}
ONCE = {"roles": "database_url", "migrate": "database_url_migrate", "audit": "database_url_audit"}
"""Services that end by themselves, with the secret that leads each to the database."""

every_service = pytest.mark.parametrize("name", sorted(SERVICES))
every_image = pytest.mark.parametrize("path", IMAGES.values(), ids=IMAGES.keys())


def test_every_part_of_the_site_is_there() -> None:
    assert set(SERVICES) == {*SERVING, *ONCE, "proxy", "postgres", "valkey"}


@every_service
def test_a_service_runs_as_an_ordinary_user_with_nothing_to_gain(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]


@every_service
def test_a_service_that_stays_has_a_health_check(name: str) -> None:
    if name in ONCE:
        assert SERVICES[name]["restart"] == "no"
    else:
        assert SERVICES[name]["healthcheck"]["test"]
        assert SERVICES[name]["restart"] == "unless-stopped"


@every_service
def test_no_secret_stands_in_the_environment(name: str) -> None:
    for variable in SERVICES[name].get("environment", {}):
        if re.search("KEY|PASSWORD|URL", variable) and variable != "SITE_URL":
            assert variable.endswith("_FILE")


@every_service
def test_every_secret_and_volume_and_network_that_is_used_is_declared(name: str) -> None:
    service = SERVICES[name]
    given = recipe.secrets_of(service)
    assert set(given.values()) <= set(COMPOSE["secrets"])
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(COMPOSE["volumes"])
    assert set(service.get("depends_on", {})) <= set(SERVICES)
    files = {f"{recipe.SECRETS}/{target}" for target in given}
    assert {v for k, v in service.get("environment", {}).items() if k.endswith("_FILE")} <= files


def test_each_service_is_led_to_the_database_by_the_role_that_it_needs() -> None:
    """The superuser's address is known to the one that makes the roles, and to nobody who serves members."""
    led = {name: recipe.secrets_of(SERVICES[name])["database_url"] for name in (*SERVING, *ONCE)}
    assert led == {**dict.fromkeys(SERVING, "database_url_app"), **ONCE}


def test_each_secret_is_given_to_those_who_need_it_alone() -> None:
    holders: dict[str, set[str]] = {}
    for name, service in SERVICES.items():
        for source in recipe.secrets_of(service).values():
            holders.setdefault(source, set()).add(name)
    assert set(holders) == set(COMPOSE["secrets"])
    assert holders["database_url"] == {"roles"}
    assert holders["database_url_migrate"] == {"roles", "migrate"}
    assert holders["database_url_audit"] == {"roles", "audit"}
    assert holders["backup_key"] == {"migrate"}
    assert holders["postgres_password"] == {"postgres"}
    assert holders["valkey_password"] == {"valkey"}


def test_roles_are_made_first_and_rights_put_in_order_last() -> None:
    assert SERVICES["migrate"]["depends_on"]["roles"] == {"condition": "service_completed_successfully"}
    steps = " ".join(SERVICES["migrate"]["command"][-1].split()).split(" && ")
    assert steps[-1] == "python manage.py create_roles --rights-only"
    assert [step.split()[2] for step in steps] == ["check", "migrate", "createcachetable", "create_roles"]
    assert SERVICES["audit"]["profiles"] == ["by-hand"]


def test_secrets_come_from_files_that_are_never_committed() -> None:
    assert all(secret["file"].startswith("secrets/") for secret in COMPOSE["secrets"].values())
    assert "secrets/" in (ROOT / ".gitignore").read_text().split()
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["back"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == ["back"]
    assert SERVICES["valkey"]["networks"] == ["back"]


def test_the_engines_are_those_of_the_demo_and_keep_their_data() -> None:
    assert SERVICES["postgres"]["image"].startswith("postgres:18.")
    assert SERVICES["valkey"]["image"].startswith("valkey/valkey:9.")
    assert "database:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]
    command = " ".join(SERVICES["valkey"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_nothing_starts_before_the_tables_are_there() -> None:
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@every_image
def test_an_image_is_pinned_and_runs_as_an_ordinary_user(path: Path) -> None:
    lines = path.read_text().splitlines()
    for line in lines:
        if line.startswith("FROM "):
            assert re.search(r":\d+\.\d+\.\d+-", line)
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])
    after = lines[max(n for n, line in enumerate(lines) if line.startswith("USER ")) :]
    assert not [line for line in after if line.startswith(("RUN ", "COPY ", "ADD "))]


@every_image
def test_an_image_keeps_no_secret(path: Path) -> None:
    kept = [line for line in path.read_text().splitlines() if line.startswith(("ENV ", "ARG "))]
    assert not re.search("SECRET|PASSWORD|TOKEN|_URL", "\n".join(kept))


def test_the_image_checks_every_hash() -> None:
    assert "--require-hashes" in (ROOT / "Dockerfile").read_text()
    requirements = (ROOT / "requirements.txt").read_text()
    assert requirements.count("==") <= requirements.count("--hash=sha256:")


def test_the_image_holds_every_part_of_the_product_and_nothing_else() -> None:
    copied = set(re.findall(r"^COPY (\S+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)) - {
        "requirements.txt"
    }
    allowed = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert copied == allowed - {"requirements.txt", ".deploy/proxy"}
    assert all((ROOT / part).exists() for part in copied)


def test_make_secrets_makes_each_secret_once_and_never_overwrites(tmp_path: Path) -> None:
    script = tmp_path / ".deploy" / "make-secrets"
    script.parent.mkdir()
    script.write_text((ROOT / ".deploy" / "make-secrets").read_text())
    first = subprocess.run(["bash", str(script), "smtp://mail"], check=True, capture_output=True, text=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    subprocess.run(["bash", str(script), "smtp://other"], check=True, capture_output=True)
    assert made == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert len(made["secret_key"]) == 64
    assert made["postgres_password"] in made["database_url"]
    passwords = {url.split(":")[2].partition("@")[0] for name, url in made.items() if name.startswith("database_url")}
    assert len(passwords) == 4
    assert made["secret_key"] not in first.stdout
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
