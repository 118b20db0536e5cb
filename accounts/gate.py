"""What a session must have shown before it goes on, and when it ends; for pages that are not ours too."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from accounts.aside import to_office_proof, to_proof, to_second_factor
from accounts.roles import LIFETIMES, OWN_MATTERS, Lifetime, Role

Handler = Callable[[HttpRequest], HttpResponse]

BEGAN, SEEN = "session_began", "session_seen"
# A session is written anew when a tenth of its idle time has passed, not at each request.
PARTS = 10
LOOKING_AGAIN = {"standing", "round", "search"}
"""What asks by itself whether there is news (by the id of its element): that is no sign that somebody is there."""

# allauth asks on these pages only those who have a password or a second factor; here everybody is asked.
OF_ONES_ACCOUNT = {
    "account_email",
    "account_change_password",
    "account_set_password",
    "password",
    "password_remove",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_remove_webauthn",
}
SETTING_UP = {name for name in OF_ONES_ACCOUNT if name.startswith("mfa_")}
OPERATORS = "admin"


class SessionTimesMiddleware:
    """A session ends when nobody uses it, and after a while in any case; how long that is depends on the role."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            lifetime = LIFETIMES[request.role]  # type: ignore[attr-defined]
            if is_over(request, lifetime):
                _end(request)
            elif request.headers.get("HX-Trigger") not in LOOKING_AGAIN:
                _keep(request, lifetime)
        return self.get_response(request)


def is_over(request: HttpRequest, lifetime: Lifetime) -> bool:
    """Whether the session has outlived its idle or its whole time; one of unknown age is over."""
    now = time.time()
    began: float | None = request.session.get(BEGAN)
    seen: float | None = request.session.get(SEEN)
    if began is None or seen is None:
        return True
    return now - began > lifetime.whole.total_seconds() or now - seen > lifetime.idle.total_seconds()


def _keep(request: HttpRequest, lifetime: Lifetime) -> None:
    now = time.time()
    if now - request.session[SEEN] > lifetime.idle.total_seconds() / PARTS:
        request.session[SEEN] = now


def _end(request: HttpRequest) -> None:
    logout(request)
    request.role = Role.NEWCOMER  # type: ignore[attr-defined]
    request.coordinates = False  # type: ignore[attr-defined]
    messages.info(request, _("You were signed out after a while, so that nobody else can read your pages."))


@receiver(user_logged_in)
def _begin(request: HttpRequest, **_: Any) -> None:
    """The real time, not the demo's: a clock that is moved signs nobody out."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


class ShowFirstMiddleware:
    """Before allauth's pages about one's account and the operators' admin: the second factor, and a fresh proof."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead somebody aside who has something to show first; None lets them on."""
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return None
        if match.namespace == OPERATORS and match.url_name != "logout":
            return to_office_proof(request)
        if match.url_name in SETTING_UP:
            return to_proof(request, OWN_MATTERS)
        if match.url_name in OF_ONES_ACCOUNT:
            return to_second_factor(request) or to_proof(request, OWN_MATTERS)
        return None
