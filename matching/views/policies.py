"""The settings of an intergroup: tried out on today's queue, saved, and taken back; and weights side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.errors import ChangedSince
from accounts.actions.policies import NotTheirs, change_policy, undo_change
from accounts.models import Intergroup, Policy
from matching.forms.policies import PolicyForm, WeightsForm
from matching.office_words import COMPONENTS
from matching.queries import policies as queries
from matching.queries.everybody import waiting
from matching.queries.policy_words import in_words, names_in
from matching.queries.reviews import POINT
from matching.queries.rounds import WhatIf, what_if
from matching.views.coordinators import CoordinatorRequest, office_called, seen, signed_in

PAGE = 10
SETTINGS_SIDE_BY_SIDE = ("own", "a", "b")
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
        change = change_policy(office, form.values, by=request.user)
    except NotTheirs as error:
        raise Http404 from error
    messages.success(request, _("Saved. You can take it back below.") if change else _("Nothing was changed."))
    return redirect("policy", slug=slug)


def _page(
    request: CoordinatorRequest,
    own: Policy,
    form: PolicyForm,
    *,
    outlook: queries.Outlook | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    page = Paginator(queries.changes(own.intergroup), PAGE).get_page(request.GET.get("page"))
    names = queries.names(list(page.object_list))
    told = names_in(list(page.object_list))
    context = {
        "office": own.intergroup,
        "tabs": tabs(own.intergroup, "policy"),
        "form": form,
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
        own = Policy.objects.select_related("intergroup").get(pk=change.intergroup_id)
        trouble = _("This was changed again since. Below is how it stands now.")
        return _page(request, own, PolicyForm(policy=own), status=409, trouble=trouble)
    except NotTheirs as error:
        raise Http404 from error
    messages.success(request, _("Taken back."))
    return redirect("policy", slug=change.intergroup.slug)


@require_safe
@signed_in
def weights(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """What a round would find by the intergroup's own weights and by two others, side by side; nothing is written."""
    office = office_called(request, slug)
    own = office.policy
    forms = {"own": WeightsForm(policy=own)} | {
        name: WeightsForm(request.GET if "try" in request.GET else None, policy=own, prefix=name)
        for name in SETTINGS_SIDE_BY_SIDE[1:]
    }
    wrong = any(form.is_bound and not form.is_valid() for form in forms.values())
    tried = "try" in request.GET and not wrong
    context = {
        "office": office,
        "forms": forms,
        "rows": [
            {
                "words": words,
                "own": forms["own"].initial[one.value],
                "a": forms["a"][one.value],
                "b": forms["b"][one.value],
            }
            for one, words in COMPONENTS.items()
        ],
        "waiting": waiting(office).count(),
        "columns": _columns(own, forms) if tried else [],
    }
    return render(request, "matching/weights.html", context, status=422 if wrong else 200)


def _own(own: Policy) -> dict[str, Any]:
    """The other settings, as their form sends them: a box that is not ticked sends nothing."""
    values = {name: getattr(own, name) for name in PolicyForm.base_fields}
    return {name: "on" if value is True else value for name, value in values.items() if value is not False}


def _columns(own: Policy, forms: dict[str, WeightsForm]) -> list[dict[str, Any]]:
    """The figures of each setting; alike settings are worked out once."""
    known: dict[tuple[int, ...], WhatIf] = {}
    columns = []
    for name, form in forms.items():
        key = tuple(form.weights.values())
        if key not in known:
            known[key] = what_if(own.intergroup, form.weights)
        columns.append({"name": name, "settings": {**_own(own), **form.weights}, **figures(known[key])})
    return columns


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
