"""Notifications on a member's devices: switched on by the browser's script, off by a press."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.browsers import label_of
from accounts.views.access import MemberRequest, member_required
from matching.actions.push_addresses import add_address, remove_address
from matching.forms.push_addresses import PushAddressForm
from matching.queries import notices as queries
from matching.views.notices import notices_page


@require_POST
@member_required
def device_add(request: MemberRequest) -> HttpResponse:
    """Switch notifications on for the browser that asks."""
    form = PushAddressForm(request.POST)
    if not form.is_valid():
        return notices_page(request, device_form=form, status=422)
    add_address(request.user, label=label_of(request.headers.get("User-Agent", "")), **form.cleaned_data)
    messages.success(request, _("Notifications are on for this browser."))
    return redirect("notices")


@require_POST
@member_required
def device_remove(request: MemberRequest, pk: str) -> HttpResponse:
    """Switch notifications off for one of one's own devices."""
    remove_address(get_object_or_404(queries.devices(request.user), pk=pk), by=request.user)
    messages.success(request, _("Switched off. Nothing is sent there any more."))
    return redirect("notices")
