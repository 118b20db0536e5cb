"""A pairing for one of the two: how to reach each other, check-ins, going on, changing, ending, reporting."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.views.access import MemberRequest, member_required
from matching import tokens, words
from matching.actions import pairings as actions
from matching.actions.reports import report_partner
from matching.forms.pairings import EndForm, PlanForm, ReportForm, StepForm
from matching.models import STEPS, Answer, ChangeAnswer, ChangeAsk, CheckIn, CheckInPlan, Pairing
from matching.queries import pairings as queries
from matching.states import CheckInState, IllegalMove, PairingState
from matching.views.milestones import lines_of_two

TRIAL_SOON_DAYS = 14


@require_safe
@member_required
def pairing(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The page that the two share, each with their own half."""
    return _page(request, _found(request, pk))


def _found(request: MemberRequest, pk: UUID) -> Pairing:
    return get_object_or_404(queries.pairings_of(request.user), pk=pk)


def _page(
    request: MemberRequest,
    found: Pairing,
    *,
    forms: dict[str, Any] | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    plan = queries.plan_of(found, request.user)
    other = queries.other_of(found, request.user)
    checkins = queries.own_checkins(found, request.user)
    sponsored = found.sponsee_id == request.user.pk
    days_left = (found.trial_ends_on - clock.today(request.profile.zone)).days
    context = {
        "pairing": found,
        "live": found.is_live,
        "on_trial": found.state == PairingState.ACTIVE,
        "trial_over": days_left < 0,
        "trial_soon": days_left <= TRIAL_SOON_DAYS,
        "sponsored": sponsored,
        "other": other,
        "contact": queries.contact_of(found, request.user),
        "week": queries.shared_week(found, request.profile, other),
        "zone": request.profile.zone,
        "note": found.offer.note if sponsored and found.is_live else "",
        "checkins": checkins,
        "question": _question(found, checkins),
        "answers": Answer.choices,
        "change_question": _change_question(found),
        "change_answers": ChangeAnswer.choices,
        "next_question": words.moment(plan.next_at) if plan is not None and plan.next_at else "",
        "days": lines_of_two(found, request.profile, other),
        "steps": len(STEPS),
        "step_form": StepForm(initial={"step": found.step or 0}),
        "plan_form": None if plan is None else _plan_form(request, plan, sponsored=sponsored),
        "end_form": EndForm(),
        "report_form": ReportForm(),
        "trouble": trouble,
        **(forms or {}),
    }
    return render(request, "matching/pairing.html", context, status=status)


def _plan_form(request: MemberRequest, plan: CheckInPlan, *, sponsored: bool) -> PlanForm:
    return PlanForm(plan=plan, zone=request.profile.zone, sponsored=sponsored)


def _question(found: Pairing, checkins: list[CheckIn]) -> str:
    """Where the open question is answered; empty when nothing is asked at present."""
    if not found.is_live or not checkins or checkins[0].state != CheckInState.OPEN:
        return ""
    return reverse("check_in", args=[tokens.check_in_token(checkins[0])])


def _change_question(found: Pairing) -> str:
    """Where the question that followed a silence is answered; empty when there is none."""
    ask = found.change_ask if found.is_live else None  # type: ignore[attr-defined]
    return "" if ask is None else reverse("change_ask", args=[tokens.change_token(ChangeAsk(pk=ask))])


def _overtaken(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _page(request, _found(request, pk), status=409, trouble=str(words.OVERTAKEN))


@require_POST
@member_required
def pairing_continue(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Go on beyond the trial."""
    found = _found(request, pk)
    try:
        actions.confirm_pairing(found, by=request.user)
    except IllegalMove:
        return _overtaken(request, pk)
    messages.success(request, _("You two go on. Either of you can still end it at any time."))
    return redirect("pairing", pk=pk)


@require_POST
@member_required
def pairing_step(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Keep count of the Steps, or end it; both of the two see the number."""
    found, form = _found(request, pk), StepForm(request.POST)
    if not form.is_valid():
        return _page(request, found, forms={"step_form": form}, status=422)
    try:
        actions.keep_step(found, by=request.user, step=form.cleaned_data["step"] or None)
    except IllegalMove:
        return _overtaken(request, pk)
    messages.success(request, _("Saved. Only you two see it."))
    return redirect("pairing", pk=pk)


@require_POST
@member_required
def pairing_end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """End it, without fault."""
    found, form = _found(request, pk), EndForm(request.POST)
    if not form.is_valid():
        return _page(request, found, forms={"end_form": form}, status=422)
    try:
        actions.end_pairing(
            found,
            by=request.user,
            reason=form.cleaned_data["reason"],
            not_again=form.cleaned_data["not_again"],
        )
    except IllegalMove:
        return _overtaken(request, pk)
    if found.sponsee_id == request.user.pk:
        messages.success(request, _("It is ended. That is normal. You can ask for somebody else right away."))
        return redirect("request")
    messages.success(request, _("It is ended. That is normal. Your place is free for somebody else."))
    return redirect("home")


@require_POST
@member_required
def pairing_plan(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change how one is asked; the other never learns it."""
    found = _found(request, pk)
    plan = queries.plan_of(found, request.user)
    if plan is None:
        raise Http404
    if not found.is_live:
        return _overtaken(request, pk)
    sponsored = found.sponsee_id == request.user.pk
    form = PlanForm(request.POST, plan=plan, zone=request.profile.zone, sponsored=sponsored)
    if not form.is_valid():
        return _page(request, found, forms={"plan_form": form}, status=422)
    actions.change_plan(plan, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved. It counts from the next question on."))
    return redirect("pairing", pk=pk)


@require_POST
@member_required
def pairing_report(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say that something was not right: contact ends at once."""
    found, form = _found(request, pk), ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, found, forms={"report_form": form}, status=422)
    report_partner(found, by=request.user, kind=form.cleaned_data["kind"])
    messages.success(
        request,
        _("Thank you for telling us. Your contact has ended, and you will not be brought together again."),
    )
    return redirect("pairing", pk=pk)
