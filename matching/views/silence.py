"""The question that follows a long silence, behind a link that needs no sign-in; and for the office, who would like to
talk.
"""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actions.people import view_person
from matching import tokens
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.silence import answer_change, talked_with
from matching.forms.silence import ChangeForm
from matching.models import ChangeAnswer, ChangeAsk
from matching.queries import silence as queries
from matching.views.bare import bare_page
from matching.views.coordinators import CoordinatorRequest, seen, signed_in

_bare = partial(bare_page, template="matching/change_ask.html")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def change_ask(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or take the answer; a visit alone changes nothing. What the other of the two said never shows here."""
    try:
        ask = queries.find_ask(tokens.read_change(token))
    except tokens.BadToken:
        return _bare(request, part="altered")
    except tokens.ExpiredToken:
        return _bare(request, part="old")
    if ask is None:
        return _bare(request, part="old")
    with translation.override(ask.member.language):
        if not ask.pairing.is_live:
            return _bare(request, part="ended")
        return _answer(request, ask, token) if request.method == "POST" else _ask(request, ask)


def _ask(request: HttpRequest, ask: ChangeAsk, *, status: int = 200) -> HttpResponse:
    sponsors = ask.pairing.sponsor_id == ask.member_id
    context: dict[str, Any] = {
        "answers": ChangeAnswer.choices,
        "ask": ask,
        "sponsors": sponsors,
        "heard": ask.heard_at is not None,
    }
    return _bare(request, part=ask.answer or "asked", status=status, **context)


def _answer(request: HttpRequest, ask: ChangeAsk, token: str) -> HttpResponse:
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _ask(request, ask, status=422)
    try:
        answer_change(ask, form.cleaned_data["answer"], by=ask.member)
    except TooLate:
        return _bare(request, part="ended")
    return redirect("change_ask", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def talk(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Who would like to talk and how to reach them, until a coordinator says that they have talked."""
    wish = seen(request, queries.wishes_for(request.user), pk)
    if request.method != "POST":
        view_person(by=request.user, member=wish.member, intergroup_id=wish.pairing.intergroup_id, ask=wish.pk)
        contact = getattr(wish.member, "contact", None)
        return render(request, "matching/talk.html", {"wish": wish, "contact": contact})
    try:
        talked_with(wish, by=request.user)
    except TooLate:
        messages.info(request, _("Somebody of your office has talked with them already."))
    except NotAllowed as error:
        raise Http404 from error
    else:
        messages.success(request, _("Thank you. This no longer waits."))
    return redirect("coordinate")
