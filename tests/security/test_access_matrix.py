"""S1: every address by every role with every method; an address that is not listed fails."""

import pytest
from django.urls import get_resolver, path, reverse
from pytest_django.fixtures import Settings

from recovery_match import urls
from recovery_match.demo import urls as demo_urls
from tests.security import access
from tests.security.access import ASIDE, BARRED, GONE, IN, LOGIN, NO, OK, ROLES, ROWS, Row, knock

pytestmark = pytest.mark.django_db

KNOWN = {*ROWS, *access.SIGNING_IN, *access.SIGNED_IN}
OPERATORS = "operators/"


def listed() -> list[tuple[str, str]]:
    return list(access.addresses(get_resolver().url_patterns))


def test_an_address_that_is_not_listed_fails() -> None:
    assert {name for name, route in listed() if not route.startswith(OPERATORS)} - KNOWN - access.DEMO == set()


def test_a_row_whose_address_is_gone_fails() -> None:
    assert KNOWN - {name for name, _ in listed()} == set()


def test_the_matrix_would_notice_a_new_address() -> None:
    """The negative control: one address more than the table has."""
    more = [*get_resolver().url_patterns, path("new/", lambda request: None, name="new")]  # type: ignore[arg-type,return-value]
    assert {name for name, _ in access.addresses(more)} - KNOWN - access.DEMO >= {"new"}


def test_every_row_says_what_every_role_gets() -> None:
    for row in ROWS.values():
        assert set(row.get) == set(row.post) == set(ROLES)


def differences(world: access.World, role: str, rows: dict[str, Row]) -> list[str]:
    client, found = world.client(role), []
    for name, row in rows.items():
        url = reverse(name, args=row.args(world))
        for method, expected in (("GET", row.get[role]), ("POST", row.post[role])):
            got = access.meaning(knock(client, method, url))
            if got != expected and not (expected == IN and got in (OK, ASIDE)):
                found.append(f"{role} {method} {name}: {got}, not {expected}")
    return found


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_matrix_says(role: str) -> None:
    existing = {name for name, _ in listed()}
    rows = {name: row for name, row in ROWS.items() if name in existing}
    assert differences(access.world(), role, rows) == []


def test_the_matrix_would_notice_an_open_door() -> None:
    """The negative control: a page for coordinators only, of which the table claims that nobody may open it."""
    closed = {"coordinate": Row(access.only(OK), access.READ)}
    assert differences(access.world(), "here", closed) == ["here GET coordinate: ok, not gone"]


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_ones_own_account_ask_visitors_to_sign_in(role: str) -> None:
    client = access.world().client(role)
    stranger = role in ("anonymous", "suspended")
    for name in sorted(access.SIGNED_IN | access.SIGNING_IN):
        url = reverse(name, args=access.ALLAUTH_ARGS.get(name, []))
        for method in ("GET", "POST"):
            got = access.meaning(knock(client, method, url))
            if name in access.SIGNED_IN and stranger:
                assert got == LOGIN, (name, method)
            else:
                assert got in (OK, IN, LOGIN, ASIDE, GONE, BARRED, NO), (name, method, got)


def _operators() -> list[str]:
    """Addresses of the operators' admin, each with something in its gaps."""
    found = []
    for name, route in listed():
        if route.startswith(OPERATORS) and name not in ("admin:login", "admin:logout"):
            gaps = route.replace("<path:object_id>", "1").replace("<path:content_type_id>", "1")
            found.append("/" + gaps.replace("(?P<url>.*)$", "nothing/").replace("^", "").replace("(.+)", "1"))
    return found


@pytest.mark.parametrize("role", [role for role in ROLES if role != "staff"])
def test_the_operators_pages_are_shut_to_everybody_else(role: str) -> None:
    client = access.world().client(role)
    for url in _operators():
        for method in ("GET", "POST"):
            answer = knock(client, method, url)
            place = answer.headers.get("Location", "")
            assert answer.status_code == 302, (method, url)
            assert place.startswith(reverse("admin:login")), (method, url)


def test_operators_come_in_and_nothing_breaks() -> None:
    client = access.world().client("staff")
    assert len(_operators()) > 30
    for url in _operators():
        if not url.startswith(reverse("admin:view_on_site", args=[1, 1])):
            assert knock(client, "GET", url).status_code in (200, 302, 403, 404, 405), url


@pytest.mark.parametrize("role", ROLES)
def test_the_demos_pages_do_not_exist_outside_the_demo(role: str, settings: Settings) -> None:
    assert {name for name, _ in access.addresses(demo_urls.urlpatterns)} == access.DEMO
    assert not settings.DEMO
    assert not any("demo" in str(pattern) for pattern in urls.urlpatterns)
    client = access.world().client(role)
    for url in ("/dev/inbox/", "/dev/clock/", "/dev/sign-in/x/"):
        assert access.meaning(knock(client, "GET", url)) == GONE
        assert access.meaning(knock(client, "POST", url)) == GONE
