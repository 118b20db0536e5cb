"""The operators' page: whether the works run, and what to do when they don't."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.aside import to_office_proof
from accounts.models import User
from matching.actions.outbox import send_all_again
from matching.notices import NOTICES
from matching.queries import operate as figures

P = ParamSpec("P")


class OperatorRequest(HttpRequest):
    """What a view behind the door gets: an operator who is signed in."""

    user: User


OperatorView = Callable[Concatenate[OperatorRequest, P], HttpResponseBase]


def operators_only(view: OperatorView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let operators in, as their admin does; to every other member the page does not exist (404)."""

    @login_required
    @wraps(view)
    def door(request: OperatorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_staff:
            raise Http404
        return to_office_proof(request) or view(request, *args, **kwargs)

    return door  # type: ignore[return-value]


@require_safe
@operators_only
def operate(request: OperatorRequest) -> HttpResponse:
    """Everything at a glance."""
    words = {topic: str(notice.text) for topic, notice in NOTICES.items()}
    return render(request, "matching/operate.html", {"page": figures.page(words), "now": clock.now()})


@require_POST
@operators_only
def operate_send_again(request: OperatorRequest) -> HttpResponse:
    """Send again what was set aside for one topic and trouble; the right to do so is the admin's."""
    if not request.user.has_perm("matching.change_outboxmessage"):
        raise PermissionDenied
    number = send_all_again(request.POST.get("topic", ""), request.POST.get("trouble", ""), by=request.user)
    words = ngettext("%(number)s message goes out again.", "%(number)s messages go out again.", number)
    messages.success(request, words % {"number": number})
    return redirect("operate")
