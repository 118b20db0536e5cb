"""What the lists of people share: their areas, and the name that is looked for.

A name is private: it stands in no address. It stays with the session, sealed by the key of whoever looks, until they
clear it or sign out.
"""

from base64 import b64decode, b64encode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import crypto
from accounts.crypto import CannotOpen, Place
from accounts.models import Area, Scope
from accounts.models.intergroup import intergroups_coordinated_by
from accounts.models.member_key import opening_key, sealing_key
from matching.forms.people import SearchForm
from matching.views.coordinators import CoordinatorRequest, offices, signed_in

WORD = "people_word"
LISTS = {"sponsors": "coordinate_sponsors", "newcomers": "newcomers"}


@require_POST
@signed_in
def people_search(request: CoordinatorRequest) -> HttpResponse:
    """Look for a name in one of the lists, with the rest of its filter as it is; nothing typed clears the search."""
    offices(request, Scope.AREA)
    form = SearchForm(request.POST)
    if form.is_valid():
        keep_word(request, form.cleaned_data["word"])
    for wrong in form.errors.get("word", ()):
        messages.error(request, str(wrong))
    kept = request.GET.copy()
    kept.pop("page", None)
    url = reverse(LISTS.get(request.POST.get("where", ""), "coordinate_sponsors"))
    return redirect(f"{url}?{kept.urlencode()}" if kept else url)


def keep_word(request: CoordinatorRequest, word: str) -> None:
    """Keep what is looked for; nothing at all is forgotten."""
    if not word:
        request.session.pop(WORD, None)
        return
    sealed = crypto.seal(word, sealing_key(request.user.pk), _place(request))
    request.session[WORD] = b64encode(sealed).decode()


def kept_word(request: CoordinatorRequest) -> str:
    """What is looked for; empty when nothing is, or when its key is gone."""
    kept = request.session.get(WORD)
    if not kept:
        return ""
    try:
        sealed = b64decode(kept)
        return crypto.unseal(sealed, opening_key(crypto.key_of(sealed), request.user.pk), _place(request))
    except CannotOpen:
        return ""


def _place(request: CoordinatorRequest) -> Place:
    return Place("session", WORD, str(request.user.pk))


def areas_of(request: CoordinatorRequest) -> list[Area]:
    """The areas of the intergroups where the visitor does the work of the office; to anybody else the page does not
    exist (404)."""
    led = intergroups_coordinated_by(request.user, Scope.AREA)
    found = list(Area.objects.filter(intergroup__in=led).select_related("intergroup"))
    if not found:
        offices(request, Scope.AREA)
    request.coordinates = True
    return found
