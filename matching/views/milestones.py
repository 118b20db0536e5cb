"""The days worth remembering: a calm look at them, the wish to be told, and the date itself when it changes."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.models import Profile
from accounts.views.access import MemberRequest, member_required
from matching import milestone_words, words
from matching.actions import milestones as actions
from matching.actions.errors import TooLate
from matching.forms.milestones import DateChangeForm, MilestonesForm
from matching.models import NoticeKind, Pairing
from matching.queries import milestones as queries
from matching.queries import notices
from matching.queries.milestones import Days
from matching.views.timeline import Step


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def milestones(request: MemberRequest) -> HttpResponse:
    """The days around today, and whether they are remembered. Raises Http404 where a fellowship counts from no date."""
    _dated_or_404(request)
    if request.method != "POST":
        return _page(request)
    form = MilestonesForm(request.POST)
    if form.is_valid():
        try:
            actions.set_milestones(request.profile, by=request.user, **form.cleaned_data)
        except TooLate:
            return _page(request, status=409, trouble=str(words.OVERTAKEN))
        messages.success(request, _("Saved. It counts from tomorrow on."))
    return redirect("milestones")


@require_POST
@member_required
def milestone_date(request: MemberRequest) -> HttpResponse:
    """Count from today, or from no date: one tap."""
    _dated_or_404(request)
    form = DateChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422)
    if form.cleaned_data["to"] == "today":
        actions.change_date(request.profile, by=request.user, to=clock.today(request.profile.zone))
        messages.success(request, _("Your date is today. Nobody is told."))
    else:
        actions.change_date(request.profile, by=request.user, to=None)
        messages.success(request, _("Your date is removed. Nobody is told."))
    return redirect("milestones")


def _dated_or_404(request: MemberRequest) -> None:
    if request.profile.fellowship is None or not request.profile.fellowship.has_date:
        raise Http404


def _page(request: MemberRequest, *, status: int = 200, trouble: str = "") -> HttpResponse:
    mine = request.profile
    days, plan = queries.days_of(mine, mine.fellowship), queries.plan_of(mine)
    context = {
        "name": mine.date_name,
        "date": mine.recovery_date,
        "is_today": mine.recovery_date == clock.today(mine.zone),
        "plan": plan,
        "steps": _steps(days) if plan is not None and days is not None else [],
        "mails_off": plan is not None and NoticeKind.DATES not in notices.wanted_by(request.user.pk),
        "form": MilestonesForm(initial={"wanted": plan is not None, "sponsor_too": bool(plan and plan.sponsor_too)}),
        "trouble": trouble,
    }
    return render(request, "matching/milestones.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Lines:
    """Milestones on the page of two, in words; empty where there is nothing to see."""

    mine: str
    theirs: str
    sponsor_sees: bool


def lines_of_two(pairing: Pairing, viewer: Profile, other: Profile) -> Lines:
    """What each of the two may see: one's own, and those of the person one sponsors who allows it."""
    shown = queries.shown_on(pairing, viewer, other)
    return Lines(_line(shown.mine), _line(shown.theirs), shown.sponsor_sees)


def _line(days: Days | None) -> str:
    if days is None:
        return ""
    if days.today is not None:
        return _("%(milestone)s, today") % {"milestone": milestone_words.name(days.today.milestone)}
    if days.ahead is None:
        return ""
    ahead = {"milestone": milestone_words.name(days.ahead.milestone), "day": _date(days.ahead.on)}
    return _("%(milestone)s, on %(day)s") % ahead


def _date(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def _steps(days: Days) -> list[Step]:
    """What was reached lately, what is today, and the one day that comes next."""
    steps = [Step("done", milestone_words.name(kept.milestone), _date(kept.on)) for kept in days.behind]
    if days.today is not None:
        steps.append(Step("now", milestone_words.name(days.today.milestone), _("Today")))
    if days.ahead is not None:
        steps.append(Step("next", milestone_words.name(days.ahead.milestone), _date(days.ahead.on)))
    return steps
