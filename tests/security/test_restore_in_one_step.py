"""S16: between a restored backup and the erasures that are played again there is no moment at which anybody reads."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from pytest_django.fixtures import Settings

from accounts import privacy
from accounts.models import Profile, User
from accounts.models.member_key import forget_keys
from recovery_match.backup import load
from tests import factories
from tests.security import snapshot
from tests.security.onlooker import onlooker
from tests.security.test_backups import SECRET, empty_database, told

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Canaria"
A_WHILE = 0.5
OLD_VERSION = [("accounts", "0017"), ("matching", "0019")]


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> Iterator[None]:
    settings.BACKUP_KEY = SECRET
    forget_keys()
    yield
    forget_keys()


@pytest.fixture
def old(tmp_path: Path, ana: User) -> Path:
    """A backup with somebody in it who was erased since."""
    carla = factories.sponsor(first_name=NAME)
    told("backup", tmp_path / "old")
    privacy.erase(carla)
    told("backup", tmp_path / "new")
    return tmp_path / "old"


def before_erasing(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Do something at the moment when everything is read in, and nobody erased again yet."""
    erase_again = load._erase_again

    def later() -> int:
        assert Profile.objects.filter(first_name=NAME).exists()
        deed()
        return erase_again()

    monkeypatch.setattr(load, "_erase_again", later)


def test_nobody_reads_of_who_was_erased_while_a_backup_is_restored(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """S16, with another process that looks all the time, also for as long as she is in the tables again."""
    before_erasing(monkeypatch, lambda: time.sleep(A_WHILE))
    with onlooker(NAME) as one:
        assert "Erased again: 1 members." in told("restore", old, "--replace")
        time.sleep(A_WHILE)
    assert one.saw["there"] == 0
    assert one.saw["shut"] > 2
    assert one.saw["gone"] > 2


def test_control_a_restore_in_two_steps_shows_her(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the naive twin commits what it read in, and erases then."""

    def commit_first() -> None:
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")
        time.sleep(A_WHILE)

    before_erasing(monkeypatch, commit_first)
    with onlooker(NAME) as one:
        told("restore", old, "--replace")
    assert one.saw["there"] > 2


def test_a_restore_that_is_cut_off_before_the_erasures_has_changed_nothing(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot.take()

    def cut_off() -> None:
        raise KeyboardInterrupt

    before_erasing(monkeypatch, cut_off)
    with pytest.raises(KeyboardInterrupt):
        told("restore", old, "--replace")
    assert snapshot.take() == before
    assert User.objects.get().contact.phone == "+1 555 010 0001"


def test_a_backup_of_an_earlier_version_is_brought_to_this_one_in_the_same_step(tmp_path: Path) -> None:
    with empty_database():
        for app, name in OLD_VERSION:
            call_command("migrate", app, name, verbosity=0)
        told("backup", tmp_path / "one")
    with empty_database():
        told("restore", tmp_path / "one")
        call_command("migrate", check_unapplied=True, verbosity=0)


def test_every_migration_runs_inside_a_transaction(db: None) -> None:
    """A restore brings a backup to this version before anybody may read it."""
    ours = MigrationLoader(connection).disk_migrations
    assert [key for key, migration in ours.items() if not migration.atomic] == []
