"""Lead somebody aside who has to show first who they are, and back to where they wanted to go."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts import proof
from accounts.roles import OFFICE_MATTERS


def to_second_factor(request: HttpRequest) -> HttpResponse | None:
    """None when this session has shown a second factor or needs none; else the way to show one, or to set one up."""
    if not request.role.needs_second_factor or proof.second_factor_given(request):  # type: ignore[attr-defined]
        request.session.pop(proof.ONWARD, None)
        return None
    assert request.user.is_authenticated
    if proof.has_second_factor(request.user):
        return _go(request, _ways(request, second_only=True)[0])
    request.session[proof.ONWARD] = _wanted(request)
    return _go(request, reverse("mfa_index"), come_back=False)


def to_proof(request: HttpRequest, within: timedelta) -> HttpResponse | None:
    """None when they showed not longer ago than this who they are; else the way to show it again.

    What was sent along with a form is kept meanwhile, sealed, by accounts.late_forms.
    """
    if proof.fresh(request, within):
        return None
    if request.method not in ("GET", "HEAD"):
        messages.info(request, _("First show that it is you. Then press the button again."))
    return _go(request, _ways(request)[0])


def to_office_proof(request: HttpRequest) -> HttpResponse | None:
    """What decides on others: a second factor for every page, and a proof of the last hours for every change."""
    aside = to_second_factor(request)
    if aside is None and request.method not in ("GET", "HEAD"):
        aside = to_proof(request, OFFICE_MATTERS)
    return aside


def _ways(request: HttpRequest, *, second_only: bool = False) -> list[str]:
    """Addresses at which they can show it, the best first; a code by mail for those who have nothing else."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    found = [way["url"] for way in ways if not second_only or way["id"].startswith("mfa_")]
    return found or [reverse("prove")]


def _wanted(request: HttpRequest) -> str:
    """Where to lead them back: to this page, or to the one whose button they pressed."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return came_from(request) or reverse("home")


def came_from(request: HttpRequest) -> str:
    """The page of this site whose form or link led here, as the browser says; empty when it says nothing of it."""
    named = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(named, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(named)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _go(request: HttpRequest, url: str, *, come_back: bool = True) -> HttpResponse:
    if come_back:
        url += "?" + urlencode({"next": _wanted(request)})
    # A fragment that htmx asked for must not be replaced by a whole page.
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else HttpResponseRedirect(url)
