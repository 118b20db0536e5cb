"""For volunteers: offer to meet people who leave treatment, see who waits, say yes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Language, Mode
from accounts.views.access import MemberRequest, member_required
from matching import words
from matching.actions import bridging as actions
from matching.actions.errors import NoLongerFits
from matching.models import Bridge
from matching.queries import bridging as reads
from matching.states import IllegalMove


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def bridging(request: MemberRequest) -> HttpResponse:
    """One's offer, whom one meets, and who waits for somebody; a POST offers, pauses or ends the pause."""
    if request.method != "POST":
        return _page(request)
    side = actions.volunteer(request.user, paused=request.POST.get("wish") == "pause")
    if side.approved_at is None:
        messages.success(request, _("Thank you. A coordinator reads it, then you hear from us."))
    elif side.paused:
        messages.success(request, _("You are paused. Nobody new is sent to you until you say so."))
    else:
        messages.success(request, _("Thank you. You hear from us when somebody leaves who fits."))
    return redirect("bridging")


def _page(request: MemberRequest, *, status: int = 200, trouble: str = "") -> HttpResponse:
    side = reads.standing_of(request.user)
    ready = side is not None and side.approved_at is not None and not side.paused
    waiting = reads.open_for(side.user.profile) if ready and side is not None else []
    context = {
        "side": side,
        "ready": ready,
        "held": list(reads.held_by(request.user)),
        "waiting": [_told(one) for one in waiting],
        "trouble": trouble,
    }
    return render(request, "matching/bridging.html", context, status=status)


def _told(bridge: Bridge) -> dict[str, object]:
    """What a volunteer learns of somebody before both said yes: no name."""
    profile = bridge.member.profile
    return {
        "bridge": bridge,
        "area": profile.area,
        "languages": words.listed(Language, profile.languages),
        "modes": words.listed(Mode, profile.modes),
        "until": words.moment(bridge.contact_by),
    }


@require_POST
@member_required
def bridge_take(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say that one can be there."""
    waiting = {one.pk for one in reads.open_for(request.profile)}
    bridge = get_object_or_404(Bridge, pk=pk, intergroup=request.profile.intergroup)
    if bridge.pk not in waiting and bridge.volunteer_id != request.user.pk:
        return _page(request, status=409, trouble=str(words.OVERTAKEN))
    try:
        actions.take(bridge, by=request.user)
    except (IllegalMove, NoLongerFits):
        return _page(request, status=409, trouble=str(words.OVERTAKEN))
    messages.success(request, _("Thank you. They are asked now, and you hear as soon as they say yes."))
    return redirect("bridging")
