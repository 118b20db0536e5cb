"""S2: what is private comes up on no page of anybody who is not meant to see it."""

from collections.abc import Iterator
from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test.utils import isolate_apps
from django.urls import reverse

from accounts.models import Contact, Profile, User
from tests.security import access, private_fields, visits
from tests.security.access import ROLES, World, knock
from tests.security.private_fields import Canary

pytestmark = pytest.mark.django_db


def test_somebody_has_said_of_every_column_whether_it_is_private() -> None:
    assert private_fields.unclassified() == set()


@isolate_apps("accounts")
def test_control_a_new_column_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Diary(models.Model):
        words = models.TextField()

        class Meta:
            app_label = "accounts"

    monkeypatch.setattr(apps, "get_models", lambda **_: [Diary])
    assert private_fields.unclassified() == {"accounts.Diary.words"}


def rendered(world: World, role: str) -> Iterator[tuple[str, str]]:
    """Everything that somebody in this role can see, by the name of the page."""
    client = world.client(role)
    for name, url in {**visits.rows(world), **visits.of_accounts()}.items():
        for method in ("GET", "POST"):
            answer = knock(client, method, url)
            if not answer.streaming:
                yield f"{method} {name}", unescape(answer.content.decode(errors="replace"))
    if role == "staff":
        for url in of_operators():
            yield f"GET {url}", unescape(knock(client, "GET", url).content.decode())


def of_operators() -> Iterator[str]:
    """The lists of the operators' admin, and some rows of each."""
    for model in admin.site._registry:
        place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{place}_changelist")
        for pk in model._default_manager.values_list("pk", flat=True)[:5]:
            yield reverse(f"{place}_change", args=[pk])


def leaks(world: World, role: str, placed: list[Canary]) -> set[str]:
    """Private values that come up for somebody who is not among their readers."""
    found = set()
    forbidden = [one for one in placed if role not in one.readers]
    for name, page in rendered(world, role):
        found |= {f"{role} {name}: {one.field}" for one in forbidden if any(text in page for text in one.texts)}
    return found


def seen(world: World, role: str, placed: list[Canary]) -> set[str]:
    """Private values that come up for one of their readers."""
    pages = "".join(page for _, page in rendered(world, role))
    own = [one for one in placed if role in one.readers]
    return {one.field for one in own if any(text in page for page in [pages] for text in one.texts)}


def test_a_value_was_put_into_every_private_column() -> None:
    placed = private_fields.canaries(access.world())
    assert {one.field for one in placed if one.texts} == private_fields.OWN


def test_nothing_private_comes_up_for_anybody_who_is_not_meant_to_see_it() -> None:
    """S2, all pages by all roles."""
    world = access.world()
    placed = private_fields.canaries(world)
    found = set[str]()
    for role in ROLES:
        found |= leaks(world, role, placed)
    assert found == set()


def test_control_the_values_are_found_by_those_who_may_see_them() -> None:
    """The negative control: the walk does see what there is."""
    world = access.world()
    placed = private_fields.canaries(world)
    mine = {"accounts.Contact.phone", "accounts.Profile.recovery_date", "accounts.User.email"}
    assert seen(world, "sponsee", placed) >= mine | {"matching.Offer.note", "matching.PushAddress.label"}
    assert seen(world, "here", placed) >= {"accounts.Contact.phone", "accounts.Invitation.email"}


def test_control_a_name_that_carries_a_number_along_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of S2: one careless line in a model."""
    world = access.world()
    placed = private_fields.canaries(world)

    def careless(profile: Profile) -> str:
        return f"{profile.first_name} {Contact.objects.get(pk=profile.pk).phone}"

    monkeypatch.setattr(Profile, "display_name", property(careless))
    assert any("accounts.Contact.phone" in one for one in leaks(world, "other", placed))
    assert User.objects.exists()
