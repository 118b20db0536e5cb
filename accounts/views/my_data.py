"""What is kept about a member, who looked at it, a copy to take away, and erasure."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock, privacy
from accounts.actions.people import withdraw_contact
from accounts.copy.style import DIGEST, STYLE
from accounts.forms.my_data import EraseForm
from accounts.models import Consent, ConsentKind
from accounts.queries.my_data import looks_at, looks_in_lists
from accounts.views.access import MemberRequest, account_required, proof_required


@require_safe
@account_required
def my_data(request: MemberRequest) -> HttpResponse:
    """Who looked at this member, and what they agreed to."""
    return _page(request, EraseForm())


def _page(request: MemberRequest, form: EraseForm, *, status: int = 200) -> HttpResponse:
    consents = Consent.objects.filter(user=request.user).order_by("given_at", "pk")
    context = {
        "looks": looks_at(request.user),
        "lists": looks_in_lists(request.user),
        "consents": consents,
        "contact": ConsentKind.CONTACT,
        "form": form,
    }
    return render(request, "accounts/my_data.html", context, status=status)


@require_POST
@account_required
def my_data_withdraw(request: MemberRequest) -> HttpResponse:
    """Take back that a partner sees how to reach one. As easy as giving it: no proof is asked for."""
    if withdraw_contact(by=request.user):
        messages.success(request, _("Taken back. We have deleted how to reach you, and nobody sees it any more."))
    return redirect("my_data")


@require_POST
@account_required
@proof_required
def my_data_export(request: MemberRequest) -> HttpResponse:
    """Everything that is held on the member, as a file. A POST, so that no link or prefetch makes one."""
    response = JsonResponse(privacy.export(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_POST
@csp_replace({"style-src": [DIGEST]})  # type: ignore[untyped-decorator]
@account_required
@proof_required
def my_data_read(request: MemberRequest) -> HttpResponse:
    """The same as a page of its own, to read, to print and to keep. A POST, as for the file."""
    context = {"sections": privacy.export_to_read(request.user), "made_at": clock.now(), "style": STYLE}
    response = render(request, "accounts/my_data_copy.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@account_required
@proof_required
def my_data_erase(request: MemberRequest) -> HttpResponse:
    """Delete the account and all that is theirs, at once and for good; ends on the landing page."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    member = request.user
    logout(request)
    privacy.erase(member)
    messages.success(request, _("Everything is deleted. You are welcome back at any time."))
    return redirect("landing")
