"""The pages of the demo: everybody's mail, all components, a clock one can move, and signing in as one of the cast."""

from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import clock, proof
from accounts.models import User
from matching.actions import checkins, deadlines, digests, outbox, roster, silence
from recovery_match.demo import components as components_shown
from recovery_match.demo.mailbox import letters
from recovery_match.demo.seed import SIGN_IN_SALT

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest mails that were sent, to anybody or to one address."""
    address = request.GET.get("to", "")
    return render(request, "demo/inbox.html", {"letters": letters(to=address), "to": address, "now": clock.now()})


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component of the interface, in every state."""
    return render(request, "demo/components.html", components_shown.context())


@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Let an hour, a day or a week pass, and do at once what the workers would do on their next tick."""
    step = STEPS.get(request.POST.get("by", ""))
    if step is None:
        raise Http404
    clock.move_on(step)
    deadlines.expire_offers()
    checkins.remind_due()
    silence.watch()
    digests.write_digests()
    roster.ask_roster()
    outbox.send_outbox()
    return redirect("demo_inbox")


@require_GET
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as a member of the demo, by the link that the demo printed, as if the second factor had been given."""
    if not settings.DEMO:
        raise Http404
    try:
        member = User.objects.get(pk=UUID(signing.loads(token, salt=SIGN_IN_SALT)))
    except (signing.BadSignature, ValueError, User.DoesNotExist) as error:
        raise Http404 from error
    login(request, member, backend="allauth.account.auth_backends.AuthenticationBackend")
    proof.record_second_factor(request, member, "demo")
    UserSession.objects.create_from_request(request)
    return redirect("home")
