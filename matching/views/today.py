"""Today: everything open in the coordinators' intergroups, each with the one action that moves it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.actions.looks import view_list
from matching.forms.today import TodayFilter
from matching.queries import today
from matching.queries.waits import NEEDS_SOMEBODY, Holder, Kind
from matching.views.coordinators import CoordinatorRequest, offices, page_number, signed_in

PAGE = 25


@dataclass(frozen=True)
class Line:
    """A row with the one action that moves it: a link, or with ``press`` a button."""

    row: today.Row
    url: str
    action: str | Promise
    press: bool = False


_ACTIONS = {
    Kind.REPORTS: gettext_lazy("See what was reported"),
    Kind.REVIEW: gettext_lazy("Review"),
    Kind.WAITING: gettext_lazy("Find a sponsor"),
    Kind.LAPSING: gettext_lazy("See the request"),
    Kind.TALK: gettext_lazy("See how to reach them"),
    Kind.BRIDGING: gettext_lazy("See who could meet them"),
    Kind.SPONSORS: gettext_lazy("See application"),
    Kind.ROSTER: gettext_lazy("See the sponsor"),
    Kind.PAIRS: gettext_lazy("See the pair"),
    Kind.ROUNDS: gettext_lazy("See the preview"),
    Kind.DECIDED: gettext_lazy("Take it back"),
    Kind.SENT: gettext_lazy("See the request"),
}
_PAGES = {
    Kind.REPORTS: "concern",
    Kind.REVIEW: "review",
    Kind.WAITING: "coordinate_request",
    Kind.LAPSING: "coordinate_request",
    Kind.TALK: "talk",
    Kind.BRIDGING: "bridge_office",
    Kind.SPONSORS: "application",
    Kind.PAIRS: "review",
    Kind.ROUNDS: "round",
    Kind.DECIDED: "review_take_back",
    Kind.SENT: "coordinate_request",
}


@require_safe
@signed_in
def coordinate(request: CoordinatorRequest) -> HttpResponse:
    """What waits, oldest first; ``?kind=``, ``?office=`` and ``?holder=`` narrow it."""
    where, now = offices(request), clock.now()
    form = TodayFilter(request.GET, offices=where)
    kind, office, holder = form.chosen_kind, form.chosen_office, form.chosen_holder
    wanted = today.Wanted((kind,) if kind else NEEDS_SOMEBODY, office, holder)
    seen = today.look(request.user, wanted, where, page=page_number(request.GET), size=PAGE)
    view_list(by=request.user, people=seen.people)
    paginator = Paginator(range(sum(seen.counts[one] for one in wanted.kinds)), PAGE)
    # What was decided is shown on the first of all pages, however long the list below is: its time is short.
    decided = [] if kind else seen.decided
    context = {
        "form": form,
        "tabs": _tabs(seen.counts, kind, request.GET),
        "decided": [_line(row) for row in decided],
        "more_decided": not kind and seen.counts[Kind.DECIDED] > len(decided),
        "lines": [_line(row) for row in seen.rows],
        "page": paginator.get_page(page_number(request.GET)),
        "now": now,
        "offices": where,
        "numbers_due": [one for one in where if one.led and one.policy.numbers_due(clock.today(one.zone))],  # type: ignore[attr-defined]
    }
    return render(request, "matching/coordinate.html", context)


def _tabs(counts: dict[Kind, int], kind: Kind | None, address: QueryDict) -> list[dict[str, Any]]:
    everything = sum(counts[one] for one in NEEDS_SOMEBODY)
    first = {
        "label": _("All that needs somebody"),
        "url": _address(address, None),
        "count": everything,
        "current": kind is None,
    }
    return [first] + [
        {"label": one.label, "url": _address(address, one), "count": counts[one], "current": kind == one}
        for one in Kind
    ]


def _address(query: QueryDict, kind: Kind | None) -> str:
    """The first page of a kind, with the rest of the filter as it is."""
    kept = query.copy()
    for name in ("kind", "page"):
        kept.pop(name, None)
    if kind is not None:
        kept["kind"] = str(kind)
    return reverse("coordinate") + (f"?{kept.urlencode()}" if kept else "")


def _line(row: today.Row) -> Line:
    return Line(row, _url(row), _ACTIONS[row.kind], press=row.kind == Kind.DECIDED)


def _url(row: today.Row) -> str:
    if row.kind == Kind.ROSTER:
        state = "resting" if row.holder == Holder.COORDINATOR else "unconfirmed"
        return f"{reverse('coordinate_sponsors')}?state={state}#s{row.key}"
    url = reverse(_PAGES[row.kind], args=[row.key])
    return f"{url}?look=1" if row.kind == Kind.WAITING else url
