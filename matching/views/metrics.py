"""For Prometheus: the figures of the works, to whoever has the token."""

from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from matching.queries import metrics as figures


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures; 404 when no token is configured, 401 without it or with another one. No session is opened."""
    if not settings.METRICS_TOKEN:
        raise Http404
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if not compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(figures.text(), content_type=CONTENT_TYPE_LATEST)
