"""The site's addresses, an empty page, and one that tells when a process has compiled what it will need."""

import threading
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

EMPTY, READY = "empty/", "ready/"
REHEARSAL = "rehearsal"


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but what every answer of the site goes through."""
    return HttpResponse()


def ready(request: HttpRequest) -> HttpResponse:
    """503 while this process still rehearses, which would be measured along with the pages."""
    busy = any(thread.name == REHEARSAL for thread in threading.enumerate())
    return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE if busy else HTTPStatus.OK)


urlpatterns = [path(EMPTY, empty), path(READY, ready), path("", include("recovery_match.urls"))]
