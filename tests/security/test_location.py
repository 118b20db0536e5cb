"""S12: where somebody is can't be closed in on: answers follow from the two areas alone, and an area rarely changes."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts import clock
from accounts.actions.people import MOVES, MOVES_WITHIN
from accounts.forms.how import DISTANCES
from accounts.models import Area, AuditEntry, Profile, Sponsor, User
from matching import engine, roster
from matching.models import SponsorRequest
from matching.roster.facts import facts_of
from tests import factories
from tests.conftest import signed_in
from tests.matching import story

pytestmark = pytest.mark.django_db

EDITS = 10_000
LIMITS = (None, *DISTANCES)
ZONES = ("America/New_York", "America/Chicago", "Europe/Madrid")


def areas(number: int = 25) -> list[Area]:
    """A grid of areas around the target's, some ten kilometres apart."""
    return [
        factories.area(code=f"a{at}", latitude=40.7 + (at // 5) / 10, longitude=-74.0 + (at % 5) / 10)
        for at in range(number)
    ]


@dataclass(frozen=True)
class Asking:
    """A newcomer's request and what is true around it, read once."""

    request: SponsorRequest
    facts: engine.Facts

    def answer(self, prober: Profile, target: engine.Person) -> str:
        """All that a newcomer learns of a target: whether they are suggested, and the reasons with their bands."""
        newcomer = roster.person(prober, waiting_since=self.request.asked_at)
        found = engine.recheck(newcomer, target, self.facts).suggestion
        return "nobody" if found is None else repr(found.for_newcomer)


def asking() -> Asking:
    request = story.asked(factories.newcomer(modes=["in_person"]))
    return Asking(request, facts_of(request, now=clock.now()))


def edits(prober: Profile, grid: list[Area], seed: int) -> Iterator[tuple[int | None, int | None, str]]:
    """Change where one says to be and how far one goes, again and again."""
    chance = random.Random(seed)
    for _ in range(EDITS):
        prober.area, prober.max_km = chance.choice([*grid, None]), chance.choice(LIMITS)
        prober.zone = chance.choice(ZONES)
        yield prober.area_id, prober.max_km, prober.zone


def probed(asks: Asking, targets: list[engine.Person], grid: list[Area]) -> list[set[str]]:
    """For each edit that was tried, the different answers about several targets."""
    seen: dict[tuple[int | None, int | None, str], set[str]] = {}
    for edit in edits(asks.request.member.profile, grid, seed=12):
        if edit not in seen:
            seen[edit] = {asks.answer(asks.request.member.profile, target) for target in targets}
    return list(seen.values())


def two_of_one_area(grid: list[Area]) -> list[User]:
    """They go to home groups at the two ends of the grid."""
    groups = [factories.meeting(name=f"Group {at}", area=grid[at]) for at in (0, -1)]
    return [
        factories.sponsor(first_name=name, modes=["in_person"], area=grid[0], home_group=group)
        for name, group in zip(("One", "Two"), groups, strict=True)
    ]


def people(users: list[User]) -> list[engine.Person]:
    return [roster.person(one) for one in roster.profiles().filter(pk__in=[user.pk for user in users])]


def test_ten_thousand_probing_edits_learn_the_area_and_no_more() -> None:
    """S12: two targets of one area are answered alike, whatever else may tell where they are."""
    grid = areas()
    targets = people(two_of_one_area(grid))
    answers = probed(asking(), targets, grid)
    assert len(answers) > 400
    assert {len(one) for one in answers} == {1}
    assert len(set.union(*answers)) >= 3


def test_control_a_position_of_ones_own_would_be_noticed() -> None:
    """The negative control of S12: one of the two is where they live, not in the middle of the area."""
    grid = areas()
    one, two = people(two_of_one_area(grid))
    assert two.latitude is not None
    answers = probed(asking(), [one, replace(two, latitude=two.latitude + 0.03)], grid)
    assert max(len(found) for found in answers) == 2


def test_nothing_finer_than_an_area_is_stored_of_anybody() -> None:
    places = {field.name for model in (Profile, User, Sponsor) for field in model._meta.concrete_fields}
    assert not {name for name in places if re.search(r"lat|lon|postal|street|address|position|place", name)}


def where(grid: list[Area], at: int) -> dict[str, Any]:
    return {"modes": ["in_person"], "area": grid[at].pk, "max_km": "5"}


def test_an_area_can_be_changed_now_and_then_and_not_all_day(ana: User) -> None:
    grid, client = areas(), signed_in(ana)
    url = reverse("profile_edit", args=["meeting"])
    answers = [client.post(url, where(grid, at)).status_code for at in range(8)]
    assert answers == [302] * MOVES + [422] * (8 - MOVES)
    assert Profile.objects.get(pk=ana.pk).area == grid[MOVES - 1]
    assert client.post(url, {**where(grid, MOVES - 1), "max_km": "10"}).status_code == 302
    assert "several times lately" in client.post(url, where(grid, 9)).content.decode()
    clock.move_on(MOVES_WITHIN + timedelta(days=1))
    assert client.post(url, where(grid, 9)).status_code == 302


def test_a_home_group_cannot_be_tried_out_one_after_another_either(ana: User) -> None:
    """It would tell at which meeting somebody is to be found."""
    client, url = signed_in(ana), reverse("profile_edit", args=["home-group"])
    groups = [factories.meeting(name=f"Meeting {number}") for number in range(6)]
    answers = [client.post(url, {"home_group": group.pk}).status_code for group in groups]
    assert answers == [302] * MOVES + [422] * (6 - MOVES)
    assert AuditEntry.objects.filter(verb="home_group.changed", member=ana.pk).count() == MOVES


def test_in_the_welcome_everybody_may_think_again_as_often_as_they_like(ana: User) -> None:
    Profile.objects.filter(pk=ana.pk).update(completed_at=None)
    grid, client, url = areas(), signed_in(ana), reverse("welcome_step", args=["meeting"])
    assert {client.post(url, where(grid, at)).status_code for at in range(8)} == {302}
    assert not AuditEntry.objects.filter(verb="area.changed").exists()


def test_control_without_the_count_a_target_is_found_within_minutes(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.actions.people.PLACES", ())
    grid, client, url = areas(), signed_in(ana), reverse("profile_edit", args=["meeting"])
    assert {client.post(url, where(grid, at)).status_code for at in range(8)} == {302}
