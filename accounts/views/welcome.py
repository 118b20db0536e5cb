"""The welcome: one question a page, saved at each step, left and resumed, and a summary at its end."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import proof
from accounts.actions.people import complete_profile
from accounts.aside import to_proof
from accounts.forms.steps import STEPS, Step, missing_steps, open_step, steps_for
from accounts.models import Profile
from accounts.queries.my_data import has_number
from accounts.roles import OWN_MATTERS
from accounts.views.access import MemberRequest, account_required
from accounts.views.steps import answer_step, step_or_404
from accounts.views.summary import CONTACT, summary_of

FIRST = STEPS[0]
BACK_TO_SUMMARY = "?from=summary"
AT = "welcome_at"
"""Where in the session the question is kept that was shown last: one that may stay empty leaves no trace elsewhere."""


@require_safe
@account_required
def welcome(request: MemberRequest) -> HttpResponse:
    """Go on where the member left."""
    if request.profile.completed_at is not None:
        return redirect("home")
    step = _where(request)
    return redirect("welcome_summary") if step is None else redirect("welcome_step", step.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def welcome_step(request: MemberRequest, step: str) -> HttpResponse:
    """Ask one question. Those after the first lean on the fellowship, and wait for it."""
    if request.profile.completed_at is not None:
        return redirect("profile")
    if request.profile.fellowship_id is None and step != FIRST.slug:
        return redirect("welcome_step", FIRST.slug)
    asked = step_or_404(request, step)
    if step == CONTACT and has_number(request.user) and (aside := to_proof(request, OWN_MATTERS)):
        return aside
    steps = steps_for(request.profile)
    number = steps.index(asked) + 1
    revising = request.GET.get("from") == "summary"
    if request.method == "GET" and not revising:
        request.session[AT] = step
    back = reverse("welcome_summary") if revising else _url(steps[number - 2]) if number > 1 else ""
    return answer_step(
        request,
        asked,
        onward=lambda: _onward(request.profile, asked, revising=revising),
        context={"number": number, "total": len(steps), "back": back},
    )


@require_safe
@account_required
def welcome_summary(request: MemberRequest) -> HttpResponse:
    """Everything that was answered, each with a way to change it, and the button that ends the welcome."""
    if request.profile.completed_at is not None:
        return redirect("profile")
    if request.profile.fellowship_id is None:
        return redirect("welcome")
    request.session.pop(AT, None)
    shut = not proof.fresh(request, OWN_MATTERS)
    rows = summary_of(request.profile, lambda step: _url(step) + BACK_TO_SUMMARY, shut=shut)
    ready = not missing_steps(request.profile)
    return render(request, "accounts/summary.html", {"rows": rows, "ready": ready})


@require_POST
@account_required
def welcome_done(request: MemberRequest) -> HttpResponse:
    """End the welcome; pressed twice it ends once."""
    missing = missing_steps(request.profile)
    if missing and request.profile.completed_at is None:
        return redirect("welcome_step", missing[0].slug)
    complete_profile(request.profile, by=request.user)
    return redirect("home")


def _where(request: MemberRequest) -> Step | None:
    """The question that this browser showed last, unless one before it is needed and missing; else as answers tell."""
    steps, at = steps_for(request.profile), request.session.get(AT)
    left = next((step for step in steps if step.slug == at), None)
    if left is None or any(one in steps[: steps.index(left)] for one in missing_steps(request.profile)):
        return open_step(request.profile)
    return left


def _onward(profile: Profile, answered: Step, *, revising: bool) -> str:
    """The next question, or the summary; whoever came from there goes back, past what is now missing."""
    if revising:
        missing = missing_steps(profile)
        return _url(missing[0]) + BACK_TO_SUMMARY if missing else reverse("welcome_summary")
    steps = steps_for(profile)
    later = steps[steps.index(answered) + 1 :]
    return _url(later[0]) if later else reverse("welcome_summary")


def _url(step: Step) -> str:
    return reverse("welcome_step", args=[step.slug])
