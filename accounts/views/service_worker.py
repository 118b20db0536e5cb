"""The service worker's script. It stands at the root of the site, for it may only serve what lies below its address."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script, asked for again at each visit so that a new one takes over."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _script() -> str:
    return (settings.BASE_DIR / "static" / "js" / "sw.js").read_text()
