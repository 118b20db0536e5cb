"""The page behind "may we still send somebody new to you?": no sign-in, and a visit alone changes nothing.

Whoever holds the link may say yes, pause or step back, and each of these can be taken back on the same page.
"""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actions.sponsors import confirm_sponsor, pause_sponsor
from accounts.models import OPEN_END, PauseReason, Sponsor
from matching import tokens
from matching.actions.roster import step_back
from matching.forms.offers import DeclineAndPauseForm
from matching.forms.roster import RosterForm, There
from matching.queries.roster import counts_until, runs_out, sponsor_behind
from matching.roster_words import RESTING
from matching.views.bare import bare_page

_bare = partial(bare_page, template="matching/roster.html")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, token: str) -> HttpResponse:
    """How the sponsor stands, and the answers there are."""
    try:
        sponsor = sponsor_behind(tokens.read_roster(token))
    except tokens.BadToken:
        return _bare(request, part="altered")
    except tokens.ExpiredToken:
        return _bare(request, part="old")
    if sponsor is None:
        return _bare(request, part="old")
    with translation.override(sponsor.user.language):
        return _answer(request, sponsor, token) if request.method == "POST" else _show(request, sponsor)


def _show(request: HttpRequest, sponsor: Sponsor, *, form: RosterForm | None = None) -> HttpResponse:
    pause = form or DeclineAndPauseForm(zone=sponsor.user.profile.zone)
    if "until" not in pause.fields:
        pause = DeclineAndPauseForm(zone=sponsor.user.profile.zone)
    part, context = _standing(sponsor)
    status = 200 if form is None else 422
    return _bare(request, part=part, status=status, pause=pause, there=There, **context)


def _standing(sponsor: Sponsor) -> tuple[str, dict[str, Any]]:
    """Which part of the page tells it, and what that part needs."""
    until = counts_until(sponsor)
    if not sponsor.pauses(clock.today(sponsor.user.profile.zone)):
        return ("asked" if runs_out(sponsor, until, clock.now()) else "there"), {"until": until}
    if sponsor.pause_reason == PauseReason.STEPPED_BACK:
        return "back", {}
    if sponsor.pause_reason in RESTING:
        return "resting", {"why": RESTING[PauseReason(sponsor.pause_reason)]}
    return "paused", {"day": None if sponsor.paused_until == OPEN_END else sponsor.paused_until}


def _answer(request: HttpRequest, sponsor: Sponsor, token: str) -> HttpResponse:
    form = RosterForm(request.POST, zone=sponsor.user.profile.zone)
    if not form.is_valid():
        return _show(request, sponsor, form=form)
    answer = form.cleaned_data["answer"]
    if answer == There.YES:
        confirm_sponsor(sponsor, by=sponsor.user)
    elif answer == There.BACK:
        step_back(sponsor, by=sponsor.user)
    else:
        pause_sponsor(sponsor, until=form.cleaned_data["until"], by=sponsor.user)
    return redirect("roster", token=token)
