"""What an office makes sure of before somebody may sponsor."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.actions.errors import SavedMeanwhile
from accounts.models import Intergroup
from matching.forms.people import ChecklistForm
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in
from matching.views.policies import tabs
from matching.views.saving import save, version


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy_checklist(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Show the list; a POST keeps another. It is written down among the changes of the settings."""
    office = office_called(request, slug)
    form = ChecklistForm(request.POST if request.method == "POST" else None, initial={"items": office.policy.checklist})
    if not form.is_bound:
        return _page(request, office, form)
    if not form.is_valid():
        return _page(request, office, form, status=422)
    try:
        return save(request, office, {"checklist": form.cleaned_data["items"]})
    except SavedMeanwhile as error:
        return _page(request, office, form, status=409, meanwhile=error)


def _page(
    request: CoordinatorRequest,
    office: Intergroup,
    form: ChecklistForm,
    *,
    status: int = 200,
    meanwhile: SavedMeanwhile | None = None,
) -> HttpResponse:
    context = {
        "office": office,
        "form": form,
        "tabs": tabs(office, "policy_checklist"),
        **version(request, office, meanwhile),
    }
    return render(request, "matching/policy_checklist.html", context, status=status)
