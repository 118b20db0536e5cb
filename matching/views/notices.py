"""Which notices a member gets by mail: a page for the member, and one behind the link that mail programs know."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.views.access import MemberRequest, member_required
from matching import tokens
from matching.actions.notice_wishes import set_notice, set_notices
from matching.forms.digest import DigestForm
from matching.forms.notices import NoticesForm
from matching.models import Digest, NoticeKind
from matching.queries import notices as queries

AGAIN = "again"
"""The name of the button that takes it back."""


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def notices(request: MemberRequest) -> HttpResponse:
    """One tick for each kind of notice."""
    if request.method == "POST":
        form = NoticesForm(request.POST)
        if form.is_valid():
            set_notices(request.user, form.wanted())
            messages.success(request, _("Saved."))
            return redirect("notices")
        return notices_page(request, form=form)
    return notices_page(request)


def notices_page(
    request: MemberRequest,
    *,
    form: NoticesForm | None = None,
    digest_form: DigestForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with all its choices; for somebody who sponsors also that of one letter a week."""
    if form is None:
        wanted = queries.wanted_by(request.user.pk)
        form = NoticesForm(initial={kind.value: kind in wanted for kind in NoticeKind})
    context: dict[str, Any] = {"form": form}
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
