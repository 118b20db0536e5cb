"""Weights side by side: what a round would find by each, and who would be with somebody else."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actions.looks import view_list
from accounts.models import Intergroup, Policy
from matching.forms.policies import PolicyForm, WeightsForm
from matching.office_words import COMPONENTS
from matching.queries import comparing
from matching.queries.around import waiting
from matching.queries.comparing import Comparison, Tried
from matching.queries.reviews import POINT
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in
from matching.views.saving import version

PAGE = 25
OTHERS = ("a", "b")


@require_safe
@signed_in
def weights(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """What a round would find by the intergroup's own weights and by two others, side by side; nothing is written."""
    office = office_called(request, slug)
    own, trying = office.policy, "try" in request.GET
    forms = {"own": WeightsForm(policy=own)} | {
        name: WeightsForm(request.GET if trying else None, policy=own, prefix=name) for name in OTHERS
    }
    wrong = any(form.is_bound and not form.is_valid() for form in forms.values())
    context: dict[str, Any] = {
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
        **version(request, office),
    }
    if trying and not wrong:
        tried = {name: form.weights for name, form in forms.items()}
        found = comparing.compare(office, tried, own=own, viewer=request.user)
        differing = _differing(request, office, found)
        context |= {"columns": _columns(own, forms, found), "loads": _loads(found), **differing}
        context["waiting"] = found.waiting
    else:
        context["waiting"] = waiting(office).count()
    return render(request, "matching/weights.html", context, status=422 if wrong else 200)


def _own(own: Policy) -> dict[str, Any]:
    """The other settings, as their form sends them: a box that is not ticked sends nothing."""
    values = {name: getattr(own, name) for name in PolicyForm.base_fields}
    return {name: "on" if value is True else value for name, value in values.items() if value is not False}


def _columns(own: Policy, forms: dict[str, WeightsForm], found: Comparison) -> list[dict[str, Any]]:
    usual = found.tried["own"]
    return [
        {"name": name, "settings": {**_own(own), **forms[name].weights}, **_figures(one, usual)}
        for name, one in found.tried.items()
    ]


def _figures(one: Tried, usual: Tried) -> dict[str, Any]:
    lowest = one.fairness.lowest_score
    everybody = one.given.keys() | usual.given.keys()
    return {
        "served": len(one.given),
        "left": len(one.found.left),
        "nobody_fits": one.nobody_fits,
        "mean": None if one.mean is None else one.mean / POINT,
        "lowest": None if lowest is None else lowest / POINT,
        "uneven": one.fairness.uneven / 10,
        "moved": sum(one.given.get(newcomer) != usual.given.get(newcomer) for newcomer in everybody),
    }


def _loads(found: Comparison) -> list[dict[str, Any]]:
    """How many sponsors get one person, two people and so on, by setting."""
    each = {number for one in found.tried.values() for number in one.loads}
    return [
        {"people": number, "sponsors": [one.loads[number] for one in found.tried.values()]} for number in sorted(each)
    ]


def _differing(request: CoordinatorRequest, office: Intergroup, found: Comparison) -> dict[str, Any]:
    page = Paginator(found.differing, PAGE).get_page(request.GET.get("page"))
    names = comparing.names(list(page.object_list))
    view_list(by=request.user, people=dict.fromkeys(names, office.pk))
    lines = [
        {
            "request": one.request,
            "name": names.get(one.newcomer, ""),
            "sponsors": [names.get(sponsor, "") if sponsor else "" for sponsor in one.sponsors],
        }
        for one in page.object_list
    ]
    return {"page": page, "lines": lines}
