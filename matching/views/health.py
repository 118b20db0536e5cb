"""For machines: whether the works run."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from matching.queries import health as signs


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when notices get out, 503 when somebody should look; needs no session and tells nothing private."""
    found = signs.look()
    return JsonResponse(found.as_dict(), status=200 if found.ok else 503)
