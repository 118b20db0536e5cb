"""A coordinator's question to a member, behind the sign-in, and their answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.access import MemberRequest, member_required
from matching.actions.review_questions import answer_in_review
from matching.forms.reviews import AnswerForm
from matching.models import ReviewQuestion
from matching.states import IllegalMove


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def review_question(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Read the question and answer it, or correct the answer while the review goes on."""
    found = ReviewQuestion.objects.of(request.user).select_related(
        "offer__request__member__profile", "offer__request__intergroup", "offer__sponsor__profile"
    )
    question = get_object_or_404(found, pk=pk)
    if request.method != "POST":
        return _page(request, question, AnswerForm(initial={"answer": question.answer}))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, question, form, status=422)
    try:
        answer_in_review(question, form.cleaned_data["answer"], by=request.user)
    except IllegalMove:
        messages.info(request, _("This is settled meanwhile. You need not answer any more."))
    else:
        messages.success(request, _("Thank you. Your answer is with the coordinators."))
    return redirect("home")


def _page(request: MemberRequest, question: ReviewQuestion, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    offer = question.offer
    other = offer.sponsor if offer.sponsor_id != request.user.pk else offer.request.member
    context = {"question": question, "form": form, "name": other.profile.display_name}
    return render(request, "matching/review_question.html", context, status=status)
