"""Make the database's roles."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from recovery_match.database_roles import Roles, create_roles, order_rights, roles_of

USES = {
    "app": "web, worker and beat",
    "migrate": "migrate, backup and restore",
    "audit": "verify_audit, for whoever looks after the audit",
}


class Command(BaseCommand):
    help = (
        "Makes three roles in the database, with what each needs and no more: one for the application, one that owns "
        "the tables and changes them, one that only reads the audit. Run it as a superuser, before migrate or after; "
        "after each migrate run it with --rights-only, for which the migrating role is enough. Passwords are told "
        "once, when a role is made, unless they come from files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prefix", help="begins the roles' names; the name of the database unless given")
        parser.add_argument("--new-passwords", action="store_true", help="give the roles new passwords")
        parser.add_argument("--into", type=Path, help="write DATABASE_URL of each role into a private file here")
        parser.add_argument(
            "--urls", type=Path, help="take each role's password from database_url_app, _migrate and _audit here"
        )
        parser.add_argument("--rights-only", action="store_true", help="make no role, put their rights in order")

    def handle(self, *args: Any, **options: Any) -> None:
        prefix = options["prefix"] or connection.settings_dict["NAME"]
        try:
            if options["rights_only"]:
                order_rights(prefix)
                self.stdout.write("The rights of the roles are in order.")
                return
            given = _given(roles_of(prefix), options["urls"]) if options["urls"] else None
            roles = create_roles(prefix, new_passwords=options["new_passwords"], passwords=given)
        except ProgrammingError as error:
            raise CommandError(f"This role may not do that: {error}") from error
        self._introduce(roles, options["into"])

    def _introduce(self, roles: Roles, folder: Path | None) -> None:
        for use, what_for in USES.items():
            name = getattr(roles, use)
            self.stdout.write(f"{name}: for {what_for}")
            if password := roles.passwords.get(name):
                self._tell(f"database_url_{use}", _url(name, password), folder)
        if not roles.passwords:
            self.stdout.write("They keep their passwords, or have those that were given. Their rights are in order.")

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


def _given(roles: Roles, folder: Path) -> dict[str, str]:
    """The password of each role, from the addresses that were made before. Raises CommandError."""
    found = {}
    for use in USES:
        file, name = folder / f"database_url_{use}", getattr(roles, use)
        try:
            url = urlsplit(file.read_text().strip())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        if unquote(url.username or "") != name or not url.password:
            raise CommandError(f"{file} must be an address of {name}, with its password.")
        found[name] = unquote(url.password)
    return found
