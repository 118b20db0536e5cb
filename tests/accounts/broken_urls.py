"""The site's addresses with some that break, each in a way of its own."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from matching.states import IllegalMove
from recovery_match.urls import handler400, handler500
from recovery_match.urls import urlpatterns as ordinary

__all__ = ["handler400", "handler500"]

BROKEN: dict[str, type[Exception]] = {"403": PermissionDenied, "409": IllegalMove, "500": ZeroDivisionError}


def broken(request: HttpRequest, how: str) -> HttpResponse:
    """Raise it."""
    raise BROKEN[how]


urlpatterns = [*ordinary, path("broken/<str:how>/", broken)]
