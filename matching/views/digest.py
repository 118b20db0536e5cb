"""One letter a week instead of a mail for each question: chosen, changed and given up among the mails one gets."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Sponsor
from accounts.views.access import MemberRequest, member_required
from matching.actions.digests import choose_digest, give_up_digest
from matching.forms.digest import DigestForm
from matching.queries.hours import quiet_hours
from matching.views.notices import notices_page

SINGLY = "singly"
"""The name of the button that gives it up."""


@require_POST
@member_required
def digest(request: MemberRequest) -> HttpResponse:
    """Choose it or give it up; for somebody who does not sponsor it does not exist."""
    get_object_or_404(Sponsor, pk=request.user.pk)
    if SINGLY in request.POST:
        give_up_digest(request.user)
        messages.success(request, _("Saved. Each question comes by itself again."))
        return redirect("notices")
    form = DigestForm(request.POST, quiets=quiet_hours(request.user.pk))
    if not form.is_valid():
        return notices_page(request, digest_form=form, status=422)
    choose_digest(request.user, **form.cleaned_data)
    messages.success(request, _("Saved. You get one letter a week."))
    return redirect("notices")
