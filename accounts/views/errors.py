"""What somebody sees when a request could not be read, was too large, came with an old token, or broke something."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from accounts.context_processors import of_any_page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for more than the site takes at once; the second says what to do about it."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    name, status = ("413.html", 413) if too_large else ("400.html", 400)
    # A wrong host is refused before the request's language is looked at: that of the one before is still active.
    with translation.override(translation.get_language_from_request(request)):
        return render(request, name, status=status)


def token_is_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that may be another site's; accounts.late_forms has a better answer for an old page of ours."""
    request.token_is_old = True  # type: ignore[attr-defined]
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the way out and the numbers to call; asks no database, which may be what is broken."""
    return HttpResponse(render_to_string("500.html", of_any_page(request)), status=500)
