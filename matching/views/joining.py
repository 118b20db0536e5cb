"""The way in for somebody who was invited from an office's list: ordinary sign-up, with what is known filled in."""

from typing import Any
from uuid import UUID

from allauth.account.signals import user_signed_up
from allauth.account.views import SignupView
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.models import User
from matching import tokens
from matching.actions import invitees
from matching.models import Invitee
from matching.views.bare import bare_page

IN_SESSION = "invitee"


@require_safe
def invitee_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: remembered in the visitor's session, so that it stands in no further address."""
    try:
        pk = tokens.read_invitee(token)
    except tokens.ExpiredToken:
        return bare_page(request, "matching/invitation_closed.html", "old")
    except tokens.BadToken:
        return bare_page(request, "matching/invitation_closed.html", "altered")
    if not Invitee.objects.open(clock.now()).filter(pk=pk).exists():
        return bare_page(request, "matching/invitation_closed.html", "ended")
    request.session[IN_SESSION] = str(pk)
    response = redirect("join")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


class JoinView(SignupView):  # type: ignore[misc]
    """The sign-up form with the address filled in; ordinary sign-up takes it, and asks what it asks everybody."""

    def get_initial(self) -> dict[str, Any]:
        """The address to which the letter went, if the visitor came by its link."""
        found = _remembered(self.request)
        return {**super().get_initial(), **({"email": found.address} if found and found.address else {})}


join = require_safe(JoinView.as_view())


def _remembered(request: HttpRequest) -> Invitee | None:
    pk = request.session.get(IN_SESSION)
    return None if pk is None else Invitee.objects.open(clock.now()).filter(pk=UUID(pk)).first()


@receiver(user_signed_up)
def fill_in(request: HttpRequest, user: User, **_: Any) -> None:
    """An account was opened, with everything agreed to: fill in what the office knows of whoever came by a link."""
    pk = request.session.pop(IN_SESSION, None)
    if pk is not None:
        invitees.join(UUID(pk), by=user)
