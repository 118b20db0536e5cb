"""One question on one page, for the welcome and for the profile alike."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.forms.elsewhere import ElsewhereForm
from accounts.forms.how import HomeGroupForm, MeetingSearchForm, WeekForm
from accounts.forms.step import StepForm
from accounts.forms.steps import Step, steps_for
from accounts.queries.meetings import search_meetings
from accounts.views.access import MemberRequest
from accounts.views.elsewhere import LOOK, painted, shown_elsewhere


def step_or_404(request: MemberRequest, slug: str) -> Step:
    """The question of this name, if this member is asked it. Raises Http404."""
    for step in steps_for(request.profile):
        if step.slug == slug:
            return step
    raise Http404


def answer_step(
    request: MemberRequest, step: Step, *, onward: Callable[[], str], context: dict[str, Any]
) -> HttpResponse:
    """Show the question, or store its answer and go where ``onward`` says; a refused answer is shown again with 422.

    ``onward`` is asked after storing, since an answer can change which questions follow.
    """
    if step.form is WeekForm and LOOK in request.POST:
        return _look_elsewhere(request, step, context)
    form = step.form(request.POST if request.method == "POST" else None, profile=request.profile)
    if form.is_bound and _saved(form, request):
        return redirect(onward())
    if isinstance(form, HomeGroupForm):
        context = {**context, **home_group_choices(request, form)}
    elif isinstance(form, WeekForm):
        context = {**context, "elsewhere": ElsewhereForm(first=_zone_of_office(request))}
    context = {"step": step, "form": form, **context}
    return render(request, form.template, context, status=422 if form.errors else 200)


def _look_elsewhere(request: MemberRequest, step: Step, context: dict[str, Any]) -> HttpResponse:
    """The week as it was painted, not yet saved, and the same hours in another zone."""
    elsewhere = shown_elsewhere(request.POST, first=_zone_of_office(request))
    form = step.form(profile=request.profile, initial=painted(request.POST))
    context = {**context, **elsewhere, "step": step, "form": form}
    return render(request, form.template, context, status=422 if elsewhere["elsewhere"].errors else 200)


def _zone_of_office(request: MemberRequest) -> str:
    office = request.profile.intergroup
    return office.zone if office is not None else request.profile.zone


def home_group_choices(request: MemberRequest, form: HomeGroupForm) -> dict[str, Any]:
    """The search form, what it found, and the home group that is chosen at present."""
    search = MeetingSearchForm(request.GET if "q" in request.GET else None)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    chosen = _chosen_meeting(form)
    found = [meeting for meeting in search_meetings(request.profile, words) if meeting != chosen]
    return {"search": search, "found": found, "chosen": chosen}


def _chosen_meeting(form: HomeGroupForm) -> Any:
    field = form.fields["home_group"]
    assert isinstance(field, forms.ModelChoiceField)
    try:
        return field.clean(form["home_group"].value())
    except ValidationError:
        return None


def _saved(form: StepForm, request: MemberRequest) -> bool:
    if not form.is_valid():
        return False
    try:
        form.save(by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
