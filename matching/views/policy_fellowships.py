"""The fellowships of an office: which it serves, and the words and the time it has of its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.actions.errors import SavedMeanwhile
from accounts.models import Fellowship, Policy
from matching.forms.policy_fellowships import FellowshipsForm
from matching.queries.policy_fellowships import Outlook, outlook
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in
from matching.views.policies import figures, tabs
from matching.views.saving import save, version


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy_fellowships(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Show them; a POST tells what would change today, and with ``save`` keeps it."""
    office = office_called(request, slug)
    own = office.policy
    fellowships = list(Fellowship.objects.all())
    served = sorted(office.fellowships.values_list("code", flat=True))
    form = FellowshipsForm(
        request.POST if request.method == "POST" else None, policy=own, served=served, fellowships=fellowships
    )
    if request.method != "POST":
        return _page(request, own, form)
    if not form.is_valid():
        return _page(request, own, form, status=422)
    values = form.values
    if "save" not in request.POST:
        found = outlook(own, served=values["fellowships"], minimum_days=values["minimum_days"])
        return _page(request, own, form, outlook=found)
    try:
        return save(request, office, values)
    except SavedMeanwhile as error:
        return _page(request, own, form, status=409, meanwhile=error)


def _page(
    request: CoordinatorRequest,
    own: Policy,
    form: FellowshipsForm,
    *,
    outlook: Outlook | None = None,
    status: int = 200,
    meanwhile: SavedMeanwhile | None = None,
) -> HttpResponse:
    context = {
        "office": own.intergroup,
        "tabs": tabs(own.intergroup, "policy_fellowships"),
        "form": form,
        **version(request, own.intergroup, meanwhile),
        "outlook": outlook,
        "rounds": outlook and outlook.round_before and [figures(outlook.round_before), figures(outlook.round_after)],
    }
    return render(request, "matching/policy_fellowships.html", context, status=status)
