"""The page behind a check-in's link: one question, three buttons, no sign-in.

Whoever holds the link may answer that one question and nothing else, so the page tells nothing about the member.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from matching import tokens
from matching.actions.checkins import answer_checkin
from matching.forms.checkins import AnswerForm
from matching.models import Answer, CheckIn
from matching.queries import checkins as queries
from matching.states import IllegalMove

CLOSED = {"altered": 404, "old": 410, "ended": 410, "newer": 409}
"""Why a link takes no answer, and the status that says so."""


# Under "no-referrer" a browser sends "Origin: null" with its own form, which Django's check refuses. Nothing is lost:
# the signed link is the only authority here, no cookie is read, and whoever lacks the link cannot forge its address.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or take the answer; a visit alone changes nothing, since mail scanners open links."""
    try:
        checkin = queries.find(tokens.read_check_in(token))
    except tokens.BadToken:
        return _closed(request, "altered")
    except tokens.ExpiredToken:
        return _closed(request, "old")
    if checkin is None:
        return _closed(request, "old")
    with translation.override(checkin.member.language):
        if not checkin.pairing.is_live:
            return _closed(request, "ended")
        if checkin.superseded:  # type: ignore[attr-defined]
            return _closed(request, "newer")
        return _answer(request, checkin, token) if request.method == "POST" else _ask(request, checkin)


def _ask(request: HttpRequest, checkin: CheckIn, *, status: int = 200) -> HttpResponse:
    if not checkin.answer:
        return _page(request, "asked", status=status)
    if checkin.answer == Answer.HELP:
        return _page(request, "answered", status=status, help_asked=True, told=queries.told_of(checkin))
    return _page(request, "answered", status=status, given=Answer(checkin.answer).label)


def _answer(request: HttpRequest, checkin: CheckIn, token: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _ask(request, checkin, status=422)
    try:
        answer_checkin(checkin, form.cleaned_data["answer"], by=checkin.member)
    except IllegalMove:
        return _closed(request, "newer")
    return redirect("check_in", token=token)


def _closed(request: HttpRequest, why: str) -> HttpResponse:
    return _page(request, why, status=CLOSED[why])


def _page(request: HttpRequest, part: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {"part": part, "answers": Answer.choices, **context}
    response = render(request, "matching/check_in.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
