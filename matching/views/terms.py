"""Who serves an office: invitations, terms, stepping down, and the page for a successor."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.models import Coordinator, Intergroup, Scope
from matching.actions import terms
from matching.actions.errors import NotAllowed, TooLate
from matching.forms.terms import InviteForm, TermForm
from matching.queries import coordinate as queue
from matching.queries import terms as queries
from matching.states import RoundState
from matching.views.coordinators import CoordinatorRequest, office_called, seen, signed_in

ANY = tuple(Scope)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def coordinators(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Who serves and who is invited; a POST invites somebody."""
    office = office_called(request, slug, *ANY)
    if request.method != "POST":
        return _page(request, office)
    form = InviteForm(request.POST, today=clock.today(office.zone))
    if not form.is_valid():
        return _page(request, office, form=form, status=422)
    given = form.cleaned_data
    try:
        terms.invite(office, by=request.user, **given)
    except terms.AlreadyServes:
        form.add_error("email", _("Somebody with this address serves your office already."))
        return _page(request, office, form=form, status=422)
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("The invitation goes out now. Its link is good for seven days."))
    return redirect("coordinators", slug=slug)


def _page(
    request: CoordinatorRequest,
    office: Intergroup,
    *,
    form: InviteForm | None = None,
    changed: tuple[int, TermForm] | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    today, found = clock.today(office.zone), list(queries.terms(office))
    own = next((one for one in found if one.user_id == request.user.pk), None)
    leads = own is not None and Scope.AREA in own.scopes
    lines = [
        {
            "term": one,
            "scopes": _scopes(one.scopes),
            "own": one.user_id == request.user.pk,
            "form": _form(one, changed, today) if leads and one.user_id != request.user.pk else None,
            "wrong": changed is not None and changed[0] == one.pk,
            "days": (one.ends_on - today).days,
        }
        for one in found
    ]
    context = {
        "office": office,
        "lines": lines,
        "own": own,
        "leads": leads,
        "form": form or InviteForm(today=today, initial={"language": (get_language() or "en")[:2]}),
        "invitations": [
            {"invitation": one, "scopes": _scopes(one.scopes)} for one in (queries.invitations(office) if leads else ())
        ],
        "trouble": trouble,
    }
    return render(request, "matching/coordinators.html", context, status=status)


def _form(term: Coordinator, changed: tuple[int, TermForm] | None, today: date) -> TermForm:
    if changed is not None and changed[0] == term.pk:
        return changed[1]
    return TermForm.of(term, today=today)


def _scopes(scopes: list[str]) -> list[str]:
    return [str(Scope(one).label) for one in scopes]


@require_POST
@signed_in
def invitation_withdraw(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitation = seen(request, queries.invitations_for(request.user), pk)
    try:
        terms.withdraw_invitation(invitation, by=request.user)
    except (NotAllowed, TooLate) as error:
        raise Http404 from error
    messages.success(request, _("Taken back. The link in the mail no longer works."))
    return redirect("coordinators", slug=invitation.intergroup.slug)


@require_POST
@signed_in
def term_change(request: CoordinatorRequest, pk: int) -> HttpResponse:
    """Move the end of a colleague's term, or change what it covers."""
    term = seen(request, queries.terms_for(request.user).exclude(user=request.user), pk)
    office = term.intergroup
    form = TermForm.of(term, request.POST, today=clock.today(office.zone))
    if not form.is_valid():
        return _page(request, office, changed=(term.pk, form), status=422)
    try:
        terms.change_term(term, by=request.user, **form.cleaned_data)
    except (NotAllowed, TooLate) as error:
        raise Http404 from error
    day = formats.date_format(form.cleaned_data["ends_on"], "DATE_FORMAT")
    messages.success(request, _("Saved. The term runs until %(day)s.") % {"day": day})
    return redirect("coordinators", slug=office.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def step_down(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Ask once, tell what it means for the office, then end one's own term."""
    office = office_called(request, slug, *ANY)
    term = queries.terms(office).get(user=request.user)
    if request.method == "POST":
        try:
            terms.step_down(term, by=request.user, sure="sure" in request.POST)
        except terms.OnlyOneLeft as error:
            return _step_down(request, office, error.scopes, status=409)
        except (NotAllowed, TooLate) as error:
            raise Http404 from error
        messages.success(request, _("Your term has ended. Thank you for your service."))
        return redirect("home")
    return _step_down(request, office, queries.alone_with(term))


def _step_down(
    request: CoordinatorRequest, office: Intergroup, alone: Sequence[Scope], *, status: int = 200
) -> HttpResponse:
    context = {"office": office, "alone": _scopes([one.value for one in alone])}
    return render(request, "matching/step_down.html", context, status=status)


@require_safe
@signed_in
def handover(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """What is open, who holds what, what ends when, and what a successor must know; made to be printed."""
    office = office_called(request, slug, *ANY)
    serving = queries.terms_to_hand_over(office, request.user)
    first: Any = serving[0]
    context = {
        "office": office,
        "now": clock.now(),
        "terms": [{"term": one, "scopes": _scopes(one.scopes)} for one in serving],
        "open": queries.open_requests(office, request.user),
        "applications": queue.applications(request.user).filter(user__profile__intergroup=office).count(),
        "endings": queries.endings(office, request.user, serving),
        "round": first.round_state and {"made_at": first.round_made_at, "state": RoundState(first.round_state).label},
        "policy": first.intergroup.policy,
    }
    return render(request, "matching/handover.html", context)
