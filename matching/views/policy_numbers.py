"""Local crisis numbers of an office, shown as they would stand before they are saved."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actions.errors import SavedMeanwhile
from accounts.crisis import local_lines
from accounts.models import Intergroup
from matching.forms.policy_numbers import NumbersForm
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in
from matching.views.policies import tabs
from matching.views.saving import save, version


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy_numbers(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Show them; a POST shows how others would look, and with ``save`` keeps them."""
    office = office_called(request, slug)
    form = NumbersForm(request.POST if request.method == "POST" else None, policy=office.policy)
    if request.method != "POST":
        return _page(request, office, form)
    if not form.is_valid():
        return _page(request, office, form, status=422)
    if "save" not in request.POST:
        return _page(request, office, form, preview=form.values["crisis_lines"])
    try:
        return save(request, office, form.values)
    except SavedMeanwhile as error:
        return _page(request, office, form, status=409, meanwhile=error)


def _page(
    request: CoordinatorRequest,
    office: Intergroup,
    form: NumbersForm,
    *,
    preview: list[dict[str, Any]] | None = None,
    status: int = 200,
    meanwhile: SavedMeanwhile | None = None,
) -> HttpResponse:
    context = {
        "office": office,
        "tabs": tabs(office, "policy_numbers"),
        "form": form,
        **version(request, office, meanwhile),
        "preview": preview is not None,
        "lines": local_lines(preview or []),
        "due": office.policy.numbers_due(clock.today(office.zone)),
    }
    return render(request, "matching/policy_numbers.html", context, status=status)
