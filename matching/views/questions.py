"""All the open questions on one page, each answered with one tap; the letter of the week leads here.

It names people, so it is for whoever is signed in, unlike the page behind the link of a single question.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.views.access import MemberRequest, member_required
from matching import tokens
from matching.actions.checkins import answer_checkin
from matching.forms.checkins import OneOfManyForm
from matching.models import Answer
from matching.queries import questions as queries
from matching.states import IllegalMove


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def questions(request: MemberRequest) -> HttpResponse:
    """The list, or the answer to one of it."""
    if request.method != "POST":
        return _page(request)
    form = OneOfManyForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422)
    checkin = get_object_or_404(queries.asked_of(request.user), pk=form.cleaned_data["question"])
    try:
        answer_checkin(checkin, form.cleaned_data["answer"], by=request.user)
    except IllegalMove:
        return _page(request, status=409, trouble=_("This one is closed, and a newer question is below."))
    if form.cleaned_data["answer"] == Answer.HELP:
        # Whom to call at once, and who has been told.
        return redirect("check_in", token=tokens.check_in_token(checkin))
    messages.success(request, _("Thank you. Your answer is kept."))
    return redirect("questions")


def _page(request: MemberRequest, *, status: int = 200, trouble: str = "") -> HttpResponse:
    found = queries.listed(request.user, clock.now())
    context = {"questions": found, "answers": Answer.choices, "trouble": trouble}
    return render(request, "matching/questions.html", context, status=status)
