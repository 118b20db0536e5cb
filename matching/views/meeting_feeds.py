"""The meeting list of an office: brought as a file or pasted, looked over, published. No other host is asked."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.actions.errors import ChangedSince
from accounts.actions.meeting_feeds import bring_feed
from accounts.actions.policies import NotTheirs, change_policy
from accounts.meeting_guide import FeedError, Outcome
from accounts.models import Intergroup, MeetingFeed
from matching.forms.meeting_feeds import FeedForm
from matching.queries import meeting_feeds as queries
from matching.views.coordinators import CoordinatorRequest, office_called, seen, signed_in
from matching.views.policies import tabs

PAGE = 50
OUTCOMES = {
    Outcome.REFUSED: gettext_lazy("Refused"),
    Outcome.MENDED: pgettext_lazy("meetings", "Mended"),
    Outcome.TAKEN: gettext_lazy("Taken"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def meeting_list(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """How the list stands; a POST brings another one, to be looked over first."""
    office = office_called(request, slug)
    fellowships = list(office.fellowships.all())
    sent = request.method == "POST"
    form = FeedForm(request.POST if sent else None, request.FILES if sent else None, fellowships=fellowships)
    if request.method != "POST":
        return _list(request, office, form)
    if not form.is_valid():
        return _list(request, office, form, status=422)
    try:
        feed = bring_feed(
            form.data_given, intergroup=office, fellowship=form.chosen, source=form.source, by=request.user
        )
    except FeedError as error:
        form.add_error("file" if form.cleaned_data["file"] else "text", str(error))
        return _list(request, office, form, status=422)
    except PermissionError as error:
        raise Http404 from error
    return redirect("meeting_feed", pk=feed.pk)


def _list(request: CoordinatorRequest, office: Intergroup, form: FeedForm, *, status: int = 200) -> HttpResponse:
    context = {
        "office": office,
        "tabs": tabs(office, "meeting_list"),
        "form": form,
        "listed": queries.listed(office),
        "waiting": queries.waiting_feed(office),
    }
    return render(request, "matching/meeting_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def meeting_feed(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """What a list would do, row by row with ``?rows=``; a POST publishes it."""
    feed = seen(request, queries.feeds_for(request.user), pk)
    if request.method != "POST":
        return _page(request, feed)
    try:
        change_policy(feed.intergroup, {"meeting_feed": str(feed.pk)}, by=request.user)
    except NotTheirs as error:
        raise Http404 from error
    except ChangedSince:
        return _page(request, feed, status=409)
    messages.success(request, _("Published. Members see the new list now. You can take it back below."))
    return redirect("policy", slug=feed.intergroup.slug)


def _page(request: CoordinatorRequest, feed: MeetingFeed, *, status: int = 200) -> HttpResponse:
    counts, shown = queries.outcomes(feed), request.GET.get("rows", "")
    chosen = Outcome(shown) if shown in set(Outcome) else _first(counts)
    page = Paginator(queries.rows(feed, chosen), PAGE).get_page(request.GET.get("page"))
    url = reverse("meeting_feed", args=[feed.pk])
    context = {
        "office": feed.intergroup,
        "feed": feed,
        "tabs": tabs(feed.intergroup, "meeting_list"),
        "outlook": None if feed.published_at else queries.outlook(feed),
        "outcomes": [
            {"label": label, "url": f"{url}?rows={one.value}", "count": counts[one.value], "current": one == chosen}
            for one, label in OUTCOMES.items()
        ],
        "page": page,
        "lines": [queries.told(row) for row in page.object_list],
    }
    return render(request, "matching/meeting_feed.html", context, status=status)


def _first(counts: dict[str, int]) -> Outcome:
    """What needs a look comes first."""
    return next((one for one in OUTCOMES if counts[one.value]), Outcome.TAKEN)
