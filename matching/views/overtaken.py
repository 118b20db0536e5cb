"""The answer to whoever was a moment too late, where a view has no better one."""

from collections.abc import Callable

from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from psycopg.errors import ForeignKeyViolation

from accounts.models import User
from matching.states import IllegalMove


class OvertakenMiddleware:
    """409 when what somebody acts on has moved on or is gone, or their own account is: nobody did wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves every other exception to Django."""
        if not (isinstance(exception, IllegalMove) or _found_nobody(exception)):
            return None
        if _has_left(request):
            words = _("Your account was deleted, perhaps by you in another window. What you just sent was not kept.")
            return render(request, "409.html", {"message": words, "next_url": reverse("landing")}, status=409)
        if type(exception) is DatabaseError:
            return None
        return render(request, "409.html", status=409)


def _found_nobody(exception: Exception) -> bool:
    """A row was written that leads to one which another deleted meanwhile, or one was to be saved that is no more.

    For the second Django has no class of its own: its DatabaseError may be something else, so whoever is still here
    gets a 500. A database that does not answer raises another class, and is not asked once more.
    """
    leads_to_nobody = isinstance(exception, IntegrityError) and isinstance(exception.__cause__, ForeignKeyViolation)
    return leads_to_nobody or type(exception) is DatabaseError


def _has_left(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not User.objects.filter(pk=request.user.pk).exists()
