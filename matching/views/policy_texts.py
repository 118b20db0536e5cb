"""An office's own words on pages and in letters: shown as they would stand before they are saved."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.actions.errors import SavedMeanwhile
from accounts.models import Intergroup, TextPlace
from matching.forms.policy_texts import TextsForm
from matching.queries.policies import reach
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in
from matching.views.policies import tabs
from matching.views.saving import save, version


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy_texts(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Show them; a POST shows how others would look, and with ``save`` keeps them."""
    office = office_called(request, slug)
    form = TextsForm(request.POST if request.method == "POST" else None, policy=office.policy)
    if request.method != "POST":
        return _page(request, office, form)
    if not form.is_valid():
        return _page(request, office, form, status=422)
    if "save" not in request.POST:
        return _page(request, office, form, preview=True)
    try:
        return save(request, office, form.values)
    except SavedMeanwhile as error:
        return _page(request, office, form, status=409, meanwhile=error)


def _page(
    request: CoordinatorRequest,
    office: Intergroup,
    form: TextsForm,
    *,
    preview: bool = False,
    status: int = 200,
    meanwhile: SavedMeanwhile | None = None,
) -> HttpResponse:
    texts = form.values["texts"] if preview else {}
    context = {
        "office": office,
        "tabs": tabs(office, "policy_texts"),
        "form": form,
        **version(request, office, meanwhile),
        "preview": preview,
        "places": [(TextPlace(place), own) for place, own in texts.items()],
        "letters": TextPlace.LETTERS,
        "reach": reach(office) if preview else None,
    }
    return render(request, "matching/policy_texts.html", context, status=status)
