"""What a phone keeps of the site: the service worker's script, the page shown without a connection, the manifest.

The script stands at the root of the site, for it may only serve what lies below its address.
"""

import json
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.crisis import CRISIS_LINES
from accounts.queries.crisis import offices_with_numbers

FILES = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/pages.css",
    "icons/favicon.svg",
    "vendor/atkinson-hyperlegible-next/latin-wght-normal.woff2",
)
"""What the page without a connection is made of."""

PAPER = "#FBF8F3"
SIZES = (192, 512)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script, asked for again at each visit so that a new one takes over."""
    local = repr([(office.name, lines) for office, lines in offices_with_numbers()])
    response = HttpResponse(_script(local), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Whom to call, for a phone without a connection. It is kept on the phone and the same for everybody."""
    return render(request, "accounts/offline.html", {"crisis_offices": offices_with_numbers()})


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the site stands on a phone's first screen: under its neutral name."""
    answer = JsonResponse(
        {
            "id": "/",
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "start_url": reverse("home"),
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                {
                    "src": static(f"icons/app-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size in SIZES
                for purpose in ("any", "maskable")
            ],
        },
        content_type="application/manifest+json",
    )
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=1)
def _script(local: str) -> str:
    script = (settings.BASE_DIR / "static" / "js" / "sw.js").read_text()
    page = (settings.BASE_DIR / "templates" / "accounts" / "offline.html").read_text()
    files = [static(name) for name in FILES]
    # A browser takes a new script over when a byte of it has changed: by this name it also learns of a new page.
    state = sha256(repr((script, page, files, CRISIS_LINES, local)).encode()).hexdigest()[:12]
    kept = {"cache": f"offline-{state}", "page": reverse("offline"), "files": files}
    return script.replace("{kept}", json.dumps(kept))
