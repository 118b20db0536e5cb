"""An application to sponsor: the office's list, the yes, and the no that can be taken back for ten minutes."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actions.people import view_person
from accounts.actions.sponsors import NotChecked
from accounts.models import Sponsor
from accounts.models.sponsor import TAKE_BACK
from matching.actions import applications
from matching.actions.errors import NotAllowed, TooLate
from matching.forms.people import ChecklistForm
from matching.queries.people import checks_of, sponsors_to_open
from matching.queries.reviews import person_facts
from matching.queries.sponsors import checklist
from matching.views.coordinators import CoordinatorRequest, seen, signed_in, why_not


def _found(request: CoordinatorRequest, pk: UUID) -> Sponsor:
    found: Sponsor = seen(request, sponsors_to_open(request.user), pk)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def application(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """What the office asks for, and what was made sure of; a POST keeps the ticks."""
    sponsor = _found(request, pk)
    if request.method != "POST":
        return _page(request, sponsor)
    form = ChecklistForm(request.POST, asked=_asked(sponsor))
    if not form.is_valid():
        return _page(request, sponsor, form=form, status=422)

    def act(found: Sponsor) -> str:
        applications.tick(found, form.cleaned_data["items"], by=request.user)
        return _("Saved.")

    return _moved(request, pk, act)


def _asked(sponsor: Sponsor) -> list[str]:
    office = sponsor.user.profile.intergroup
    return [] if office is None else list(office.policy.checklist)


def _page(
    request: CoordinatorRequest,
    sponsor: Sponsor,
    *,
    form: ChecklistForm | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    profile, now = sponsor.user.profile, clock.now()
    view_person(by=request.user, member=sponsor.user, intergroup_id=profile.intergroup_id)
    asked, ticked = _asked(sponsor), checks_of(sponsor)
    items = [one.item for one in ticked]
    context = {
        "sponsor": sponsor,
        "person": profile,
        "facts": person_facts(profile, now),
        "told": checklist(sponsor),
        "asked": asked,
        "ticked": ticked,
        "form": form or ChecklistForm(asked=asked, initial={"items": items}),
        "complete": set(asked) <= set(items),
        "declined_until": sponsor.declined_at and sponsor.declined_at + TAKE_BACK,
        "declined_for_good": sponsor.declined_for_good(now),
        "trouble": trouble,
    }
    return render(request, "matching/application.html", context, status=status)


def _moved(request: CoordinatorRequest, pk: UUID, act: Callable[[Sponsor], str]) -> HttpResponse:
    """Let a coordinator decide, and show how it stands then; or say why not."""
    try:
        words = act(_found(request, pk))
    except NotChecked:
        trouble = _("Not everything is ticked yet. Make sure of the rest first.")
        return _page(request, _found(request, pk), status=409, trouble=trouble)
    except TooLate as error:
        return _page(request, _found(request, pk), status=409, trouble=why_not(error))
    except NotAllowed as error:
        raise Http404 from error
    messages.success(request, words)
    return redirect("application", pk=pk)


@require_POST
@signed_in
def application_approve(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Let somebody sponsor, once all is ticked."""

    def act(found: Sponsor) -> str:
        applications.approve(found, by=request.user)
        return _("%(name)s may sponsor now.") % {"name": found.user.profile.display_name}

    return _moved(request, pk, act)


@require_POST
@signed_in
def application_decline(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Not for now: in ten minutes the applicant gets a kind letter."""

    def act(found: Sponsor) -> str:
        applications.decline(found, by=request.user)
        return _("Not approved. In ten minutes they get a kind letter; until then you can take it back here.")

    return _moved(request, pk, act)


@require_POST
@signed_in
def application_take_back(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Take the no back before anybody heard of it."""

    def act(found: Sponsor) -> str:
        applications.take_back_decline(found, by=request.user)
        return _("Taken back. Nobody was told.")

    return _moved(request, pk, act)
