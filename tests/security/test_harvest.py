"""S13: a fake newcomer who spends a day at it sees few people, and of nobody how to reach them."""

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Comfort, Contact, Experience, Gender, Language, Profile, Sponsor, User
from matching.actions import offers
from matching.actions.deadlines import expire_offers
from matching.actions.retention import forget
from matching.models import Offer, Shown
from matching.queries import suggestions
from matching.states import OfferState
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

THERE_ARE = 60
ROUNDS = 48
"""Each half hour they try something else."""
EACH_TIME = ("home", "request", "suggestions")
IN_THE_END = ("offers", "profile", "bridge", "bridging", "service", "my_data", "questions", "milestones", "notices")


def crowd() -> list[User]:
    """Sponsors of every kind, each with a name that nobody else has and with contact details."""
    chance, made = random.Random(7), []
    for number in range(THERE_ARE):
        user = factories.sponsor(
            first_name=f"Person{number:02d}x",
            gender=chance.choice(Gender.values),
            comfortable_with=["anyone"],
            languages=["en", chance.choice(Language.values)] if number % 2 else ["en"],
            modes=["phone", "video"],
            experiences=[chance.choice(Experience.values)],
            side={"seats": 8},
        )
        Contact(user=user, phone=f"+1 555 777 {number:04d}", email=f"secret{number}@example.org").save()
        made.append(user)
    return made


def pages_of(client: Client, *names: str) -> str:
    """What stands on these pages."""
    return "".join(client.get(reverse(name), follow=True).content.decode() for name in names)


def another_face(client: Client, chance: random.Random) -> None:
    """Change whatever moves the order of the suggestions."""
    gender, languages = chance.choice(Gender.values), ["en", chance.choice(Language.values)]
    client.post(reverse("profile_edit", args=["people"]), {"gender": gender, "comfortable_with": [_ease(chance)]})
    client.post(reverse("profile_edit", args=["languages"]), {"languages": languages})
    client.post(reverse("profile_edit", args=["approach"]), {"experience_0": chance.choice(Experience.values)})
    client.post(reverse("profile_edit", args=["meeting"]), {"modes": [chance.choice(("phone", "video"))]})


def _ease(chance: random.Random) -> str:
    return chance.choice([*Gender.values, Comfort.ANYONE])


def rank(client: Client) -> None:
    """Choose whoever is suggested, in the order of the page."""
    page = client.get(reverse("suggestions"), follow=True).content.decode()
    fields = re.findall(r'<select[^>]*name="([^"]+)"', page.split("<main")[1])
    client.post(reverse("suggestions"), {name: str(place) for place, name in enumerate(fields, 1)})


def try_something(client: Client, number: int, chance: random.Random) -> str:
    """Ask, look again under three faces, choose; then take it back, or let others refuse. What was shown meanwhile."""
    shown = client.post(reverse("request"), follow=True).content.decode()
    for _ in range(3):
        another_face(client, chance)
        shown += client.post(reverse("suggestions"), {"again": "1"}, follow=True).content.decode()
    rank(client)
    match number % 3:
        case 0:
            client.post(reverse("request_withdraw"))
        case 1:
            offer = Offer.objects.filter(state=OfferState.SENT).first()
            if offer is not None:
                offers.decline_offer(offer, by=offer.sponsor)
        case _:
            expire_offers()
    return shown


def seen_in_a_day(client: Client) -> tuple[set[str], list[str]]:
    """Names of those seen in a simulated day, and whatever of contact details came up."""
    chance, names, details = random.Random(3), set[str](), list[str]()
    for number in range(ROUNDS):
        shown = try_something(client, number, chance)
        shown += pages_of(client, *EACH_TIME, *(IN_THE_END if number == ROUNDS - 1 else ()))
        names |= set(re.findall(r"Person\d\dx", shown))
        details += re.findall(r"555 777|secret\d+@", shown)
        clock.move_on(timedelta(minutes=29))
    return names, details


@pytest.fixture
def faker(db: None) -> Any:
    crowd()
    return signed_in(factories.newcomer(comfortable_with=["anyone"], modes=["phone", "video"]))


def test_a_fake_newcomer_sees_at_most_twenty_people_a_day_and_reaches_none(faker: Client) -> None:
    """S13: suggestions, refusals and asking anew all count."""
    names, details = seen_in_a_day(faker)
    assert details == []
    assert 15 <= len(names) <= suggestions.MOST_PEOPLE


def test_control_without_the_count_many_more_are_seen(faker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of S13."""
    monkeypatch.setattr(suggestions, "MOST_PEOPLE", 1000)
    names, details = seen_in_a_day(faker)
    assert len(names) > 25
    assert details == []


def test_whoever_has_seen_enough_is_told_so_and_sees_others_the_next_day(ana: User) -> None:
    sponsors = [factories.sponsor(first_name=f"Person{at:02d}x") for at in range(suggestions.MOST_PEOPLE + 1)]
    now = clock.now()
    Shown.objects.bulk_create(Shown(member=ana, sponsor=one, at=now) for one in sponsors[:-1])
    Sponsor.objects.exclude(pk=sponsors[-1].pk).update(seats_taken=2)
    client = signed_in(ana)
    page = client.post(reverse("request"), follow=True).content.decode()
    assert "Look again tomorrow" in page
    assert "Person" not in page
    clock.move_on(timedelta(days=1, minutes=1))
    page = client.post(reverse("suggestions"), {"again": "1"}, follow=True).content.decode()
    assert f"Person{suggestions.MOST_PEOPLE:02d}x" in page


def test_whoever_was_seen_already_may_be_seen_again(ana: User, rosa: User) -> None:
    others = [factories.sponsor() for _ in range(suggestions.MOST_PEOPLE - 1)]
    Sponsor.objects.filter(pk__in=[one.pk for one in others]).update(seats_taken=2)
    Shown.objects.bulk_create(Shown(member=ana, sponsor=one, at=clock.now()) for one in [rosa, *others])
    page = signed_in(ana).post(reverse("request"), follow=True).content.decode()
    assert "Rosa M." in page


def test_what_counts_people_is_kept_for_a_day(ana: User, rosa: User) -> None:
    Shown.objects.create(member=ana, sponsor=rosa, at=clock.now())
    forget()
    assert Shown.objects.exists()
    clock.move_on(timedelta(days=1, minutes=1))
    forget()
    assert not Shown.objects.exists()
    assert Profile.objects.count() == 2
