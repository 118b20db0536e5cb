"""Signing up and in with a passkey, an app and a backup code, in a real browser, by keyboard, in three languages."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from accounts.models import User
from tests import factories
from tests.browser.conftest import code_in_mail
from tests.security import signing_in

pytestmark = pytest.mark.django_db(transaction=True)

IN_EACH_LANGUAGE = pytest.mark.parametrize("language", ["en", "es", "fr"])
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def phone(browser: Browser, site: str) -> BrowserContext:
    context = browser.new_context(
        base_url=site, viewport={"width": 320, "height": 800}, bypass_csp=True, color_scheme="dark"
    )
    context.set_default_timeout(30_000)
    return context


@pytest.fixture
def page(browser: Browser, site: str, language: str) -> Iterator[Page]:
    """A phone that can make passkeys. axe is injected, which the site's policy forbids: it is bypassed here only."""
    cache.clear()
    context = phone(browser, site)
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


@pytest.fixture
def language() -> str:
    """For tests that are played in one language."""
    return "en"


def looked_at(page: Page, address: str) -> None:
    """Wait for the page at this address. Nothing keeps anybody out: axe is content, and nothing is cut off."""
    expect(page).to_have_url(re.compile(address))
    page.wait_for_load_state()
    found = [one["id"] for one in Axe().run(page).response["violations"]]
    assert found == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def tab_to(page: Page, wanted: Locator) -> None:
    """Reach something with the tabulator key alone."""
    wanted.wait_for(state="visible")
    for _ in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{page.url}: the keyboard does not reach it")


def press(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def type_into(page: Page, name: str, text: str) -> None:
    field = page.locator(f"main input[name={name}]").first
    tab_to(page, field)
    field.press("Control+a")
    page.keyboard.type(text)


def send(page: Page) -> None:
    press(page, page.locator("main form").first.locator("button[type=submit]").first)


def tick_all(page: Page) -> None:
    for box in page.locator("main input[type=checkbox]").all():
        tab_to(page, box)
        page.keyboard.press("Space")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/$"))


def by_mailed_code(page: Page, address: str) -> None:
    page.goto("/accounts/login/code/")
    type_into(page, "email", address)
    send(page)
    looked_at(page, "/login/code/confirm/")
    type_into(page, "code", code_in_mail(address))
    send(page)
    expect(page).not_to_have_url(re.compile("/login/code/confirm/"))


@IN_EACH_LANGUAGE
def test_somebody_signs_up_with_a_passkey_and_comes_back_with_it(
    page: Page, language: str, mailoutbox: list[object]
) -> None:
    address = f"ana.{language}@example.org"
    page.goto("/accounts/signup/")
    press(page, page.locator("main a[href$='/signup/passkey/']"))
    looked_at(page, "/signup/passkey/")
    assert page.locator("html").get_attribute("lang") == language
    type_into(page, "email", address)
    tick_all(page)
    send(page)
    looked_at(page, "/confirm-email/")
    type_into(page, "code", code_in_mail(address))
    send(page)
    looked_at(page, "/2fa/webauthn/signup/")
    press(page, page.locator("#mfa_webauthn_signup"))
    expect(page).to_have_url(re.compile("/welcome/"))
    assert Authenticator.objects.get(user__email=address).type == "webauthn"

    sign_out(page)
    page.goto("/accounts/login/")
    looked_at(page, "/login/")
    press(page, page.locator("#passkey_login"))
    expect(page).to_have_url(re.compile("/welcome/"))


@IN_EACH_LANGUAGE
def test_a_sponsor_sets_up_an_app_and_signs_in_with_it_and_with_a_backup_code(
    page: Page, language: str, mailoutbox: list[object], rosa: User
) -> None:
    User.objects.filter(pk=rosa.pk).update(language=language)
    by_mailed_code(page, rosa.email)
    looked_at(page, "/2fa/$")
    press(page, page.locator("main a[href$='/2fa/totp/activate/']"))
    looked_at(page, "/2fa/totp/activate/")
    letters = page.locator("#authenticator_secret").inner_text()
    secret = letters.replace(" ", "")
    type_into(page, "code", "000000")
    send(page)
    expect(page.locator("main .field__error")).to_be_visible()
    expect(page.locator("#authenticator_secret")).to_have_text(letters)
    looked_at(page, "/2fa/totp/activate/")
    type_into(page, "code", signing_in.app_code(secret))
    send(page)
    looked_at(page, "/2fa/recovery-codes/")
    backup = page.locator(".codes li").first.inner_text()

    for code in (None, backup):
        sign_out(page)
        cache.clear()
        by_mailed_code(page, rosa.email)
        looked_at(page, "/2fa/authenticate/")
        type_into(page, "code", code or signing_in.app_code(secret))
        send(page)
        expect(page).to_have_url(re.compile("/home/"))


@IN_EACH_LANGUAGE
def test_a_newcomer_who_wants_to_adds_renames_uses_and_takes_off_a_passkey(
    page: Page, language: str, mailoutbox: list[object]
) -> None:
    ana = factories.newcomer()
    by_mailed_code(page, ana.email)
    expect(page).to_have_url(re.compile("/home/"))
    page.goto("/accounts/2fa/")
    looked_at(page, "/2fa/")
    press(page, page.locator("main a[href$='/2fa/webauthn/add/']"))
    looked_at(page, "/2fa/webauthn/add/")
    type_into(page, "name", "Telefono")
    box = page.locator("main input[name=passwordless]")
    tab_to(page, box)
    page.keyboard.press("Space")
    press(page, page.locator("#mfa_webauthn_add"))
    expect(page).to_have_url(re.compile("/2fa/recovery-codes/"))

    page.goto("/accounts/2fa/webauthn/")
    looked_at(page, "/2fa/webauthn/$")
    expect(page.get_by_text("Telefono").first).to_be_visible()
    press(page, page.locator("main a[href*='/2fa/webauthn/keys/'][href$='/edit/']"))
    looked_at(page, "/edit/")
    type_into(page, "name", "Celular")
    send(page)
    expect(page.get_by_text("Celular").first).to_be_visible()

    sign_out(page)
    cache.clear()
    by_mailed_code(page, ana.email)
    press(page, page.locator("#mfa_webauthn_authenticate"))
    expect(page).to_have_url(re.compile("/home/"))

    page.goto("/accounts/2fa/webauthn/")
    press(page, page.locator("main a[href$='/remove/']"))
    looked_at(page, "/2fa/reauthenticate/")
    press(page, page.locator("main a[href*='/2fa/webauthn/reauthenticate/']"))
    looked_at(page, "/2fa/webauthn/reauthenticate/")
    press(page, page.locator("#mfa_webauthn_reauthenticate"))
    looked_at(page, "/remove/$")
    send(page)
    expect(page).to_have_url(re.compile("/2fa/(webauthn/)?$"))
    assert not Authenticator.objects.filter(user=ana, type="webauthn").exists()


def test_control_a_code_of_somebody_elses_app_opens_nothing(page: Page, mailoutbox: list[object], rosa: User) -> None:
    """The negative control: the second step is asked for, and is not satisfied by just anything."""
    signing_in.with_app(rosa)
    by_mailed_code(page, rosa.email)
    type_into(page, "code", signing_in.app_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJR"))
    send(page)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.goto("/home/")
    expect(page).to_have_url(re.compile("/accounts/"))


def test_the_other_sessions_are_seen_and_ended_from_one_of_them(
    page: Page, browser: Browser, site: str, mailoutbox: list[object]
) -> None:
    ana = factories.newcomer()
    by_mailed_code(page, ana.email)
    other = phone(browser, site).new_page()
    cache.clear()
    by_mailed_code(other, ana.email)
    expect(other).to_have_url(re.compile("/home/"))
    page.goto("/accounts/sessions/")
    looked_at(page, "/sessions/")
    expect(page.locator("main tbody tr")).to_have_count(2)
    send(page)
    expect(page.locator("main tbody tr")).to_have_count(1)
    other.goto("/home/")
    expect(other).to_have_url(re.compile("/accounts/login/"))
    page.goto("/home/")
    expect(page).to_have_url(re.compile("/home/"))
    other.context.close()
