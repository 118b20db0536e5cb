"""The way in for somebody who was invited to serve an office: the link, the account, the second step, the yes."""

from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.models import Invitation, Scope
from matching import tokens
from matching.actions import terms
from matching.actions.errors import NotAllowed, TooLate
from matching.views.bare import bare_page
from matching.views.coordinators import CoordinatorRequest, signed_in

IN_SESSION = "invitation"


@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: remembered in the visitor's session, so that it stands in no further address."""
    try:
        pk = tokens.read_invitation(token)
    except tokens.ExpiredToken:
        return bare_page(request, "matching/invitation_closed.html", "old")
    except tokens.BadToken:
        return bare_page(request, "matching/invitation_closed.html", "altered")
    if not Invitation.objects.open(clock.now()).filter(pk=pk).exists():
        return bare_page(request, "matching/invitation_closed.html", "ended")
    request.session[IN_SESSION] = str(pk)
    response = redirect("invitation")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def invitation(request: CoordinatorRequest) -> HttpResponse:
    """What somebody is asked for, and their yes; the second step of signing in comes first."""
    found = _remembered(request)
    if found is None:
        return _page(request, None, "ended", status=410 if IN_SESSION in request.session else 404)
    if not terms.owns(found, request.user):
        return _page(request, found, "other")
    if request.method != "POST":
        return _page(request, found, "asked" if is_mfa_enabled(request.user) else "second_step")
    try:
        terms.accept_invitation(found, by=request.user)
    except terms.NeedsSecondFactor:
        return _page(request, found, "second_step", status=409)
    except (NotAllowed, TooLate, terms.AlreadyServes):
        return _page(request, None, "ended", status=410)
    del request.session[IN_SESSION]
    messages.success(request, _("Welcome. Here is what waits in your office."))
    return redirect("coordinate")


def _remembered(request: HttpRequest) -> Invitation | None:
    pk = request.session.get(IN_SESSION)
    if pk is None:
        return None
    open_ = Invitation.objects.open(clock.now()).select_related("intergroup", "made_by__profile")
    return open_.filter(pk=UUID(pk)).first()


def _page(request: HttpRequest, found: Invitation | None, part: str, *, status: int = 200) -> HttpResponse:
    scopes = [str(Scope(one).label) for one in found.scopes] if found else []
    context = {"invitation": found, "part": part, "scopes": scopes}
    return render(request, "matching/invitation.html", context, status=status)
