"""The site's addresses and an empty page."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

EMPTY = "empty/"


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but what every answer of the site goes through."""
    return HttpResponse()


urlpatterns = [path(EMPTY, empty), path("", include("recovery_match.urls"))]
