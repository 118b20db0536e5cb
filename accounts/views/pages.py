"""Pages for anyone: what this is, help now, privacy, and the switch between light and dark."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.queries.crisis import offices_with_numbers
from accounts.queries.meetings import meetings_soon

THEMES = ("light", "dark")
A_YEAR = 365 * 24 * 3600


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is and how it works."""
    return render(request, "accounts/landing.html")


@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Crisis lines and the meetings that start in the next hours."""
    profile = getattr(request.user, "profile", None)
    member = profile if profile and profile.intergroup_id and profile.fellowship_id else None
    context = {"meetings": meetings_soon(clock.now(), member), "crisis_offices": offices_with_numbers()}
    return render(request, "accounts/help_now.html", context)


@require_safe
def too_young(request: HttpRequest) -> HttpResponse:
    """Who can help somebody below 18. Nothing about the visitor is kept."""
    return render(request, "accounts/too_young.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, for how long, and what never."""
    return render(request, "accounts/privacy.html")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie, or forget it and follow the system; then back to the page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "landing"
    response = redirect(target)
    chosen, cookie = request.POST.get("theme"), settings.THEME_COOKIE_NAME
    if chosen in THEMES:
        response.set_cookie(
            cookie, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(cookie, samesite="Lax")
    return response
