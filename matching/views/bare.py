"""Pages behind a signed link that needs no sign-in: whoever stands behind the reader learns nothing from them.

Under "no-referrer" a browser sends "Origin: null" with its own form, which Django's check against forgery refuses, so
the views of these pages go without it. Nothing is lost: the signed link is the only authority there, no cookie is read,
and whoever lacks the link cannot forge its address.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CLOSED = {"altered": 404, "old": 410, "ended": 410}
"""Why a link takes no answer, and the status that says so."""


def bare_page(
    request: HttpRequest, template: str, part: str, *, status: int | None = None, **context: Any
) -> HttpResponse:
    """Render a part of a bare template; its address is told to no other page."""
    context = {"part": part, **context}
    response = render(request, template, context, status=status or CLOSED.get(part, 200))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
