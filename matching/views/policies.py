"""The settings of an intergroup: tried out on today's queue, saved, and taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.errors import ChangedSince, SavedMeanwhile
from accounts.actions.policies import NotTheirs, undo_change
from accounts.models import Intergroup, Policy
from matching.forms.policies import PolicyForm
from matching.office_words import COMPONENTS
from matching.queries import policies as queries
from matching.queries.policy_words import in_words, names_in
from matching.queries.reviews import POINT
from matching.queries.rounds import WhatIf
from matching.views.coordinators import CoordinatorRequest, office_called, seen, signed_in
from matching.views.saving import save, version

PAGE = 10
PARTS = {
    "policy": gettext_lazy("Matching"),
    "policy_fellowships": gettext_lazy("Fellowships"),
    "policy_texts": gettext_lazy("Your own words"),
    "policy_numbers": gettext_lazy("Local numbers"),
    "policy_checklist": gettext_lazy("Before somebody may sponsor"),
    "meeting_list": gettext_lazy("Meeting list"),
}
"""The pages of the settings, by the names of their addresses."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Show the settings; a POST tells what others would change today, and with ``save`` keeps them."""
    office = office_called(request, slug)
    own = office.policy
    if request.method != "POST":
        return _page(request, own, PolicyForm(policy=own))
    form = PolicyForm(request.POST, policy=own)
    if not form.is_valid():
        return _page(request, own, form, status=422)
    if "save" not in request.POST:
        return _page(request, own, form, outlook=queries.outlook(own, form.values, form.weights))
    try:
        return save(request, office, form.values)
    except SavedMeanwhile as error:
        return _page(request, own, form, status=409, meanwhile=error)


def _page(
    request: CoordinatorRequest,
    own: Policy,
    form: PolicyForm,
    *,
    outlook: queries.Outlook | None = None,
    status: int = 200,
    trouble: str = "",
    meanwhile: SavedMeanwhile | None = None,
) -> HttpResponse:
    page = Paginator(queries.changes(own.intergroup), PAGE).get_page(request.GET.get("page"))
    names = queries.names(list(page.object_list))
    told = names_in(list(page.object_list))
    context = {
        "office": own.intergroup,
        "tabs": tabs(own.intergroup, "policy"),
        "form": form,
        **version(request, own.intergroup, meanwhile),
        "weights": [form[component.value] for component in COMPONENTS],
        "outlook": outlook,
        "rounds": outlook and outlook.round_before and [figures(outlook.round_before), figures(outlook.round_after)],
        "page": page,
        "lines": [
            {"change": one, "who": names.get(one.actor, ""), "what": in_words(one, told)} for one in page.object_list
        ],
        "trouble": trouble,
    }
    return render(request, "matching/policy.html", context, status=status)


def tabs(office: Intergroup, current: str) -> list[dict[str, Any]]:
    """The way from one page of the settings to the others."""
    return [
        {"label": label, "url": reverse(name, args=[office.slug]), "current": name == current}
        for name, label in PARTS.items()
    ]


@require_POST
@signed_in
def policy_undo(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """Take one change back."""
    change = seen(request, queries.changes_for(request.user), pk)
    try:
        undo_change(change, by=request.user)
    except ChangedSince:
        own = office_called(request, change.intergroup.slug).policy
        trouble = _("This was changed again since. Below is how it stands now.")
        return _page(request, own, PolicyForm(policy=own), status=409, trouble=trouble)
    except NotTheirs as error:
        raise Http404 from error
    messages.success(request, _("Taken back."))
    return redirect("policy", slug=change.intergroup.slug)


def figures(found: WhatIf | None) -> dict[str, Any]:
    """What a round would find, as the pages show it."""
    if found is None:
        return {}
    lowest = found.fairness.lowest_score
    return {
        "served": found.served,
        "left": found.left,
        "mean": None if found.mean is None else found.mean / POINT,
        "lowest": None if lowest is None else lowest / POINT,
        "uneven": found.fairness.uneven / 10,
        "moved": found.moved,
    }
