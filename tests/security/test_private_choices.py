"""S2 for columns that hold one word of a few: nobody who is not meant to see it can tell which word it is."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine

from accounts.models import Profile
from matching.models import CheckIn
from tests.security import access, private_choices, visits
from tests.security.access import ROLES, World, knock
from tests.security.private_choices import Choice

AROUND = 120

pytestmark = pytest.mark.django_db

VARIES = re.compile(
    r'csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{8}-[0-9a-f-]{27}|/calendar/[^"<\s]+\.ics'
    r'|recovery_match_\w+_seconds\S* \S+|"oldest_waiting": \d+'
)


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    """Whatever tells the time is the same each time."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


def test_somebody_has_said_of_every_column_with_choices_whether_it_is_private() -> None:
    assert private_choices.unclassified() == set()


def test_every_private_one_is_flipped() -> None:
    world = access.world()
    flipped = {one.field for one in private_choices.choices(world)} | {private_choices.ended(world).field}
    assert flipped == private_choices.OWN


def rendered(world: World, role: str, names: Iterable[str] = ()) -> dict[str, str]:
    """All pages of somebody in this role, or those of these names."""
    client, found = world.client(role), {}
    # Links of mails open by themselves: whoever has one may see where it leads, and nobody has another's.
    by_links = visits.names_with("token")
    for name, url in visits.rows(world).items():
        if name in by_links:
            continue
        for method in ("GET", "POST"):
            if not names or name in names:
                answer = knock(client, method, url)
                if not answer.streaming:
                    text = unescape(answer.content.decode(errors="replace"))
                    found[f"{method} {name}"] = f"{answer.status_code} {VARIES.sub('', text)}"
    return found


def told_apart(world: World, role: str, flipped: list[Choice], names: Iterable[str] = ()) -> dict[str, list[str]]:
    """Pages that are not the same for both values of whatever this role may not tell, with where they part."""
    hidden = [one for one in flipped if role not in one.readers]
    seen = []
    for value in (0, 1):
        for one in hidden:
            one.flip(value)
        seen.append(rendered(world, role, names))
    first, second = seen
    return {
        f"{role} {name}": where_they_part(first[name], second[name]) for name in first if first[name] != second[name]
    }


def where_they_part(first: str, second: str) -> list[str]:
    shorter = min(len(first), len(second))
    at = next((place for place in range(shorter) if first[place] != second[place]), shorter)
    return [text[max(0, at - AROUND) : at + AROUND] for text in (first, second)]


@pytest.mark.parametrize("role", ROLES)
def test_nobody_can_tell_what_is_not_theirs_to_see(role: str) -> None:
    """S2."""
    world = access.world()
    assert told_apart(world, role, private_choices.choices(world)) == {}


@pytest.mark.parametrize("role", ["paired", "here", "newcomer"])
def test_nobody_can_tell_why_somebody_else_ended_a_pairing(role: str) -> None:
    """S2."""
    world = access.world()
    assert told_apart(world, role, [private_choices.ended(world)]) == {}


def test_control_whoever_may_see_them_can_tell() -> None:
    """The negative control: the comparison does see what there is."""
    world = access.world()
    flipped = [Choice(one.field, one.rows, one.values, frozenset()) for one in private_choices.choices(world)]
    told = told_apart(world, "sponsee", flipped, ["my_data_export", "pairing"])
    assert {"sponsee POST my_data_export", "sponsee GET pairing"} <= told.keys()
    assert "here GET concern" in told_apart(world, "here", flipped, ["concern"])


def test_control_a_careless_line_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of S2: a name that carries somebody's last answer along."""
    world = access.world()
    flipped = private_choices.choices(world)

    def careless(profile: Profile) -> str:
        answers = CheckIn.objects.filter(member=profile.pk).order_by("local_date").values_list("answer", flat=True)
        return f"{profile.first_name} {''.join(answers)}"

    monkeypatch.setattr(Profile, "display_name", property(careless))
    assert "paired GET pairing" in told_apart(world, "paired", flipped, ["pairing"])
