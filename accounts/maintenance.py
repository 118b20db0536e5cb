"""While the site is being looked after nothing is asked of the database, and nobody's form is half taken."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from accounts.middleware import Handler

RETRY_AFTER = 600
"""Seconds after which a browser or a search engine may look again."""


class MaintenanceMiddleware:
    """503 for everything but what asks whether the process lives, with the crisis numbers on the page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE or request.path == reverse("healthz"):
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER)
        return response
