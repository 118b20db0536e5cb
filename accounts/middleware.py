"""Headers for private pages, the member's time zone, and what a request asks about the member again and again."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import Profile
from accounts.models.intergroup import intergroups_coordinated_by

Handler = Callable[[HttpRequest], HttpResponse]


class PrivatePagesMiddleware:
    """Nothing that a member saw stays in a cache: not the browser's after signing out, not a proxy's."""

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
        return response


class MemberMiddleware:
    """Times in the member's own zone; and whether they coordinate anywhere, asked at most once a request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.coordinates = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: intergroups_coordinated_by(request.user).exists()
        )
        with timezone.override(_zone_of(request)):
            return self.get_response(request)


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    """The member's zone; None (UTC, the default) for visitors and for an account without a profile.

    The profile stays with the user, along with everything that the doors of the pages promise, so that it is read once.
    """
    if not request.user.is_authenticated:
        return None
    known = Profile.objects.select_related("intergroup", "fellowship", "area", "home_group")
    profile = known.filter(pk=request.user.pk).first()
    if profile is None:
        return None
    request.user.profile = profile
    return ZoneInfo(profile.zone)
