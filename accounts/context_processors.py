"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import crisis


def of_any_page(request: HttpRequest) -> dict[str, Any]:
    """The neutral name, the way out, the theme and the crisis lines: nothing that has to be asked of the database."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return {
        "site_name": settings.SITE_NAME,
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "demo": settings.DEMO,
        "theme": theme if theme in ("light", "dark") else "",
        "crisis_lines": crisis.CRISIS_LINES,
        "crisis_reviewed": crisis.REVIEWED,
        "crisis_elsewhere": crisis.ELSEWHERE_URL,
    }


def site(request: HttpRequest) -> dict[str, Any]:
    """That, the lines of the member's office, and whether they coordinate."""
    user = getattr(request, "user", None)
    policy = getattr(request, "policy", None)
    return {
        **of_any_page(request),
        "crisis_local": policy.local_lines if policy is not None else [],
        "coordinates": user is not None and user.is_authenticated and request.coordinates,  # type: ignore[attr-defined]
    }
