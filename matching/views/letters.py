"""The page behind the second link of a letter to somebody on a list: never to be written to again, without sign-in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from matching import tokens
from matching.actions.invitees import may_write_again, never_write_again
from matching.queries.office_lists import wants_no_letters
from matching.views.bare import bare_page

AGAIN = "again"
"""The name of the button that takes it back."""
TEMPLATE = "matching/invitee_never.html"


# A mail program posts here by itself when its user presses "unsubscribe" (RFC 8058), with no cookie and no token
# against forgery; see matching.views.bare.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def invitee_never(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for it, or take it back; a visit alone changes nothing, since mail scanners open links."""
    try:
        mark = tokens.read_never(token)
    except tokens.BadToken:
        return bare_page(request, TEMPLATE, "altered")
    if request.method == "POST":
        (may_write_again if AGAIN in request.POST else never_write_again)(mark)
    return bare_page(request, TEMPLATE, "done" if wants_no_letters(mark) else "asked", again=AGAIN)
