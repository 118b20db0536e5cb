"""Rounds: everybody who waits in an intergroup, matched at once, as a preview that a coordinator may publish."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.looks import view_list
from accounts.models import Intergroup, User
from matching.actions import round_publishing
from matching.actions import rounds as actions
from matching.actions.errors import AlreadyWorking, ChangedSince, NotAllowed
from matching.forms.rounds import PairsForm, RoundForm
from matching.models import Round
from matching.queries import round_changes, round_pages
from matching.queries.around import waiting
from matching.queries.reviews import POINT
from matching.queries.rounds import progress, published
from matching.states import LIVE_REQUEST, SHOWN_ROUND, WORKING_ROUND, IllegalMove, RoundState
from matching.views.coordinators import CoordinatorRequest, office_called, seen, signed_in, why_not

PAGE = 25
SELDOM = 15
"""Seconds between two looks of a page at most."""

PARTS = ("pairs", "left", "sponsors")


@require_safe
@signed_in
def rounds(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """The rounds of an intergroup, and the button for a new one."""
    return _rounds(request, office_called(request, slug))


def _rounds(
    request: CoordinatorRequest,
    office: Intergroup,
    *,
    form: RoundForm | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    page = Paginator(round_pages.listed(office), PAGE).get_page(request.GET.get("page"))
    context = {
        "office": office,
        "form": form or RoundForm(),
        "page": page,
        "waiting": waiting(office).count(),
        "trouble": trouble,
    }
    return render(request, "matching/rounds.html", context, status=status)


@require_POST
@signed_in
def round_plan(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Have a preview made."""
    office, form = office_called(request, slug), RoundForm(request.POST)
    if not form.is_valid():
        return _rounds(request, office, form=form, status=422)
    try:
        made = actions.plan_round(office, by=request.user, kind=form.cleaned_data["kind"])
    except AlreadyWorking:
        trouble = _("A round is being worked out at present. It is the first of the list below.")
        return _rounds(request, office, status=409, trouble=trouble)
    return redirect("round", pk=made.pk)


def _found(request: CoordinatorRequest, pk: UUID) -> Round:
    return seen(request, round_pages.rounds_for(request.user), pk)


@require_safe
@signed_in
def round_page(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """How far a round is; then what it found, with ``?part=`` the pairs, who is left over, or the sponsors."""
    return _page(request, _found(request, pk))


def _page(request: CoordinatorRequest, round_: Round, *, status: int = 200, trouble: str = "") -> HttpResponse:
    shown, part = round_.state in SHOWN_ROUND, request.GET.get("part", "")
    part = part if part in PARTS and shown else ""
    working, preview = round_.state in WORKING_ROUND, round_.state == RoundState.PREVIEW
    publishing = preview and round_.published_by is not None
    context: dict[str, Any] = {
        "round": round_,
        "office": round_.intergroup,
        "working": working,
        "preview": preview,
        "publishing": publishing,
        "look_again": look_again(request) if working or (publishing and not part) else None,
        "shown": shown,
        "part": part,
        "trouble": trouble,
    }
    if working:
        context["progress"] = progress(round_)
    elif shown:
        context |= {"tabs": _tabs(round_, part), **_CONTENT[part](request, round_)}
    return render(request, "matching/round.html", context, status=status)


def look_again(request: CoordinatorRequest) -> dict[str, int]:
    """In how many seconds to look again, and as the how manieth look: each waits twice as long as the one before."""
    looks = request.GET.get("again", "")
    number = min(int(looks), SELDOM) if looks.isdecimal() else 0
    return {"seconds": min(2**number, SELDOM), "number": number + 1}


def _tabs(round_: Round, part: str) -> list[dict[str, Any]]:
    url = reverse("round", args=[round_.pk])
    labels = {"": _("In short"), "pairs": _("Pairs"), "left": _("Left over"), "sponsors": _("Sponsors")}
    counts = {"pairs": round_.served, "left": round_.left}
    return [
        {
            "label": label,
            "url": f"{url}?part={key}" if key else url,
            "count": counts.get(key),
            "current": part == key,
        }
        for key, label in labels.items()
    ]


def _in_short(request: CoordinatorRequest, round_: Round) -> dict[str, Any]:
    preview = round_.state == RoundState.PREVIEW
    return {
        "mean": None if round_.mean is None else round_.mean / POINT,
        "lowest": None if round_.lowest is None else round_.lowest / POINT,
        "tables": round_pages.tables(round_),
        "since": round_pages.since(round_) if preview else None,
        **(_changes(request, round_) if preview else {}),
        "published": None if preview else published(round_),
    }


def _changes(request: CoordinatorRequest, round_: Round) -> dict[str, Any]:
    """What stood in the way when the button was pressed last."""
    found = round_changes.changes(round_, request.user)
    pairs = round_changes.changed(round_, request.user)[:PAGE] if found.moved_on or found.unfit else []
    _saw(request, round_, (member for one in pairs for member in (one.newcomer_id, one.sponsor_id)))
    return {
        "changes": found,
        "changed": [{"pair": one, "outcome": round_pages.outcome(one)} for one in pairs],
    }


def _pairs(request: CoordinatorRequest, round_: Round) -> dict[str, Any]:
    form = PairsForm(request.GET)
    page = _paged(request, round_pages.pairs(round_, request.user, **form.wanted))
    lines = [
        {"pair": one, "points": one.score / POINT, "outcome": round_pages.outcome(one)} for one in page.object_list
    ]
    _saw(request, round_, (member for one in page.object_list for member in (one.newcomer_id, one.sponsor_id)))
    return {"page": page, "lines": lines, "narrowed": bool(form.wanted)}


def _left(request: CoordinatorRequest, round_: Round) -> dict[str, Any]:
    page = _paged(request, round_pages.left_over(round_, request.user))
    lines = [
        {
            "row": one,
            "why": round_pages.why_left(one),
            "waits": one.request_id if one.request.state in LIVE_REQUEST else None,
        }
        for one in page.object_list
    ]
    _saw(request, round_, (one.newcomer_id for one in page.object_list))
    return {"page": page, "lines": lines}


def _sponsors(request: CoordinatorRequest, round_: Round) -> dict[str, Any]:
    page = _paged(request, round_pages.loads(round_, request.user))
    _saw(request, round_, (one.sponsor_id for one in page.object_list))
    return {"page": page, "lines": [{"row": one, "load": round_pages.load(one)} for one in page.object_list]}


def _saw(request: CoordinatorRequest, round_: Round, members: Iterable[UUID]) -> None:
    view_list(by=request.user, people=dict.fromkeys(members, round_.intergroup_id))


_CONTENT: dict[str, Callable[[CoordinatorRequest, Round], dict[str, Any]]] = {
    "": _in_short,
    "pairs": _pairs,
    "left": _left,
    "sponsors": _sponsors,
}


def _paged(request: CoordinatorRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def _moved(request: CoordinatorRequest, pk: UUID, act: Callable[[Round, User], str]) -> HttpResponse:
    """Let a coordinator do something with a round, and say what came of it."""
    round_ = _found(request, pk)
    try:
        words = act(round_, request.user)
    except ChangedSince:
        raise
    except IllegalMove as error:
        return _page(request, _found(request, pk), status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, words)
    return redirect("round", pk=pk)


@require_POST
@signed_in
def round_cancel(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Stop what is being worked out, or throw a preview away."""

    def act(round_: Round, by: User) -> str:
        actions.cancel_round(round_, by=by)
        return _("Cancelled. Nothing of it is kept, and nobody was told.")

    return _moved(request, pk, act)


@require_POST
@signed_in
def round_refresh(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Bring a preview up to date."""

    def act(round_: Round, by: User) -> str:
        actions.refresh_round(round_, by=by)
        return _("The preview is being brought up to date.")

    return _moved(request, pk, act)


@require_POST
@signed_in
def round_publish(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Propose each pair to its newcomer: all of them as they were previewed, or none."""

    def act(round_: Round, by: User) -> str:
        found = round_publishing.publish_round(round_, by=by)
        if not found.proposed and found.waiting:
            return _("The pairs are being proposed. This page says when it is done.")
        words = ngettext(
            "%(count)s newcomer has a proposal now, and three days to say yes or no.",
            "%(count)s newcomers have a proposal now, and three days to say yes or no.",
            found.proposed,
        )
        return words % {"count": found.proposed}

    try:
        return _moved(request, pk, act)
    except ChangedSince:
        trouble = _("Nothing was proposed, since something has changed. What it is stands below.")
        return _page(request, _found(request, pk), status=409, trouble=trouble)
