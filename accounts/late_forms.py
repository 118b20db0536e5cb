"""A form that is sent too late loses nothing: after signing in it is there again, as it was typed.

Too late means: the session has ended, a fresh proof is asked for first, or somebody signed in anew in another window,
and the form's token is of before. In each case nothing was done, and whoever sent it presses the button once more.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.aside import came_from
from accounts.drafts import Draft
from accounts.middleware import Handler
from accounts.refill import refill

ASIDES = ("account_login", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "prove")
"""Where somebody shows who they are before they go on."""


class LateFormsMiddleware:
    """Keep what is sent too late, and put it back into the page that showed the form."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST":
            response = self._after_sending(request, response)
        elif request.method == "GET" and drafts.waits(request):
            _put_back(request, response)
        if request.user.is_authenticated:
            drafts.remember(request, response, request.user)
        return response

    def _after_sending(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        aside = self._aside(request, response)
        if aside is not None:
            return _kept(request, aside)
        if getattr(request, "token_is_old", False):
            return _asked_again(request, response)
        if drafts.waits(request) and request.user.is_authenticated:
            draft = drafts.opened(request, request.user)
            if draft is None or draft.action == request.path:
                drafts.drop(request, response)
        return response

    def _aside(self, request: HttpRequest, response: HttpResponse) -> HttpResponse | None:
        """The answer itself when it leads to a page of ASIDES that was not the one that was asked."""
        path = urlsplit(response.headers.get("Location", "")).path
        return response if path in self._asides and request.path not in self._asides else None

    @cached_property
    def _asides(self) -> set[str]:
        return {reverse(name) for name in ASIDES}


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same way aside, back to the page with the form: the address that forms are sent to is often no page."""
    page = came_from(request) or request.path
    if page != request.path:
        parts = urlsplit(response.headers["Location"])
        query = urlencode({**dict(parse_qsl(parts.query)), "next": page})
        response.headers["Location"] = urlunsplit(parts._replace(query=query))
    if drafts.keep(request, response, page) and not request.user.is_authenticated:
        messages.info(request, _("Sign in, and what you typed is there again. It waits for you for half an hour."))
    return response


def _asked_again(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Back to the form, if it was really a page of ours that sent it; else the page that says what to do.

    Browsers name in ``Origin`` the site whose page sends a form, and no page can make them name another.
    """
    page = came_from(request)
    own = f"{request.scheme}://{request.get_host()}"
    if not page or request.headers.get("Origin") != own:
        return response
    signed_in = request.user.is_authenticated
    again = HttpResponseRedirect(
        page if signed_in else f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"
    )
    return again if drafts.keep(request, again, page) else response


def _put_back(request: HttpRequest, response: HttpResponse) -> None:
    whole = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
    if not request.user.is_authenticated or not whole or response.streaming or request.headers.get("HX-Request"):
        return
    draft = drafts.opened(request, request.user)
    if draft is None:
        drafts.drop(request, response)
    elif urlsplit(draft.page).path == request.path:
        response.content = _with(draft, request.path, response.content.decode())


def _with(draft: Draft, path: str, page: str) -> str:
    """The page with what was typed; what has no field there any more stands above, to be read and copied."""
    filled = refill(page, address=path, action=draft.action, fields=draft.fields)
    if filled.main_end is None:
        return filled.page
    words = [value for value in filled.left_over if any(map(str.isspace, value))]
    note = render_to_string("accounts/draft.html", {"words": words, "all_there": not filled.left_over})
    return filled.page[: filled.main_end] + note + filled.page[filled.main_end :]
