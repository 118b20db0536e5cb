"""The door of the coordinators' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.aside import to_office_proof
from accounts.models import Intergroup, Scope, User
from accounts.models.intergroup import intergroups_coordinated_by
from accounts.queries.policies import with_last_change
from matching import office_words
from matching.actions.errors import NoLongerFits
from matching.engine import Rule
from matching.models import LOOK_AFTER_BRIDGES

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)
MOST_DIGITS = 7


class CoordinatorRequest(HttpRequest):
    """What a view behind the door gets: somebody who is signed in."""

    user: User
    coordinates: bool


CoordinatorView = Callable[Concatenate[CoordinatorRequest, P], HttpResponseBase]


def signed_in(view: CoordinatorView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask visitors to sign in, and those who decide on others to have shown not long ago that it is them.

    What a coordinator may see is settled by the rows: :func:`offices` or :func:`seen`.
    """

    @login_required
    @wraps(view)
    def door(request: CoordinatorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return to_office_proof(request) or view(request, *args, **kwargs)

    return door  # type: ignore[return-value]


def offices(request: CoordinatorRequest, *scopes: Scope) -> list[Intergroup]:
    """The intergroups where the visitor's term runs now, in one of these scopes or, when none is named, in any; to
    anybody else the page does not exist (404). ``led`` tells whether they do the work of the office there,
    ``first_contacts`` whether they look after those. Each comes with its policy and that policy's ``last_change``."""
    served = (
        with_last_change(intergroups_coordinated_by(request.user, *scopes))
        .select_related("policy")
        .annotate(
            led=Exists(intergroups_coordinated_by(request.user, Scope.AREA).filter(pk=OuterRef("pk"))),
            first_contacts=Exists(
                intergroups_coordinated_by(request.user, *LOOK_AFTER_BRIDGES).filter(pk=OuterRef("pk"))
            ),
        )
    )
    found: list[Intergroup] = [*served]
    if not found:
        raise Http404
    request.coordinates = True
    return found


def office_called(request: CoordinatorRequest, slug: str, *scopes: Scope) -> Intergroup:
    """The intergroup of this name, if the visitor's term runs there in one of these scopes; without any, for the work
    of the office. Otherwise 404."""
    found = next((one for one in offices(request, *(scopes or (Scope.AREA,))) if one.slug == slug), None)
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


def page_number(address: QueryDict) -> int:
    """The page that the address names; the first one where it names none."""
    text = address.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 1
