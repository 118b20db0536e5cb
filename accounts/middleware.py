"""Headers for private pages, the member's time zone, and what a request asks about the member again and again."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import clock, roles
from accounts.models import Coordinator, Profile, Sponsor
from accounts.models.intergroup import intergroups_coordinated_by

Handler = Callable[[HttpRequest], HttpResponse]


TOKENS = {"token", "key"}
"""Gaps in addresses that are filled with a secret."""


class PrivatePagesMiddleware:
    """Nothing that a member saw stays in a cache: not the browser's after signing out, not a proxy's.

    An address that holds a secret is told to no other page, whatever the answer is.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
        )
        match = request.resolver_match
        if match is not None and TOKENS.intersection(match.kwargs):
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


class MemberMiddleware:
    """Times in the member's own zone; and what they are here, asked once a request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        profile = _profile_of(request)
        # Those without a profile are few: only where it matters are they asked about.
        serves = SimpleLazyObject(lambda: _serves(request)) if profile is None else getattr(profile, "serves", False)
        staff: bool = getattr(request.user, "is_staff", False)
        request.policy = getattr(profile and profile.intergroup, "policy", None)  # type: ignore[attr-defined]
        request.coordinates = serves  # type: ignore[attr-defined]
        request.role = roles.role(  # type: ignore[attr-defined]
            staff=staff,
            coordinates=not staff and bool(serves),
            # Whoever is still in the middle of the welcome has offered nothing yet.
            sponsors=profile is not None and profile.completed_at is not None and getattr(profile, "sponsors", False),
        )
        with timezone.override(ZoneInfo(profile.zone) if profile else None):
            return self.get_response(request)


def _profile_of(request: HttpRequest) -> Profile | None:
    """The member's profile with what they are here; None for visitors and for an account without one.

    The profile stays with the user, along with everything that the doors of the pages promise, so that it is read once.
    """
    if not request.user.is_authenticated:
        return None
    mine = OuterRef("pk")
    known = Profile.objects.select_related("intergroup__policy", "fellowship").annotate(
        sponsors=Exists(Sponsor.objects.filter(pk=mine)),
        serves=Exists(Coordinator.objects.serving(clock.now()).filter(user=mine)),
    )
    profile = known.filter(pk=request.user.pk).first()
    if profile is not None:
        request.user.profile = profile
    return profile


def _serves(request: HttpRequest) -> bool:
    return request.user.is_authenticated and intergroups_coordinated_by(request.user).exists()
