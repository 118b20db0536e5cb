"""Who may see a page: a signed-in member, with or without a finished welcome."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.aside import to_proof, to_second_factor
from accounts.models import Policy, Profile, TextPlace, User
from accounts.roles import OWN_MATTERS, Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class MemberRequest(HttpRequest):
    """What a view behind one of these doors gets: the member and their profile, fetched once.

    ``coordinates``: whether they serve as a coordinator today.
    """

    user: User
    profile: Profile
    policy: Policy | None
    htmx: HtmxDetails
    coordinates: bool
    role: Role


MemberView = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def words_of_office(request: MemberRequest, place: TextPlace) -> str:
    """What the member's office says of its own at a place, in the reader's language; empty when it says nothing."""
    return "" if request.policy is None else request.policy.text_at(place)


def account_required(view: MemberView[P]) -> View[P]:
    """Let signed-in members in, also in the middle of the welcome; sets ``request.profile``.

    Those who answer for others are led to their second factor first. The profile, which the middleware has read,
    comes with its intergroup, fellowship, area and home group. An operator's account has no profile and is sent to the
    landing page, since nobody there agreed to anything.
    """

    @login_required
    @wraps(view)
    def door(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        profile = getattr(request.user, "profile", None)
        if profile is None:
            messages.info(request, _("This is an operator's account. To take part, sign up with another address."))
            return redirect("landing")
        request.profile = profile
        return to_second_factor(request) or view(request, *args, **kwargs)

    return door  # type: ignore[return-value]


def member_required(view: MemberView[P]) -> View[P]:
    """Let members in whose welcome is finished; the others are sent there. Sets ``request.profile``."""

    @account_required
    @wraps(view)
    def door(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.profile.completed_at is None:
            return redirect("welcome")
        return view(request, *args, **kwargs)

    return door


def proof_required(view: MemberView[P]) -> MemberView[P]:
    """Ask members to show once more that it is them, if that was a while ago: for what could take an account away."""

    @wraps(view)
    def door(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return to_proof(request, OWN_MATTERS) or view(request, *args, **kwargs)

    return door
