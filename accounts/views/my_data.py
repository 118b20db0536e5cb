"""What is kept about a member, who looked at it, and a copy to take away."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Consent
from accounts.queries.my_data import looks_at, what_is_kept
from accounts.views.access import MemberRequest, account_required


@require_safe
@account_required
def my_data(request: MemberRequest) -> HttpResponse:
    """Who looked at this member, and what they agreed to."""
    consents = Consent.objects.filter(user=request.user, withdrawn_at__isnull=True).order_by("given_at")
    return render(request, "accounts/my_data.html", {"looks": looks_at(request.user), "consents": consents})


@require_POST
@account_required
def my_data_export(request: MemberRequest) -> HttpResponse:
    """Everything this app holds on the member, as a file. A POST, so that no link or prefetch makes one."""
    response = JsonResponse(what_is_kept(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response
