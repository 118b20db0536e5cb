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


# Under "no-referrer" a browser sends "Origin: null" with its own form, which Django's check refuses. Nothing is lost:
# the signed link is the only authority here, no cookie is read, and whoever lacks the link cannot forge its address.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or take the answer; a visit alone changes nothing, since mail scanners open links."""
    try:
        checkin = queries.find(tokens.read_check_in(token))
    except tokens.BadToken:
        return _page(request, "altered", status=404)
    except tokens.ExpiredToken:
        return _page(request, "over", status=410)
    if checkin is None:
        return _page(request, "over", status=410)
    with translation.override(checkin.member.language):
        return _answer(request, checkin, token) if request.method == "POST" else _ask(request, checkin)


def _ask(request: HttpRequest, checkin: CheckIn, *, status: int = 200) -> HttpResponse:
    if not queries.is_open(checkin):
        return _page(request, "over", status=410)
    part = "answered" if checkin.answer else "asked"
    context = {"given": Answer(checkin.answer).label if checkin.answer else "", "told": queries.told_of(checkin)}
    help_asked = checkin.answer == Answer.HELP
    return _page(request, part, status=status, help_asked=help_asked, **context)


def _answer(request: HttpRequest, checkin: CheckIn, token: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not queries.is_open(checkin):
        return _page(request, "over", status=409)
    if not form.is_valid():
        return _ask(request, checkin, status=422)
    try:
        answer_checkin(checkin, form.cleaned_data["answer"], by=checkin.member)
    except IllegalMove:
        return _page(request, "over", status=409)
    return redirect("check_in", token=token)


def _page(request: HttpRequest, part: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {"part": part, "answers": Answer.choices, **context}
    response = render(request, "matching/check_in.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
