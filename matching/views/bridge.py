"""A first contact, for the one who leaves treatment and for the two together."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.views.access import MemberRequest, member_required
from matching import words
from matching.actions import bridging as actions
from matching.actions.errors import AlreadyLooking, NoLongerFits, NotAllowed, NotReady
from matching.actions.reports import report_bridge
from matching.forms.bridging import BridgeForm
from matching.forms.pairings import ReportForm
from matching.models import MOST_MEETINGS, Bridge
from matching.queries import bridging as reads
from matching.states import BridgeState, IllegalMove


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def bridge(request: MemberRequest) -> HttpResponse:
    """How it stands, or how to begin; a POST asks."""
    if request.method != "POST":
        return _own(request)
    form = BridgeForm(request.POST, zone=request.profile.zone)
    if not form.is_valid():
        return _own(request, form=form, status=422)
    try:
        actions.ask_bridge(request.user, leaves_on=form.cleaned_data["leaves_on"], by=request.user)
    except NotReady as error:
        messages.warning(request, _("Something is still open here. Answer it, then ask again."))
        return redirect("profile_edit", error.missing[0]) if error.missing else redirect("welcome")
    except AlreadyLooking:
        return _own(request, status=409, trouble=_("You have asked already. Below is how it stands."))
    messages.success(request, _("You have asked. Volunteers who fit hear of it now."))
    return redirect("bridge")


def _own(
    request: MemberRequest, *, form: BridgeForm | None = None, status: int = 200, trouble: str = ""
) -> HttpResponse:
    found = reads.own_bridge(request.user)
    live = found is not None and found.is_live
    context = {
        "bridge": found,
        "live": live,
        "states": BridgeState,
        "contact_by": words.moment(found.contact_by) if found is not None and live else "",
        "form": form or BridgeForm(zone=request.profile.zone),
        "trouble": trouble,
        "most": MOST_MEETINGS,
    }
    return render(request, "matching/bridge.html", context, status=status)


@require_POST
@member_required
def bridge_answer(request: MemberRequest) -> HttpResponse:
    """The newcomer's yes or no to the volunteer who would come."""
    found, said = reads.own_bridge(request.user), request.POST.get("answer")
    if said not in ("yes", "no"):
        return _own(request, status=422, trouble=_("Press yes or no."))
    try:
        if found is None:
            raise IllegalMove
        actions.answer(found, by=request.user, yes=said == "yes")
    except IllegalMove:
        return _own(request, status=409, trouble=str(words.OVERTAKEN))
    except NoLongerFits:
        trouble = _("This person can't be asked right now. It is not about you.")
        return _own(request, status=409, trouble=trouble)
    if said == "yes":
        messages.success(request, _("You can get in touch with each other now. Here is how."))
        return redirect("bridge_of_two", pk=found.pk)
    messages.success(request, _("Thank you for saying so. Nobody asks why, and we ask others now."))
    return redirect("bridge")


def _found(request: MemberRequest, pk: UUID) -> Bridge:
    return get_object_or_404(reads.bridges_of(request.user), pk=pk)


@require_safe
@member_required
def bridge_of_two(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The page that the two share."""
    return _page(request, _found(request, pk))


def _page(
    request: MemberRequest, found: Bridge, *, form: ReportForm | None = None, status: int = 200, trouble: str = ""
) -> HttpResponse:
    mine = found.member_id == request.user.pk
    other = found.volunteer if mine else found.member
    met_today = found.met_on is not None and found.met_on >= clock.today(found.member.profile.zone)
    context: dict[str, Any] = {
        "bridge": found,
        "mine": mine,
        "other": None if other is None else other.profile,
        "contact": reads.contact_of(found, request.user),
        "meeting": found.state == BridgeState.MEETING,
        "offered": found.state == BridgeState.OFFERED,
        "contact_by": words.moment(found.contact_by),
        "met_today": met_today,
        "most": MOST_MEETINGS,
        "report_form": form or ReportForm(),
        "trouble": trouble,
    }
    return render(request, "matching/bridge_of_two.html", context, status=status)


def _overtaken(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _page(request, _found(request, pk), status=409, trouble=str(words.OVERTAKEN))


@require_POST
@member_required
def bridge_count(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Either of the two: we have been in touch, or we have met today."""
    found, what = _found(request, pk), request.POST.get("what")
    if what not in ("talked", "met"):
        return _page(request, found, status=422, trouble=_("Press one of the buttons."))
    try:
        (actions.count_meeting if what == "met" else actions.in_touch)(found, by=request.user)
    except IllegalMove:
        return _overtaken(request, pk)
    messages.success(request, _("Saved."))
    return redirect("bridge_of_two", pk=pk)


@require_POST
@member_required
def bridge_end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Either of the two ends it, or the volunteer says that somebody else should go on."""
    found = _found(request, pk)
    try:
        if request.POST.get("how") == "others":
            actions.step_back(found, by=request.user)
            messages.success(request, _("Thank you for saying so. We ask others now."))
            return redirect("bridging")
        actions.end_bridge(found, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except IllegalMove:
        return _overtaken(request, pk)
    messages.success(request, _("It is ended. That is normal."))
    return redirect("bridge_of_two", pk=pk) if found.volunteer_id else redirect("bridge")


@require_POST
@member_required
def bridge_report(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say that something was not right: contact ends at once."""
    found, form = _found(request, pk), ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        report_bridge(found, by=request.user, kind=form.cleaned_data["kind"])
    except NotAllowed as error:
        raise Http404 from error
    messages.success(
        request,
        _("Thank you for telling us. Your contact has ended, and you will not be brought together again."),
    )
    return redirect("bridge_of_two", pk=pk)
