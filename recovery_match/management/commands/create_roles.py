"""Make the database's roles."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from recovery_match.database_roles import create_roles

USES = {
    "app": "web, worker and beat",
    "migrate": "migrate, backup and restore",
    "audit": "verify_audit, for whoever looks after the audit",
}


class Command(BaseCommand):
    help = (
        "Makes three roles in the database, with what each needs and no more: one for the application, one that owns "
        "the tables and changes them, one that only reads the audit. Run it once as a superuser, after migrate; run it "
        "again at any time to put rights in order. Passwords are told once, when a role is made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prefix", help="begins the roles' names; the name of the database unless given")
        parser.add_argument("--new-passwords", action="store_true", help="give the roles new passwords")
        parser.add_argument("--into", type=Path, help="write DATABASE_URL of each role into a private file here")

    def handle(self, *args: Any, **options: Any) -> None:
        prefix = options["prefix"] or connection.settings_dict["NAME"]
        try:
            roles = create_roles(prefix, new_passwords=options["new_passwords"])
        except ProgrammingError as error:
            raise CommandError(f"This role may not do that, or migrate did not run yet: {error}") from error
        for use, what_for in USES.items():
            name = getattr(roles, use)
            self.stdout.write(f"{name}: for {what_for}")
            if password := roles.passwords.get(name):
                self._tell(f"database_url_{use}", _url(name, password), options["into"])
        if not roles.passwords:
            self.stdout.write("The roles were there, and keep their passwords. Their rights are in order.")

    def _tell(self, file: str, url: str, folder: Path | None) -> None:
        if folder is None:
            self.stdout.write(f"  DATABASE_URL={url}")
            return
        path = folder / file
        path.touch(mode=0o600)
        path.write_text(url)
        self.stdout.write(f"  DATABASE_URL_FILE={path}")


def _url(name: str, password: str) -> str:
    place = connection.settings_dict
    host, port = str(place["HOST"] or ""), str(place["PORT"] or "")
    if host.startswith("/"):
        return f"postgresql://{name}:{password}@/{place['NAME']}?host={quote(host, safe='/')}"
    return f"postgresql://{name}:{password}@{host}{port and ':'}{port}/{place['NAME']}"
