"""The newcomer's request: ask, see how it stands, answer a proposal, withdraw."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import TextPlace
from accounts.views.access import MemberRequest, member_required, words_of_office
from matching import words
from matching.actions import offers, requests
from matching.actions.errors import AlreadyLooking, AlreadyPaired, NoLongerFits, NotReady
from matching.models import Offer
from matching.queries import requests as reads
from matching.queries.suggestions import has_seen_enough, what_would_help
from matching.states import IllegalMove
from matching.views.timeline import steps_ahead, steps_taken

HELPS = {
    "way_to_meet": (gettext_lazy("Add another way to meet, such as phone or video."), "meeting"),
    "distance": (gettext_lazy("Allow a longer way, or add phone or video."), "meeting"),
    "hours": (gettext_lazy("Mark more hours in your week. One more can be enough."), "week"),
}
"""What the engine may name as adjustable, and the question of the profile. Gender and safety have no words here."""


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def request_page(request: MemberRequest) -> HttpResponse:
    """How the request stands, or how to begin; a POST asks. 204 for a page that shows it already and looks again."""
    if request.method != "POST":
        return status_page(request, seen=request.GET.get("seen", ""))
    try:
        requests.ask(request.user, by=request.user)
    except NotReady as error:
        messages.warning(request, _("Something is still open here. Answer it, then ask again."))
        return redirect("profile_edit", error.missing[0]) if error.missing else redirect("welcome")
    except AlreadyLooking:
        return status_page(request, status=409, trouble=_("You have asked already. Below is how it stands."))
    except AlreadyPaired:
        return status_page(request, status=409, trouble=_("You have a sponsor already."))
    return redirect("suggestions")


def status_page(request: MemberRequest, *, status: int = 200, trouble: str = "", seen: str = "") -> HttpResponse:
    """The member's request as it is at this moment; nothing for htmx when that is what was ``seen``."""
    wish = reads.live_wish(request.user)
    context: dict[str, Any] = {"trouble": trouble, "office_text": words_of_office(request, TextPlace.WAITING)}
    if wish is not None:
        context |= _how_it_stands(wish, request)
    elif pairing := reads.own_sponsor(request.profile):
        context["pairing"] = pairing
    else:
        context["steps"] = steps_ahead(request.profile.intergroup)
    if request.htmx and seen and context.get("mark", "") == seen:
        return HttpResponse(status=204)
    return render(request, "matching/request.html", context, status=status)


def _how_it_stands(wish: reads.Wish, request: MemberRequest) -> dict[str, Any]:
    asked = wish.request
    context: dict[str, Any] = {
        "wish": wish,
        "office": asked.intergroup,
        "asked": formats.date_format(localtime(asked.asked_at), "DATE_FORMAT"),
        "decide_by": words.moment(asked.decide_by),
    }
    if wish.proposed or not wish.is_open:
        standing = reads.standing_of(asked, request.profile)
        context["standing"] = standing
        if standing.held is not None:
            context["steps"] = steps_taken(asked, standing.held, standing.next_name)
    elif not wish.suggested:
        context["enough"] = has_seen_enough(request.user.pk)
        rules = [rule for rule in what_would_help(asked) if rule in HELPS]
        context["helps"] = [(HELPS[rule][0], reverse("profile_edit", args=[HELPS[rule][1]])) for rule in rules]
    context["mark"] = _mark(wish, context.get("standing"))
    return context


def _mark(wish: reads.Wish, standing: reads.Standing | None) -> str:
    """The same as long as there is nothing new to show about a request; it tells nothing to whoever reads it."""
    held = standing.held if standing is not None else None
    told = [wish.request.state, wish.request.needs_coordinator, wish.request.decide_by, wish.suggested]
    if standing is not None:
        told += [card.source.pk for card in standing.proposals] + [standing.next_name]
    if held is not None:
        told += [held.pk, held.state, held.expires_at]
    return sha256("|".join(map(str, told)).encode()).hexdigest()[:16]


@require_POST
@member_required
def proposal_answer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The newcomer's yes or no to somebody whom a coordinator has in mind."""
    offer = get_object_or_404(Offer.objects.for_newcomer(request.user).select_related("sponsor__profile"), pk=pk)
    answer = request.POST.get("answer")
    if answer not in ("yes", "no"):
        return status_page(request, status=422, trouble=_("Press yes or no."))
    try:
        offers.answer_proposal(offer, by=request.user, yes=answer == "yes")
    except IllegalMove:
        return status_page(request, status=409, trouble=str(words.OVERTAKEN))
    except NoLongerFits:
        trouble = _("This person can't be asked right now. It is not about you.")
        return status_page(request, status=409, trouble=trouble)
    if answer == "yes":
        messages.success(request, _("%(name)s is asked now.") % {"name": offer.sponsor.profile.display_name})
    else:
        messages.success(request, _("Thank you for saying so. Nobody asks why."))
    return redirect("request")


@require_POST
@member_required
def request_withdraw(request: MemberRequest) -> HttpResponse:
    """Take the request back, at one tap and without a reason."""
    wish = reads.live_wish(request.user)
    try:
        if wish is None:
            raise IllegalMove
        requests.withdraw_request(wish.request, by=request.user)
    except IllegalMove:
        return status_page(request, status=409, trouble=_("There is no open request any more."))
    messages.success(request, _("You have withdrawn your request. You can ask again at any time."))
    return redirect("home")
