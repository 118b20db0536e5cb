"""What an office makes sure of before somebody may sponsor."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions.policies import NotTheirs, change_policy
from matching.forms.people import ChecklistForm
from matching.views.coordinators import CoordinatorRequest, office_called, signed_in
from matching.views.policies import tabs


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy_checklist(request: CoordinatorRequest, slug: str) -> HttpResponse:
    """Show the list; a POST keeps another. It is written down among the changes of the settings."""
    office = office_called(request, slug)
    form = ChecklistForm(request.POST if request.method == "POST" else None, initial={"items": office.policy.checklist})
    if form.is_bound and form.is_valid():
        try:
            change = change_policy(office, {"checklist": form.cleaned_data["items"]}, by=request.user)
        except NotTheirs as error:
            raise Http404 from error
        messages.success(request, _("Saved. You can take it back below.") if change else _("Nothing was changed."))
        return redirect("policy", slug=slug)
    context = {"office": office, "form": form, "tabs": tabs(office, "policy_checklist")}
    return render(request, "matching/policy_checklist.html", context, status=422 if form.errors else 200)
