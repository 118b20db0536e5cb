"""Every page there is, for those who walk over all of them: from the table of the access matrix."""

from typing import Any

from django.test import Client
from django.urls import get_resolver, reverse

from tests.security import access, production
from tests.security.access import World, knock


def rows(world: World) -> dict[str, str]:
    """The address of every row of the table, by its name."""
    return {name: reverse(name, args=row.args(world)) for name, row in access.ROWS.items()}


def of_accounts() -> dict[str, str]:
    """The addresses of allauth's pages."""
    names = sorted(access.SIGNING_IN | access.SIGNED_IN)
    return {name: reverse(name, args=access.ALLAUTH_ARGS.get(name, [])) for name in names}


def everywhere(world: World) -> dict[str, str]:
    """Both, and one address that leads nowhere. An address that is in no list fails."""
    known = {*access.ROWS, *access.SIGNING_IN, *access.SIGNED_IN, *access.DEMO}
    found = {
        name for name, route in access.addresses(get_resolver().url_patterns) if not route.startswith("operators/")
    }
    assert found <= known, found - known
    return {**rows(world), **of_accounts(), "nowhere": "/nowhere/"}


def names_with(*gaps: str) -> set[str]:
    """The addresses with one of these gaps in their route."""
    routes = access.addresses(get_resolver().url_patterns)
    return {name for name, route in routes if any(f":{gap}>" in route for gap in gaps)}


def answer(client: Client, method: str, url: str, fields: dict[str, str] | None = None, **headers: str) -> Any:
    """Ask over https as a browser does, and take back what it changed."""
    return knock(client, method, url, fields, secure=True, headers={"host": production.HOST, **headers})
