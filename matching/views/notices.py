"""Which notices a member gets and how: a page for the member, and one behind the link that mail programs know."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.views.access import MemberRequest, member_required
from matching import channels, tokens
from matching.actions.notice_wishes import set_notice, set_notices
from matching.channels import AnyChannel
from matching.channels.vapid import public_key
from matching.forms.digest import DigestForm
from matching.forms.notices import NoticesForm, field_name
from matching.forms.push_addresses import PushAddressForm
from matching.models import Digest, NoticeKind
from matching.queries import notices as queries

AGAIN = "again"
"""The name of the button that takes it back."""


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def notices(request: MemberRequest) -> HttpResponse:
    """One tick for each kind of notice on each channel; and the devices that get notifications."""
    if request.method == "POST":
        offered = _offered()
        form = NoticesForm(request.POST, channels=offered)
        if form.is_valid():
            set_notices(request.user, form.wanted(), channels=[channel.name for channel in offered])
            messages.success(request, _("Saved."))
            return redirect("notices")
    return notices_page(request)


def _offered() -> list[AnyChannel]:
    return [channel for channel in channels.fresh() if channel.offered]


def notices_page(
    request: MemberRequest,
    *,
    device_form: PushAddressForm | None = None,
    digest_form: DigestForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with all its choices; for somebody who sponsors also that of one letter a week."""
    offered = _offered()
    off = queries.unwanted_by(request.user.pk)
    wanted = {
        field_name(kind, channel.name): (kind.value, channel.name) not in off
        for kind in NoticeKind
        for channel in offered
    }
    context: dict[str, Any] = {
        "form": NoticesForm(initial=wanted, channels=offered),
        "device_form": device_form,
        "devices": queries.devices(request.user),
        "push_key": public_key(settings.VAPID_PRIVATE_KEY) if settings.VAPID_PRIVATE_KEY else "",
    }
    if hasattr(request.user, "sponsor"):
        digest = queries.digest_of(request.user.pk)
        context["digest"] = digest
        context["digest_form"] = digest_form or DigestForm(initial=_digest_values(digest), quiets=[])
    return render(request, "matching/notices.html", context, status=status)


def _digest_values(digest: Digest | None) -> dict[str, int]:
    return {} if digest is None else {"weekday": digest.weekday, "hour": digest.hour}


# A mail program posts here by itself when its user presses "unsubscribe" (RFC 8058): it has no cookie and no token
# against forgery, and gets no redirect. The signed link is the only authority, as with a check-in's.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch one kind of notice off, or on again; a visit alone changes nothing, since mail scanners open links."""
    try:
        member_id, kind = tokens.read_notice(token)
    except (tokens.BadToken, tokens.ExpiredToken):
        return _page(request, status=404, closed=True)
    member = queries.reader(member_id)
    if member is None:
        return _page(request, status=410, closed=True)
    with translation.override(member.language):
        if request.method == "POST":
            set_notice(member, kind, wanted=AGAIN in request.POST)
        return _page(request, wanted=kind in queries.wanted_by(member.pk), label=kind.label)


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, "matching/unsubscribe.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
