"""Bridging for coordinators: the discharges by day, who has whom, who could still be asked, and who volunteers."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.actions.people import view_people, view_person
from matching.actions import bridge_office as actions
from matching.actions.errors import NoLongerFits, NotAllowed
from matching.forms.bridging import WeekForm
from matching.models import LOOK_AFTER_BRIDGES, MOST_MEETINGS, Bridge
from matching.queries import bridging as reads
from matching.queries.reviews import person_facts
from matching.states import BridgeState, IllegalMove
from matching.views.coordinators import CoordinatorRequest, office_called, seen, signed_in, why_not

FRIDAY = 4


@require_safe
@signed_in
def discharges(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """This week's discharges, or the Friday's alone; the week and the day stand in the address."""
    office = office_called(request, slug, *LOOK_AFTER_BRIDGES)
    form = WeekForm(request.GET, today=clock.today(office.zone))
    first, last = reads.week_of(form.chosen)
    friday = first + timedelta(days=FRIDAY)
    days = reads.discharges(request.user, office, *((friday, friday) if form.fridays else (first, last)))
    people = [line.bridge.member for day in days for line in day.lines]
    view_people(by=request.user, members=people, intergroup_id=office.pk)
    context = {
        "office": office,
        "days": days,
        "first": first,
        "last": last,
        "friday": friday,
        "fridays": form.fridays,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "count": len(people),
        "late": sum(line.late for day in days for line in day.lines),
        "offers": [(one, person_facts(one, clock.now())) for one in reads.offers_to_volunteer(request.user, office)],
        "most": MOST_MEETINGS,
    }
    return render(request, "matching/discharges.html", context)


def _found(request: CoordinatorRequest, pk: UUID) -> Bridge:
    rows = Bridge.objects.for_coordinator(request.user).select_related(
        "intergroup", "fellowship", "volunteer__profile", "member__sponsor", "member__profile__area"
    )
    return seen(request, rows, pk)


@require_safe
@signed_in
def bridge_office(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """One of them: how it stands, and which volunteers could be asked."""
    return _told(request, _found(request, pk))


def _told(request: CoordinatorRequest, bridge: Bridge, *, status: int = 200, trouble: str = "") -> HttpResponse:
    view_person(by=request.user, member=bridge.member, intergroup_id=bridge.intergroup_id, bridge=bridge.pk)
    is_open = bridge.state == BridgeState.OPEN
    context: dict[str, Any] = {
        "bridge": bridge,
        "facts": person_facts(bridge.member.profile, clock.now()),
        "is_open": is_open,
        "volunteers": reads.fitting_volunteers(bridge) if is_open else [],
        "most": MOST_MEETINGS,
        "trouble": trouble,
    }
    return render(request, "matching/bridge_office.html", context, status=status)


@require_POST
@signed_in
def bridge_ask(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Ask one of the volunteers who fit; without one named, give it another day."""
    bridge, wanted = _found(request, pk), request.POST.get("volunteer", "")
    try:
        if wanted:
            actions.ask_volunteer(bridge, _id(wanted), by=request.user)
            messages.success(request, _("Asked. They say yes or no by themselves."))
        else:
            actions.give_time(bridge, by=request.user)
            messages.success(request, _("It leaves the list for a day, and comes back if nobody has been in touch."))
    except (IllegalMove, NoLongerFits) as error:
        return _told(request, _found(request, pk), status=409, trouble=why_not(IllegalMove(str(error))))
    return redirect("bridge_office", pk=pk)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


@require_POST
@signed_in
def volunteer_approve(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Let somebody meet people who leave treatment."""
    side = seen(request, reads.volunteers_for(request.user).select_related("user__profile__intergroup"), pk)
    profile = side.user.profile
    try:
        actions.approve_volunteer(side, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except IllegalMove:
        messages.info(request, _("Somebody approved this already."))
    else:
        messages.success(request, _("%(name)s may meet people now.") % {"name": profile.display_name})
    assert profile.intergroup is not None
    return redirect("discharges", slug=profile.intergroup.slug)
