"""A member's own calendar address: the page that makes it, and the file that calendar programs fetch from it."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import MemberRequest, member_required
from matching.actions.calendar_feeds import end_feed, make_feed
from matching.calendar_file import calendar_file
from matching.queries import notices as queries
from matching.queries.calendar import coming_check_ins


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def calendar(request: MemberRequest) -> HttpResponse:
    """Whether there is an address; a press makes one, or another in place of the one before.

    The answer to the press is the only page that ever shows it, for no more than its hash is kept.
    """
    address = ""
    if request.method == "POST":
        address = settings.SITE_URL + reverse("calendar_feed", args=[make_feed(request.user)])
    feed = queries.feed_of(request.user)
    return render(request, "matching/calendar.html", {"feed": feed, "address": address})


@require_POST
@member_required
def calendar_end(request: MemberRequest) -> HttpResponse:
    """Switch the address off."""
    end_feed(request.user)
    messages.success(request, _("Switched off. The old address leads nowhere now."))
    return redirect("calendar")


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file. Nobody is signed in here: the address is the only authority, and it can do nothing else."""
    feed = queries.feed_behind(token)
    if feed is None:
        raise Http404
    member = feed.member
    with translation.override(member.language):
        title = _("A moment for you")
    body = calendar_file(member.pk, settings.SITE_NAME, title, coming_check_ins(member), feed.made_at)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response
