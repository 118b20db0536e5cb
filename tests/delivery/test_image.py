"""P2: the Dockerfile's steps hold, and what they make runs as an ordinary user on a system that it cannot write to.

What this does not show: that the base images exist under their names, and that Docker itself does each step alike.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from tests.delivery import recipe
from tests.delivery.engines import HOST, free_port
from tests.delivery.image import Image, can_be_made
from tests.delivery.site import PLACE, Site
from tests.ground.processes import SECONDS, eventually

pytestmark = pytest.mark.skipif(
    not can_be_made(), reason="Only root on a machine that lets it mount can do these steps."
)

STARTS = 120
WRITABLE = """
import os
skip = {"/proc", "/sys", "/tmp", "/dev/shm", "/run/secrets"}
for folder, inner, files in os.walk("/"):
    inner[:] = [one for one in inner if os.path.join(folder, one) not in skip]
    for path in (folder, *(os.path.join(folder, one) for one in files)):
        if not os.path.islink(path) and os.access(path, os.W_OK) and not path.startswith("/dev/"):
            print(path)
"""
TRUSTED = "find /app /venv/ -xdev ( -not -uid 0 -o -perm /6022 -type f ) -print"
SECRET_NAMES = (
    "find / -xdev -path /proc -prune -o ( -path */app/* -a ( -name secrets -o -name .env* -o -name .git* ) ) -print"
)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Image]:
    """As it is built, not yet locked."""
    made = Image(tmp_path_factory.mktemp("image"), install=bool(request.config.getoption("--long")))
    yield made
    made.close()


def test_it_holds_the_product_alone_and_its_user_owns_nothing(image: Image) -> None:
    parts = {source for verb, rest in recipe.instructions() if verb == "COPY" for source in rest.split()[:1]}
    found = set(image.run("ls", "-A", "/app").stdout.split())
    assert found == {part for part in parts if "=" not in part and part != "requirements.txt"} | {
        "staticfiles",
        "__pycache__",
    }
    assert image.run("id", "-u").stdout == "10001\n"
    assert image.run(*TRUSTED.split()).stdout.replace("/venv/bin/python", "").split() == []
    assert image.run("sh", "-c", "echo x > /app/x").returncode != 0
    assert image.run("sh", "-c", "echo x > /venv/x").returncode != 0


def test_static_files_are_collected_with_fingerprints_and_compressed(image: Image) -> None:
    names = image.run("find", "/app/staticfiles", "-name", "*.css*").stdout.split()
    assert [name for name in names if name.endswith(".css.br")]
    assert image.run("test", "-e", "/app/staticfiles/staticfiles.json").returncode == 0


def test_no_secret_is_in_it(image: Image, site: Site) -> None:
    assert image.run(*SECRET_NAMES.split()).stdout == ""
    assert not [name for name in image.environment if name.endswith(("KEY", "KEYS", "URL", "TOKEN", "PASSWORD"))]
    for name in recipe.compose()["secrets"]:
        assert image.run("grep", "-rlF", "--", site.secret(name), "/app").stdout == ""


@contextmanager
def running(image: Image, site: Site, name: str, **more: str) -> Iterator["tuple[subprocess.Popen[bytes], Path]"]:
    """A service of the compose file inside of the image, and its log."""
    service, log = recipe.service(name, PLACE), site.folder / f"image-{name}.log"
    words = [f"{HOST}:{more['PORT']}" if word == "0.0.0.0:8000" else word for word in service.command]
    with log.open("wb") as file:
        process = subprocess.Popen(
            image.words(*words, **service.environment, **more), stdout=file, stderr=file, start_new_session=True
        )
    try:
        yield process, log
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(SECONDS)


@pytest.fixture(scope="module")
def locked(image: Image, site: Site) -> Image:
    """Read-only from here on, with the secrets of the web service."""
    site.environment("web")
    image.lock(site.own("web"))
    return image


def test_the_web_process_runs_on_a_read_only_system_and_has_nothing_to_gain(locked: Image, site: Site) -> None:
    port = str(free_port())
    told = {"Host": PLACE["DOMAIN"], "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}

    def page(path: str) -> requests.Response:
        return requests.get(f"http://{HOST}:{port}{path}", headers=told, timeout=SECONDS)

    def answers() -> bool:
        try:
            return bool(page("/").status_code == requests.codes.ok)
        except requests.ConnectionError:
            return False

    with running(locked, site, "web", PORT=port) as (process, log):
        assert eventually(answers, STARTS), log.read_text()
        css = page("/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert page(css).headers["Cache-Control"].endswith("immutable")
        health = recipe.compose()["services"]["web"]["healthcheck"]["test"]
        code = health[3].replace("8000", port)
        assert eventually(lambda: locked.run("python", "-c", code, ALLOWED_HOSTS=PLACE["DOMAIN"]).returncode == 0)
        facts = dict(
            line.split(":", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if ":" in line
        )
        assert facts["Uid"].split() == facts["Gid"].split() == ["10001"] * 4
        assert [int(facts[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh")] == [0] * 4
        assert facts["NoNewPrivs"].strip() == "1"
        assert locked.run("python", "-c", WRITABLE).stdout == ""


@pytest.fixture
def unattended(site: Site) -> Iterator[Site]:
    """The site without worker and beat of its own, so that nobody answers in the place of those in the image."""
    for name in ("worker", "beat"):
        site.end(name)
    yield site
    for name in ("worker", "beat"):
        site.start(name, TICK_SECONDS="1")


def test_worker_and_beat_run_there_and_their_health_checks_say_so(locked: Image, unattended: Site) -> None:
    services = recipe.compose()["services"]
    site = unattended
    with running(locked, site, "worker") as (_, worker), running(locked, site, "beat") as (_, beat):
        for name, log in (("worker", worker), ("beat", beat)):
            words = services[name]["healthcheck"]["test"][1].replace("$$HOSTNAME", "$(hostname)")
            check = partial(well, locked, words, recipe.service(name, PLACE).environment)
            assert eventually(check, STARTS), log.read_text()


def well(image: Image, check: str, environment: dict[str, str]) -> bool:
    """What a health check says."""
    return image.run("sh", "-c", check, **environment).returncode == 0


def test_control_the_search_for_what_can_be_written_finds_it(image: Image) -> None:
    """The negative control: temporary files are for everybody."""
    assert "/tmp" in image.run("python", "-c", WRITABLE.replace('"/tmp", ', "")).stdout.splitlines()  # noqa: S108
