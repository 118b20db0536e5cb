"""Saving a page of the settings, so that of two coordinators neither undoes unseen what the other has saved.

A page says by the field ``seen`` which change of the settings was the last when it was made.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.actions.errors import SavedMeanwhile
from accounts.actions.policies import NotTheirs, change_policy
from accounts.models import Intergroup
from accounts.models.policy_change import UNCHANGED
from matching.queries.policies import names
from matching.queries.policy_words import in_words, names_in
from matching.views.coordinators import CoordinatorRequest


def save(request: CoordinatorRequest, office: Intergroup, values: Mapping[str, Any]) -> HttpResponse:
    """Keep the values of a page and lead to the changes so far; somebody without the office finds nothing (404).

    Raises SavedMeanwhile.
    """
    try:
        change = change_policy(office, values, by=request.user, seen=_seen(request))
    except NotTheirs as error:
        raise Http404 from error
    messages.success(request, _("Saved. You can take it back below.") if change else _("Nothing was changed."))
    return redirect("policy", slug=office.slug)


def _seen(request: CoordinatorRequest) -> UUID:
    """What the page says; whoever says nothing that makes sense has seen nothing."""
    try:
        return UUID(request.POST.get("seen", ""))
    except ValueError:
        return UNCHANGED


def version(request: CoordinatorRequest, office: Intergroup, meanwhile: SavedMeanwhile | None = None) -> dict[str, Any]:
    """What a page needs: ``seen``, and ``meanwhile``, what others have saved, in words.

    A page that is shown again with what was typed goes on with what it had seen, until it shows what others saved.
    ``office`` is of :func:`matching.views.coordinators.offices`.
    """
    seen = _seen(request) if "seen" in request.POST else office.last_change  # type: ignore[attr-defined]
    if meanwhile is None:
        return {"seen": seen, "meanwhile": []}
    changes = list(meanwhile.changes)
    told, who = names_in(changes), names(changes)
    lines = [{"change": one, "who": who.get(one.actor, ""), "what": in_words(one, told)} for one in changes]
    return {"seen": meanwhile.last, "meanwhile": lines}
