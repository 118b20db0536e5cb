"""One person, for the coordinators of their intergroup."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.actions.people import view_person
from accounts.models import PauseReason, Profile, Sponsor
from matching.forms.people import OfficePauseForm
from matching.queries import people
from matching.queries.newcomers import Search
from matching.queries.reviews import load_in_words, person_facts
from matching.queries.sponsors import Standing, standing_notes
from matching.views.coordinators import CoordinatorRequest, seen, signed_in


@require_safe
@signed_in
def person(request: CoordinatorRequest, pk: UUID) -> HttpResponse:
    """What a coordinator may see of a member; that they looked is written down for the member."""
    return _page(request, seen(request, people.person_pages(request.user), pk))


def _page(request: CoordinatorRequest, found: Profile) -> HttpResponse:
    view_person(by=request.user, member=found.user, intergroup_id=found.intergroup_id)
    now, side = clock.now(), getattr(found.user, "sponsor", None)
    standing = None if side is None else Standing(found.standing)  # type: ignore[attr-defined]
    context = {
        "person": found,
        "facts": person_facts(found, now),
        "search": Search(found.search),  # type: ignore[attr-defined]
        "side": side,
        "standing": standing,
        "load": "" if side is None else load_in_words(side),
        "notes": [] if side is None or standing is None else standing_notes(side, standing),
        "pause": _pause_form(found, side),
        "paused_by_office": standing == Standing.PAUSED
        and side is not None
        and side.pause_reason == PauseReason.OFFICE,
        "pairs": people.pairs_of(found, request.user, now),
        "reports": people.reports_on(found, request.user),
    }
    return render(request, "matching/person.html", context)


def _pause_form(found: Profile, side: Sponsor | None) -> OfficePauseForm | None:
    """For those who may be paused, or whose pause by the office may be ended, where the reader decides on them."""
    decides = found.decides  # type: ignore[attr-defined]
    if side is None or side.approved_at is None or not decides or not found.user.is_active:
        return None
    if side.pauses(clock.today(found.zone)) and side.pause_reason != PauseReason.OFFICE:
        return None
    return OfficePauseForm(today=clock.today(found.zone))
