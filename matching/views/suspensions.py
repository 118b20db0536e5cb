"""Pauses, suspensions and stepping down, decided by the office about one person."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actions.people import view_person
from accounts.models import Profile, Sponsor
from matching.actions import handovers, suspensions
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.roster import end_office_pause, pause_by_office
from matching.forms.people import OfficePauseForm, SuspendForm
from matching.queries import people
from matching.views.coordinators import CoordinatorRequest, seen, signed_in, why_not


def _sponsor(request: CoordinatorRequest, pk: UUID) -> Sponsor:
    found: Sponsor = seen(request, people.sponsors_to_open(request.user), pk)
    return found


@require_POST
@signed_in
def sponsor_office_pause(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Nobody new for a sponsor until a day; their pairs go on, and they can end it themself."""
    sponsor = _sponsor(request, pk)
    form = OfficePauseForm(request.POST, today=clock.today(sponsor.user.profile.zone))
    if not form.is_valid():
        for wrong in form.errors["until"]:
            messages.error(request, str(wrong))
        return redirect("person", pk=pk)
    until = form.cleaned_data["until"]
    try:
        pause_by_office(sponsor, until=until, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except TooLate:
        messages.info(request, _("They pause already."))
        return redirect("person", pk=pk)
    day = formats.date_format(until, "DATE_FORMAT")
    messages.success(request, _("Paused until %(day)s. They get a letter, and can end it at any time.") % {"day": day})
    return redirect("person", pk=pk)


@require_POST
@signed_in
def sponsor_office_resume(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """End a pause that the office made."""
    try:
        ended = end_office_pause(_sponsor(request, pk), by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    if ended:
        messages.success(request, _("The pause has ended."))
    else:
        messages.info(request, _("This pause is over already, or is their own."))
    return redirect("person", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hand_over(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """What it means that a sponsor steps down; a POST does it, and then the page tells how far it is."""
    sponsor = _sponsor(request, pk)
    if request.method == "POST":
        try:
            handover = handovers.begin_handover(sponsor, by=request.user)
        except NotAllowed as error:
            raise Http404 from error
        handovers.carry_on(handover)
        return redirect("hand_over", pk=pk)
    view_person(by=request.user, member=sponsor.user, intergroup_id=sponsor.user.profile.intergroup_id)
    handover_ = people.latest_handover(sponsor)
    context = {
        "person": sponsor.user.profile,
        "pairs": people.pairs_of(sponsor.user.profile, request.user, clock.now()),
        "left": sponsor.seats_taken,
        "handover": handover_,
        "done": 0 if handover_ is None else max(handover_.people - handover_.left, 0),
    }
    return render(request, "matching/hand_over.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def suspend(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """What a suspension means; a POST with a reason does it. While one is open: why, since when, and the way back."""
    profile = seen(request, people.to_suspend(request.user), pk)
    if request.method != "POST":
        return _suspend_page(request, profile, SuspendForm())
    form = SuspendForm(request.POST, names=[profile.display_name])
    if not form.is_valid():
        return _suspend_page(request, profile, form, status=422)
    try:
        made = suspensions.suspend(profile.user, by=request.user, **form.cleaned_data)
    except NotAllowed as error:
        raise Http404 from error
    except TooLate as error:
        return _suspend_page(request, profile, SuspendForm(), status=409, trouble=why_not(error))
    suspensions.settle(made)
    messages.success(request, _("Suspended. They are signed out and cannot sign in until you let them in again."))
    return redirect("suspend", pk=pk)


def _suspend_page(
    request: CoordinatorRequest, profile: Profile, form: SuspendForm, *, status: int = 200, trouble: str = ""
) -> HttpResponse:
    view_person(by=request.user, member=profile.user, intergroup_id=profile.intergroup_id)
    context = {
        "person": profile,
        "form": form,
        "active": profile.user.is_active,
        "suspension": people.open_suspension(profile),
        "trouble": trouble,
    }
    return render(request, "matching/suspend.html", context, status=status)


@require_POST
@signed_in
def suspension_lift(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Let somebody in again."""
    profile = seen(request, people.to_suspend(request.user), pk)
    suspension = people.open_suspension(profile)
    try:
        if suspension is None:
            raise TooLate
        suspensions.lift(suspension, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except TooLate as error:
        return _suspend_page(request, profile, SuspendForm(), status=409, trouble=why_not(error))
    messages.success(request, _("They can sign in again. What has ended stays ended."))
    return redirect("person", pk=pk)
