"""A coordinator who has a part in something finds no page of it; an address about people that is not listed fails."""

from collections.abc import Callable

import pytest
from django.urls import get_resolver, reverse

from accounts.models import Coordinator, Scope, User
from tests import factories
from tests.conftest import signed_in
from tests.security import access
from tests.security.access import GONE, NO, ROWS, World

pytestmark = pytest.mark.django_db

People = Callable[[World], list[User | None]]


def _review(world: World) -> list[User | None]:
    return [world.review.request.member, world.review.sponsor]


def _bridge(world: World) -> list[User | None]:
    return [world.bridge.member, world.bridge.volunteer]


PARTS: dict[str, People] = {
    "review": _review,
    "review_approve": _review,
    "review_reject": _review,
    "review_ask": _review,
    "review_take_back": _review,
    "coordinate_request": _review,
    "coordinate_propose": _review,
    "coordinate_excluded": lambda world: [world.request.member],
    "coordinate_full": _review,
    "concern": lambda world: [world.report.by, world.report.about],
    "talk": lambda world: [world.pairing.sponsee, world.pairing.sponsor],
    "bridge_office": _bridge,
    "bridge_ask": _bridge,
    "volunteer_approve": lambda world: [world.applicant],
    "person": lambda world: [world.applicant],
    "application": lambda world: [world.applicant],
    "application_approve": lambda world: [world.applicant],
    "application_decline": lambda world: [world.applicant],
    "application_take_back": lambda world: [world.applicant],
    "sponsor_office_pause": lambda world: [world.applicant],
    "sponsor_office_resume": lambda world: [world.applicant],
    "hand_over": lambda world: [world.applicant],
    "suspend": lambda world: [world.applicant],
    "suspension_lift": lambda world: [world.applicant],
    "term_change": lambda world: [world.colleague.user],
}
"""Who has a part in what stands at an address."""

OF_THE_OFFICE = {
    "bridge_invitation_withdraw",
    "bridge_invite",
    "coordinate",
    "coordinate_sponsors",
    "coordinators",
    "discharges",
    "handover",
    "invitation_withdraw",
    "invitee_withdraw",
    "meeting_feed",
    "meeting_list",
    "newcomers",
    "office_export",
    "office_list",
    "office_list_check",
    "office_list_columns",
    "office_list_drop",
    "office_list_invite",
    "people_search",
    "policy",
    "policy_checklist",
    "policy_fellowships",
    "policy_numbers",
    "policy_texts",
    "policy_undo",
    "report",
    "report_file",
    "report_rows",
    "report_sheet",
    "round",
    "round_cancel",
    "round_plan",
    "round_publish",
    "round_refresh",
    "rounds",
    "step_down",
    "weights",
    "why",
    "why_ask",
    "why_cancel",
    "why_sheet",
}
"""About no one person; a list leaves out the rows in which whoever looks has a part."""


def office_addresses() -> set[str]:
    return {name for name, route in access.addresses(get_resolver().url_patterns) if route.startswith("coordinate/")}


def unheard_of(names: set[str]) -> set[str]:
    return names - {*PARTS, *OF_THE_OFFICE}


def test_every_address_of_the_office_says_whom_it_is_about() -> None:
    assert unheard_of(office_addresses()) == set()
    assert {*PARTS, *OF_THE_OFFICE} - office_addresses() == set()


def test_the_walk_would_notice_a_new_address() -> None:
    """The negative control: one address more than the walk knows."""
    assert unheard_of(office_addresses() | {"new"}) == {"new"}


def serve(user: User) -> User:
    """Have somebody serve the office in every scope."""
    Coordinator.objects.get_or_create(
        user=user,
        intergroup=factories.intergroup(),
        defaults={"scopes": Scope.values, "starts_on": factories.today(), "ends_on": factories.today()},
    )
    Coordinator.objects.filter(user=user).update(starts_on="2020-01-01", ends_on="2099-01-01", scopes=Scope.values)
    return user


def answers(world: World, name: str, user: User) -> set[str]:
    """What somebody gets there who serves the office, by the methods that the address knows."""
    client, url = signed_in(serve(user)), reverse(name, args=ROWS[name].args(world))
    return {access.meaning(access.knock(client, method, url)) for method in ("GET", "POST")} - {NO}


@pytest.mark.parametrize("name", PARTS)
def test_whoever_has_a_part_in_it_finds_nothing(name: str) -> None:
    world = access.world()
    involved = PARTS[name](world)
    assert involved
    for one in involved:
        assert one is not None
        assert answers(world, name, one) == {GONE}


@pytest.mark.parametrize("name", PARTS)
def test_the_walk_would_notice_a_page_that_is_open(name: str) -> None:
    """The negative control: whoever has no part in it finds the page, in the same world by the same walk."""
    world = access.world()
    here = world.people["here"]
    assert here is not None
    assert GONE not in answers(world, name, here)
