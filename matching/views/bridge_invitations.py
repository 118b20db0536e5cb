"""A first contact that the office proposes: the coordinators' side, and the way in for whoever has the link."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.models import Intergroup
from matching import tokens
from matching.actions import bridge_invitations as actions
from matching.actions.errors import AlreadyLooking, NotAllowed, NotReady, TooLate
from matching.forms.bridge_invitations import BridgeInviteForm
from matching.models import LOOK_AFTER_BRIDGES, BridgeInvitation
from matching.views.bare import bare_page
from matching.views.coordinators import CoordinatorRequest, office_called, seen, signed_in

IN_SESSION = "bridge_invitation"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bridge_invite(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Whom the office has asked; a POST asks somebody."""
    office = office_called(request, slug, *LOOK_AFTER_BRIDGES)
    if request.method != "POST":
        return _office(request, office)
    form = BridgeInviteForm(request.POST, today=clock.today(office.zone))
    if not form.is_valid():
        return _office(request, office, form=form, status=422)
    try:
        made = actions.invite_to_bridge(office, by=request.user, **form.values)
    except NotAllowed as error:
        raise Http404 from error
    if made.email:
        messages.success(request, _("The mail goes out now. Nothing is kept of them after thirty days without a yes."))
    else:
        messages.success(request, _("Hand them the link below. Nothing is kept after thirty days without a yes."))
    return redirect("bridge_invite", slug=slug)


def _office(
    request: CoordinatorRequest, office: Intergroup, *, form: BridgeInviteForm | None = None, status: int = 200
) -> HttpResponse:
    waiting = BridgeInvitation.objects.for_coordinator(request.user).open(clock.now()).filter(intergroup=office)
    today = clock.today(office.zone)
    context = {
        "office": office,
        "form": form or BridgeInviteForm(today=today, initial={"language": (get_language() or "en")[:2]}),
        "invitations": [{"invitation": one, "link": _link(one), "language": _language(one)} for one in waiting],
    }
    return render(request, "matching/bridge_invite.html", context, status=status)


def _link(invitation: BridgeInvitation) -> str:
    """What is handed over; who was written to has it in their mail."""
    if invitation.email or invitation.sent_at:
        return ""
    return str(settings.SITE_URL + reverse("bridge_link", args=[tokens.bridge_token(invitation)]))


def _language(invitation: BridgeInvitation) -> str:
    return str(dict(settings.LANGUAGES).get(invitation.language, ""))


@require_POST
@signed_in
def bridge_invitation_withdraw(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    rows = BridgeInvitation.objects.for_coordinator(request.user).open(clock.now()).select_related("intergroup")
    found = seen(request, rows, pk)
    try:
        actions.withdraw_bridge_invitation(found, by=request.user)
    except (NotAllowed, TooLate) as error:
        raise Http404 from error
    messages.success(request, _("Taken back. The link no longer works, and nothing of it is kept."))
    return redirect("bridge_invite", slug=found.intergroup.slug)


@require_safe
def bridge_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail or the card: remembered in the session, so that it stands in no further address."""
    try:
        pk = tokens.read_bridge(token)
    except tokens.ExpiredToken:
        return bare_page(request, "matching/bridge_link_closed.html", "old")
    except tokens.BadToken:
        return bare_page(request, "matching/bridge_link_closed.html", "altered")
    if not BridgeInvitation.objects.open(clock.now()).filter(pk=pk).exists():
        return bare_page(request, "matching/bridge_link_closed.html", "ended")
    request.session[IN_SESSION] = str(pk)
    response = redirect("bridge_invited")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def bridge_invited(request: HttpRequest) -> HttpResponse:
    """The question, and its yes or no; a no needs no account, a yes is that of a member."""
    found = remembered(request)
    if found is None:
        return _page(request, None, status=404 if IN_SESSION not in request.session else 410)
    if request.method != "POST":
        return _page(request, found)
    try:
        return _answered(request, found, request.POST.get("answer", ""))
    except TooLate:
        return _page(request, None, status=410)


def _answered(request: HttpRequest, found: BridgeInvitation, said: str) -> HttpResponse:
    if said == "no":
        actions.refuse_bridge(found.pk)
        del request.session[IN_SESSION]
        return _page(request, None, part="refused")
    if said != "yes":
        return _page(request, found, status=422)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_signup')}?next={reverse('bridge_invited')}")
    try:
        actions.accept_bridge(found.pk, by=request.user)
    except NotReady:
        messages.info(
            request, _("First a few questions, so that we find somebody who fits. Then we come back to this.")
        )
        return redirect("welcome")
    except AlreadyLooking:
        actions.refuse_bridge(found.pk)
    else:
        messages.success(request, _("You have asked. Volunteers who fit hear of it now."))
    del request.session[IN_SESSION]
    return redirect("bridge")


def remembered(request: HttpRequest) -> BridgeInvitation | None:
    """The open invitation whose link this visitor came by; no query for all others."""
    pk = request.session.get(IN_SESSION)
    if pk is None:
        return None
    return BridgeInvitation.objects.open(clock.now()).select_related("intergroup").filter(pk=UUID(pk)).first()


def _page(request: HttpRequest, found: BridgeInvitation | None, *, part: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"invitation": found, "part": part or ("asked" if found else "ended")}
    return render(request, "matching/bridge_invited.html", context, status=status)
