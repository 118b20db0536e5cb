"""The whole site: secrets by the script, services with the commands, variables and secrets of the compose file."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import requests

from recovery_match.embedded import folders, valkey
from tests.delivery import recipe
from tests.delivery.engines import HOST, Cluster, free_port
from tests.ground.processes import SECONDS, eventually

PLACE = {"DOMAIN": "sponsors.example.org", "SITE_NAME": "Green Door"}
STARTS = 120
KEPT = ("HOME", "LANG")
PROGRAMS = {"python": [], "gunicorn": ["-m", "gunicorn"], "celery": ["-m", "celery"]}


class Site:
    """One site. Nothing listens but on this machine; each service sees the secrets that it is given, in files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.letters, self.static = folder / "letters", folder / "static"
        self.letters.touch()
        self.mail_port = self._mail_server()
        self._make_secrets()
        self.cluster = Cluster(folder, self.secret("postgres_password"))
        self._lead_here()

    def _mail_server(self) -> str:
        port = self.folder / "mail-port"
        words = [sys.executable, "-m", "tests.delivery.letters", str(self.letters), str(port)]
        self.running["mail"] = subprocess.Popen(words, cwd=folders.PROJECT)
        assert eventually(port.exists)
        return port.read_text()

    def _make_secrets(self) -> None:
        script = self.folder / ".deploy" / "make-secrets"
        script.parent.mkdir()
        shutil.copy(folders.PROJECT / ".deploy" / "make-secrets", script)
        subprocess.run(["bash", str(script), f"smtp://{HOST}:{self.mail_port}"], check=True, capture_output=True)

    def _lead_here(self) -> None:
        """Names of the compose file's network, where there is none, become this machine's."""
        for path in (self.folder / "secrets").iterdir():
            told = path.read_text().replace("@postgres:5432/", f"@{HOST}:{self.cluster.port}/")
            path.chmod(0o644)
            path.write_text(valkey.ensure(self.folder) if path.name == "redis_url" else told)

    def secret(self, name: str) -> str:
        """A secret as it was made."""
        return (self.folder / "secrets" / name).read_text()

    def environment(self, name: str, **more: str) -> dict[str, str]:
        """The variables of a service, whose secrets stand in a folder of its own."""
        service, mine = recipe.service(name, PLACE), self.own(name)
        for target, source in service.secrets.items():
            (mine / target).write_text(self.secret(source))
        kept = {key: os.environ[key] for key in KEPT if key in os.environ}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        told = {key: value.replace(recipe.SECRETS, str(mine)) for key, value in service.environment.items()}
        settled = {"DJANGO_SETTINGS_MODULE": "recovery_match.settings", "STATIC_ROOT": str(self.static)}
        return {**kept, "PATH": path, "PYTHONPATH": str(folders.PROJECT), **settled, **told, **more}

    def own(self, name: str) -> Path:
        """The folder of a service."""
        mine = self.folder / "services" / name
        mine.mkdir(parents=True, exist_ok=True)
        return mine

    def command(self, name: str, *instead: str) -> list[str]:
        """What a service runs, or something else in its place, with paths and programs as they are here."""
        words = list(instead) or [self._here(name, word) for word in recipe.service(name, PLACE).command]
        return [sys.executable, *PROGRAMS[words[0]], *words[1:]] if words[0] in PROGRAMS else words

    def _here(self, name: str, word: str) -> str:
        if word == "0.0.0.0:8000":
            return f"{HOST}:{self.port}"
        if word == "/tmp/schedule":  # noqa: S108
            return str(self.own(name) / "schedule")
        return word.replace(recipe.SECRETS, str(self.own(name)))

    def run(self, name: str, *instead: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """``docker compose run NAME ...``; with its output, however it ended."""
        return subprocess.run(
            self.command(name, *instead),
            cwd=folders.PROJECT,
            env=self.environment(name, **more),
            capture_output=True,
            text=True,
            timeout=STARTS * 10,
        )

    def log(self, name: str) -> Path:
        """Where a service that stays writes to."""
        return self.folder / f"{name}.log"

    def start(self, name: str, *instead: str, **more: str) -> None:
        """Start a service that stays."""
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.command(name, *instead),
                cwd=folders.PROJECT,
                env=self.environment(name, **more),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def up(self, **more: str) -> None:
        """Everything, in the order of the compose file; returns when pages are answered and a worker's heart beats."""
        for name in ("roles", "migrate"):
            done = self.run(name)
            assert done.returncode == 0, done.stderr
        collected = self.run("web", "python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        assert collected.returncode == 0, collected.stderr
        for name in ("web", "worker", "beat"):
            self.start(name, **more)
        assert self.comes_up(), [self.log(name).read_text()[-2000:] for name in ("web", "worker")]

    def comes_up(self) -> bool:
        """Whether it answers in time that everything works."""
        return eventually(self.healthy, STARTS)

    def healthy(self) -> bool:
        """Whether everything works, as the site itself says."""
        with suppress(requests.ConnectionError):
            return bool(self.get("/healthz/").status_code == requests.codes.ok)
        return False

    def get(self, path: str) -> requests.Response:
        """A page, as the proxy in front asks for it."""
        told = {"Host": PLACE["DOMAIN"], "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        return requests.get(f"http://{HOST}:{self.port}{path}", headers=told, allow_redirects=False, timeout=SECONDS)

    def end(self, name: str) -> None:
        """Ask a service to end, as Docker does, and wait."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM) if name != "mail" else process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(SECONDS)

    def down(self) -> None:
        """Stop everything."""
        for name in list(self.running):
            self.end(name)
        self.cluster.stop()
        valkey.stop(self.folder)
