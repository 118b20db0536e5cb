"""The door of the coordinators' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Intergroup, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching import office_words
from matching.actions.errors import NoLongerFits
from matching.engine import Rule

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)


class CoordinatorRequest(HttpRequest):
    """What a view behind the door gets: somebody who is signed in."""

    user: User
    coordinates: bool


CoordinatorView = Callable[Concatenate[CoordinatorRequest, P], HttpResponseBase]


def signed_in(view: CoordinatorView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask visitors to sign in. What a coordinator may see is settled by the rows: :func:`offices` or :func:`seen`."""

    @login_required
    @wraps(view)
    def door(request: CoordinatorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return door  # type: ignore[return-value]


def offices(request: CoordinatorRequest) -> list[Intergroup]:
    """The intergroups where the visitor's term runs today; to anybody else the page does not exist (404)."""
    found = list(intergroups_coordinated_by(request.user))
    if not found:
        raise Http404
    request.coordinates = True
    return found


def office_called(request: CoordinatorRequest, slug: str) -> Intergroup:
    """The intergroup of this name, if the visitor's term runs there; otherwise 404."""
    found = next((one for one in offices(request) if one.slug == slug), None)
    if found is None:
        raise Http404
    return found


def seen(request: CoordinatorRequest, rows: QuerySet[Row], pk: UUID | int) -> Row:
    """One of the rows that the visitor may see as a coordinator, or 404."""
    found = get_object_or_404(rows, pk=pk)
    request.coordinates = True
    return found


def why_not(error: Exception) -> str:
    """What to tell a coordinator whose move came too late."""
    if isinstance(error, NoLongerFits):
        words = office_words.RULE_BROKEN[Rule(error.rule)]
        return _("This no longer fits: %(reason)s.") % {"reason": str(words)[:1].lower() + str(words)[1:]}
    return _("This has moved on meanwhile. Below is how it stands now.")
