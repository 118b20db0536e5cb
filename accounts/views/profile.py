"""A member's own profile: the summary, one question to change, the sponsor's side, the home group search."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock, proof
from accounts.actions.sponsors import confirm_sponsor, pause_sponsor
from accounts.aside import to_proof
from accounts.forms.how import HomeGroupForm
from accounts.forms.sponsoring import PauseForm
from accounts.forms.steps import STEPS, Step
from accounts.models import OPEN_END, Profile, Sponsor
from accounts.roles import OWN_MATTERS
from accounts.views.access import MemberRequest, account_required, member_required
from accounts.views.steps import answer_step, home_group_choices, step_or_404
from accounts.views.summary import CONTACT, summary_of

# Requests and pairings belong to a fellowship and an office, and an approval to its coordinators.
FIXED = "fellowship"
OPEN = "open"
"""The name of the button for a pause without an end."""

SPONSOR_STEP = next(step for step in STEPS if step.slug == "sponsor")


@require_safe
@member_required
def profile(request: MemberRequest) -> HttpResponse:
    """Everything a member told, each with a way to change it, and the sponsor's side."""
    return _show_profile(request, PauseForm(zone=request.profile.zone))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def profile_edit(request: MemberRequest, step: str) -> HttpResponse:
    """Change one answer. Raises Http404 for a question that is not asked, or no longer."""
    if step == FIXED:
        raise Http404
    asked = step_or_404(request, step)
    # Whoever changes how one is reached receives what was meant for another.
    aside = to_proof(request, OWN_MATTERS) if step == CONTACT else None
    return aside or answer_step(request, asked, onward=lambda: _after_saving(request, asked), context=_editing())


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def sponsor_apply(request: MemberRequest) -> HttpResponse:
    """Offer to sponsor, or change the offer; also for those who look for a sponsor themselves."""
    return answer_step(request, SPONSOR_STEP, onward=lambda: _after_saving(request, SPONSOR_STEP), context=_editing())


@require_POST
@member_required
def sponsor_confirm(request: MemberRequest) -> HttpResponse:
    """ "Still glad to sponsor"."""
    confirm_sponsor(get_object_or_404(Sponsor, pk=request.user.pk), by=request.user)
    messages.success(request, _("Thank you. You may be asked to sponsor somebody."))
    return redirect("profile")


@require_POST
@member_required
def sponsor_pause(request: MemberRequest) -> HttpResponse:
    """Take no new people until a date, or until one says so."""
    side = get_object_or_404(Sponsor, pk=request.user.pk)
    if OPEN in request.POST:
        pause_sponsor(side, until=None, by=request.user)
        messages.success(request, _("You are paused. Nobody new is sent to you until you say so."))
        return redirect("profile")
    form = PauseForm(request.POST, zone=request.profile.zone)
    if not form.is_valid():
        return _show_profile(request, form)
    pause_sponsor(side, until=form.cleaned_data["until"], by=request.user)
    messages.success(request, _("You are paused. Nobody new is sent to you until then."))
    return redirect("profile")


@require_safe
@account_required
def meeting_search(request: MemberRequest) -> HttpResponse:
    """Meetings by name for the choice of a home group: the list alone for htmx, else the whole question."""
    words = {"q": request.GET.get("q", "")}
    if not request.htmx:
        page = "welcome_step" if request.profile.completed_at is None else "profile_edit"
        return redirect(f"{reverse(page, args=['home-group'])}?{urlencode(words)}")
    form = HomeGroupForm(profile=request.profile)
    choices = home_group_choices(request, form)
    return render(request, "accounts/home_group.html#found", {"form": form, **choices})


def _show_profile(request: MemberRequest, pause: PauseForm) -> HttpResponse:
    mine: Profile = request.profile
    side: Sponsor | None = getattr(request.user, "sponsor", None)
    today = clock.today(mine.zone)
    context = {
        "rows": summary_of(mine, _edit_url, shut=not proof.fresh(request, OWN_MATTERS)),
        "side": side,
        "paused": side is not None and side.pauses(today),
        "open_pause": side is not None and side.paused_until == OPEN_END,
        "pause": pause,
    }
    return render(request, "accounts/profile.html", context, status=422 if pause.errors else 200)


def _after_saving(request: MemberRequest, step: Step) -> str:
    """The profile; or the sponsor's side, when somebody now says that they came to sponsor and has none yet."""
    if step.slug == "why" and not request.profile.looking and not SPONSOR_STEP.answered(request.profile):
        return reverse("sponsor_apply")
    messages.success(request, _("Saved."))
    return reverse("profile")


def _edit_url(step: Step) -> str:
    if step.slug == FIXED:
        return ""
    if step is SPONSOR_STEP:
        return reverse("sponsor_apply")
    return reverse("contact") if step.slug == "contact" else reverse("profile_edit", args=[step.slug])


def _editing() -> dict[str, str]:
    return {"back": reverse("profile")}
