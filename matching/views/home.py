"""Home: the next thing to do comes first."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import OPEN_END, TextPlace
from accounts.views.access import MemberRequest, member_required, words_of_office
from matching.queries.home import Overview, Partner, overview
from matching.queries.today import waiting_for_office
from matching.views.bridge_invitations import remembered
from matching.views.home_things import Thing, things


@require_safe
@member_required
def home(request: MemberRequest) -> HttpResponse:
    """What waits for the member, soonest first; then pairings, request, offers and service."""
    day = overview(request.user, zone=request.profile.zone)
    shown = [*_invited(request), *things(day), *_for_office(request)]
    context = {
        "day": day,
        "office": request.profile.intergroup,
        "office_text": words_of_office(request, TextPlace.WELCOME),
        "first": shown[0] if shown else None,
        "also": shown[1:],
        "offers_line": _offers_line(day),
        "service_line": _service_line(day),
        "partners": [(one, _partner_line(one, day)) for one in day.partners],
    }
    return render(request, "matching/home.html", context)


def _invited(request: MemberRequest) -> Iterator[Thing]:
    """Whoever came by the link of an invitation to a first contact goes on from here, with the account they made."""
    if remembered(request) is not None:
        yield Thing(
            _("Waits for your yes or no"),
            _("Would you like company in the first days?"),
            _("You came here by a link about it. Your yes or no is still open."),
            reverse("bridge_invited"),
            _("Look and answer"),
        )


def _for_office(request: MemberRequest) -> Iterator[Thing]:
    """What a coordinator has to do comes after what waits for them alone: others of the office may see to it."""
    count = waiting_for_office(request.user) if request.coordinates else 0
    if count:
        yield Thing(
            _("Waits in your office"),
            ngettext("%(count)s thing needs a coordinator", "%(count)s things need a coordinator", count)
            % {"count": formats.number_format(count)},
            _("The oldest stands first, with the one step that moves it."),
            reverse("coordinate"),
            _("See what waits"),
        )


def _offers_line(day: Overview) -> str:
    """How a sponsor stands; empty for somebody who does not sponsor, or not yet."""
    side = day.side
    if side is None or side.approved_at is None:
        return ""
    if day.paused and side.paused_until == OPEN_END:
        return _("You pause until you say so. Nobody new is sent to you.")
    if day.paused:
        until = formats.date_format(side.paused_until or day.today, "DATE_FORMAT")
        return _("You pause until %(day)s. Nobody new is sent to you.") % {"day": until}
    if not side.seats_free:
        return _("All your places are taken, so nobody new is sent to you.")
    return ngettext("You have %(count)s free place.", "You have %(count)s free places.", side.seats_free) % {
        "count": side.seats_free
    }


def _service_line(day: Overview) -> str:
    if not day.service:
        return ""
    return ngettext(
        "%(count)s time in the last twelve months.", "%(count)s times in the last twelve months.", day.service
    ) % {"count": formats.number_format(day.service)}


def _partner_line(partner: Partner, day: Overview) -> str:
    who = _("Your sponsor") if partner.sponsors_me else _("The person you sponsor")
    ends_on = partner.pairing.trial_ends_on
    if not partner.on_trial or ends_on < day.today:
        return who
    return _("%(who)s, on trial until %(day)s") % {"who": who, "day": formats.date_format(ends_on, "DATE_FORMAT")}
