"""S7: what every answer tells a browser, with the settings of a deployment."""

import re
from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.security import access, production, visits

pytestmark = pytest.mark.django_db

ALWAYS = {
    "Strict-Transport-Security": r"max-age=31536000; includeSubDomains; preload",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": r"camera=\(\), geolocation=\(\), microphone=\(\), .+",
    "Referrer-Policy": "same-origin|no-referrer",
}
NOTHING = ("default-src", "base-uri", "frame-ancestors")
OUR_OWN = {"'none'", "'self'", "'self' data:"}
A_STYLE = r"'sha256-[A-Za-z0-9+/]{43}='"
STYLED_WITHIN = {"my_data_read"}
"""Files to keep, which bring their style along: that one and no other, by its digest."""
KEPT_BY_BROWSERS = {"service_worker", "manifest"}
"""The same for everybody, and asked for anew at each visit."""

ELSEWHERE = "https://evil.example/"


@pytest.fixture(autouse=True)
def _deployed(settings: Settings) -> None:
    production.lay_over(settings)


def lacks(answer: Any, *, styled: bool = False) -> list[str]:
    """The headers that are not as they must be on every answer."""
    wrong = [name for name, value in ALWAYS.items() if not re.fullmatch(value, answer.headers.get(name, ""))]
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers.get("Content-Security-Policy", "x y").split(";")
    )
    if styled and re.fullmatch(A_STYLE, policy.get("style-src", "")):
        del policy["style-src"]
    shut = all(policy.get(name) == "'none'" for name in NOTHING) and {*policy.values()} <= OUR_OWN
    return wrong + ["Content-Security-Policy"] * (not shut)


def secret_addresses() -> set[str]:
    return visits.names_with("token", "key")


def complaints(name: str, answer: Any) -> list[str]:
    found = lacks(answer, styled=name in STYLED_WITHIN)
    if name in secret_addresses() and answer.headers["Referrer-Policy"] != "no-referrer":
        found.append("tells its address on")
    kept = answer.headers["Cache-Control"]
    if "no-store" not in kept and not (kept == "no-cache" and name in KEPT_BY_BROWSERS):
        found.append("can be kept")
    return found + [f"cookie {cookie.key}" for cookie in answer.cookies.values() if not is_own(cookie)]


def is_own(cookie: Morsel[str]) -> bool:
    """Whether a browser gives it back over https only, to this very host, and to no script or other site."""
    whole = cookie["path"] == "/" and not cookie["domain"]
    shut = bool(cookie["secure"] and cookie["httponly"]) and cookie["samesite"] in ("Lax", "Strict")
    # One that is taken away needs no more than its name.
    return cookie.key.startswith("__Host-") and whole and (shut or cookie["max-age"] == 0)


def walk(roles: tuple[str, ...] = access.ROLES) -> list[str]:
    """All that is wrong with any answer to anybody."""
    world, found = access.world(), []
    pages = visits.everywhere(world)
    assert len(pages) > 100
    for role in roles:
        client = world.client(role)
        for name, url in pages.items():
            for method in ("GET", "POST"):
                answer = visits.answer(client, method, url)
                found += [f"{role} {method} {name}: {wrong}" for wrong in complaints(name, answer)]
    return found


def test_every_answer_to_everybody_carries_every_header() -> None:
    assert walk() == []


@pytest.mark.parametrize(
    ("middleware", "noticed"),
    [
        ("accounts.middleware.PrivatePagesMiddleware", "Cross-Origin-Embedder-Policy"),
        ("django.middleware.security.SecurityMiddleware", "Strict-Transport-Security"),
        ("csp.middleware.CSPMiddleware", "Content-Security-Policy"),
        ("django.middleware.clickjacking.XFrameOptionsMiddleware", "X-Frame-Options"),
    ],
)
def test_control_without_a_guard_each_answer_lacks_its_headers(
    settings: Settings, middleware: str, noticed: str
) -> None:
    """The negative control: take one middleware away."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != middleware]
    answer = visits.answer(Client(), "GET", reverse("landing"))
    assert noticed in lacks(answer)


def test_control_a_cookie_of_development_is_not_taken_for_one_of_a_deployment(settings: Settings) -> None:
    settings.LANGUAGE_COOKIE_NAME = "django_language"
    answer = visits.answer(Client(), "POST", reverse("set_language"))
    assert not answer.cookies
    answer = visits.answer(Client(), "POST", reverse("set_language"), {"language": "es"})
    assert complaints("set_language", answer) == ["cookie django_language"]


def test_the_cookies_that_remember_something_are_of_this_host_too() -> None:
    for name, sent in (("theme", {"theme": "dark"}), ("theme", {"theme": ""}), ("set_language", {"language": "es"})):
        answer = visits.answer(Client(), "POST", reverse(name), sent)
        assert answer.cookies
        assert complaints(name, answer) == []
    said = visits.answer(access.world().client("newcomer"), "POST", reverse("request_withdraw"))
    assert said.status_code == 302
    assert "__Host-messages" in said.cookies
    assert complaints("request_withdraw", said) == []


def test_http_is_led_to_https_and_even_that_answer_may_not_be_kept() -> None:
    answer = Client(headers={"host": production.HOST}).get("/home/")
    assert answer.status_code == 301
    assert answer["Location"] == f"https://{production.HOST}/home/"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", f"{production.HOST}.evil.example", f"x.{production.HOST}", "a b"])
def test_another_hosts_name_is_refused_everywhere(host: str) -> None:
    client = Client(headers={"host": host}, raise_request_exception=False)
    for name, url in visits.everywhere(access.world()).items():
        assert client.get(url, secure=True).status_code == 400, name


def test_nobody_is_led_to_another_host_by_any_address() -> None:
    """Whatever an address is told to lead to next, and wherever a form says that it came from."""
    world = access.world()
    ways = ({"next": ELSEWHERE}, {"next": "//evil.example/"}, {"next": "/\\evil.example"})
    for role in ("anonymous", "newcomer", "paired"):
        client = world.client(role)
        for name, url in visits.everywhere(world).items():
            for way in ways:
                sent = {**way, "theme": "dark", "language": "es", "email": "new@example.org"}
                for method, fields in (("GET", way), ("POST", sent)):
                    place = visits.answer(client, method, url, fields, referer=ELSEWHERE)
                    led = place.headers.get("Location", "") + place.headers.get("HX-Redirect", "")
                    assert not re.match(r"[a-z]+:|//|/\\", led), (role, name, led)


def test_a_file_carries_the_headers_too() -> None:
    answer = Client(headers={"host": production.HOST}).get("/static/css/tokens.css", secure=True)
    assert answer.status_code == 200
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()
