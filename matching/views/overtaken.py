"""The answer to whoever was a moment too late, where a view has no better one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from matching.states import IllegalMove


class OvertakenMiddleware:
    """409 when a thing has moved on and the move that was asked for exists no more: nobody did wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves every other exception to Django."""
        return render(request, "409.html", status=409) if isinstance(exception, IllegalMove) else None
