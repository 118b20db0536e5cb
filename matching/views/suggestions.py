"""Up to three people for a newcomer to put in order."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.access import MemberRequest, member_required
from matching import words
from matching.actions.requests import choose
from matching.actions.suggestions import suggest
from matching.forms.requests import RankForm
from matching.queries import requests as reads
from matching.queries.requests import Wish
from matching.queries.suggestions import has_seen_enough
from matching.states import IllegalMove
from matching.views.requests import status_page


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def suggestions(request: MemberRequest) -> HttpResponse:
    """The people suggested; a POST ranks them, or with ``again`` looks for others."""
    wish = reads.live_wish(request.user)
    if request.method != "POST":
        return _page(request, wish) if wish is not None and wish.may_choose else redirect("request")
    if wish is None or not wish.is_open:
        return status_page(request, status=409, trouble=str(words.OVERTAKEN))
    return _look_again(request, wish) if "again" in request.POST else _rank(request, wish)


def _page(
    request: MemberRequest, wish: Wish, *, form: RankForm | None = None, status: int = 200, trouble: str = ""
) -> HttpResponse:
    context = {
        "form": form or RankForm(cards=reads.suggestion_cards(wish.request, request.profile)),
        "hours": wish.request.intergroup.policy.offer_hours,
        "zone": request.profile.zone,
        "trouble": trouble,
    }
    return render(request, "matching/suggestions.html", context, status=status)


def _overtaken(request: MemberRequest, trouble: str) -> HttpResponse:
    """The page as it is at this moment, whichever it is by now."""
    wish = reads.live_wish(request.user)
    if wish is None or not wish.may_choose:
        return status_page(request, status=409, trouble=trouble)
    return _page(request, wish, status=409, trouble=trouble)


def _rank(request: MemberRequest, wish: Wish) -> HttpResponse:
    cards = reads.suggestion_cards(wish.request, request.profile)
    form = RankForm(request.POST, cards=cards)
    if form.is_stale or not cards:
        return _overtaken(request, str(words.OVERTAKEN))
    if not form.is_valid():
        return _page(request, wish, form=form, status=422)
    try:
        offer = choose(wish.request, form.chosen(), by=request.user)
    except IllegalMove:
        return _nobody_to_ask(request, wish)
    names = {card.source.sponsor_id: card.name for card in cards}
    messages.success(request, _("%(name)s is asked now.") % {"name": names[offer.sponsor_id]})
    return redirect("request")


def _nobody_to_ask(request: MemberRequest, wish: Wish) -> HttpResponse:
    """The request moved on, or nobody who was chosen fits any more: then show who fits today."""
    try:
        suggest(wish.request, by=request.user)
    except IllegalMove:
        return _overtaken(request, str(words.OVERTAKEN))
    trouble = _("The people you chose can't be asked right now. It is not about you. Below is who fits today.")
    return _overtaken(request, trouble)


def _look_again(request: MemberRequest, wish: Wish) -> HttpResponse:
    try:
        found = suggest(wish.request, by=request.user)
    except IllegalMove:
        return status_page(request, status=409, trouble=str(words.OVERTAKEN))
    if not found:
        if not has_seen_enough(request.user.pk):
            messages.info(request, _("We looked again just now. Nobody fits yet."))
        return redirect("request")
    messages.info(request, _("We looked again just now. These people fit best today."))
    return redirect("suggestions")
