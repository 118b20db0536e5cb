"""What somebody sees when a request could not be read, was too large, came with an old token, or broke something."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.context_processors import of_any_page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for more than the site takes at once; the second says what to do about it."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def token_is_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that may be another site's; accounts.late_forms has a better answer for an old page of ours."""
    request.token_is_old = True  # type: ignore[attr-defined]
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the way out and the numbers to call; asks no database, which may be what is broken."""
    return HttpResponse(render_to_string("500.html", of_any_page(request)), status=500)
