"""A password in a browser: chosen, used, shown anew and given up, with and without scripts, in three languages."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext as _
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import Visitor
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.security.test_password import PASSWORD

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_chosen_in_the_profile_and_used_at_the_door(
    visitor: Callable[[], Visitor], site: str, ana: User, language: str
) -> None:
    cache.clear()
    User.objects.filter(pk=ana.pk).update(language=language)
    member = visitor()
    desk = member.page
    desk.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
    sign_in(desk, ana, site)
    with translation.override(language):
        desk.goto("/profile/")
        desk.get_by_role("link", name=_("A password, if you like one")).click()
        _type(desk, "passwordpassword")
        expect(desk.get_by_role("alert")).to_contain_text(
            _("Others would guess this soon. Take four or five words that have nothing to do with each other.")
        )
        _type(desk, PASSWORD)
        expect(
            desk.get_by_text(_("Saved. You can sign in with it from now on, or with a code as before."))
        ).to_be_visible()

        desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        desk.goto("/accounts/login/")
        desk.get_by_role("link", name=_("Sign in with a password instead")).click()
        desk.get_by_label(_("E-mail address")).fill(ana.email)
        desk.get_by_label(_("Password"), exact=True).fill(PASSWORD)
        desk.locator("main").get_by_role("button", name=_("Sign in"), exact=True).click()
        desk.wait_for_url("**/home/")

        desk.goto("/accounts/password/")
        desk.get_by_role("button", name=_("Remove my password")).click()
        expect(desk.get_by_role("heading", name=_("Would you like a password?"))).to_be_visible()
    assert member.problems == [] or all("422" in one for one in member.problems)


def _type(desk: Page, password: str) -> None:
    desk.get_by_label(_("New password")).fill(password)
    desk.get_by_label(_("The same once more")).fill(password)
    desk.get_by_role("button", name=_("Save the password")).click()


def test_axe_finds_nothing(page: Page, site: str, ana: User) -> None:
    ana.set_password(PASSWORD)
    ana.save()
    assert faults(page, ["/accounts/login/password/"], site) == []
    sign_in(page, ana, site)
    assert faults(page, ["/accounts/password/", "/accounts/reauthenticate/", "/apart/"], site) == []
