"""No table leads to a member for which nobody answers: by the copy they can take, and by what erasure leaves."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from accounts import clock, privacy
from accounts.models import Fellowship, Profile, User
from accounts.queries.my_data import Given, Withheld
from matching.models import CheckIn, OutboxMessage, Recruiting, Round
from tests.matching import world
from tests.matching.world import World

Model = type[models.Model]
PEOPLE = ("ana", "rosa", "bea", "olga")


def every_model() -> list[Model]:
    """All tables of all apps, those between two of them included."""
    return list(apps.get_models(include_auto_created=True))


def links(model: Model) -> Iterator[Model]:
    """The tables that a row of this one points to, by foreign keys and by tables in between."""
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if isinstance(field.remote_field, models.ManyToOneRel | models.ManyToManyRel):
            yield field.remote_field.model


def names_somebody(model: Model) -> bool:
    """Whether it holds the id of somebody without a link, as the audit does."""
    return any(isinstance(field, models.UUIDField) and not field.primary_key for field in model._meta.concrete_fields)


def leading_to_members(found: Iterable[Model]) -> set[Model]:
    """The tables whose rows belong to a member, directly or by way of rows that do."""
    found = list(found)
    theirs: set[Model] = {User, *filter(names_somebody, found)}
    while more := {model for model in found if model not in theirs and theirs & set(links(model))}:
        theirs |= more
    return theirs


def unanswered(found: Iterable[Model]) -> set[str]:
    """The labels of those for which no part of :mod:`accounts.privacy` answers."""
    answered = {model for covers in privacy.covered().values() for model in covers}
    return {model._meta.label for model in leading_to_members(found) - answered}


def test_somebody_answers_for_every_table_that_leads_to_a_member() -> None:
    assert unanswered(every_model()) == set()


def test_nobody_answers_for_a_table_twice_or_for_one_that_leads_to_nobody() -> None:
    answers = Counter(model for covers in privacy.covered().values() for model in covers)
    assert [model for model, count in answers.items() if count > 1] == []
    assert set(answers) - leading_to_members(every_model()) == set()


@isolate_apps("accounts")
def test_control_a_table_that_nobody_registered_is_noticed() -> None:
    """However it leads to a member; a table that leads to nobody is not."""

    class Diary(models.Model):
        user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"

    class Badge(models.Model):
        profile = models.OneToOneField(Profile, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"

    class Circle(models.Model):
        people = models.ManyToManyField(User, related_name="+")

        class Meta:
            app_label = "accounts"

    class Page(models.Model):
        diary = models.ForeignKey(Diary, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"

    class Remark(models.Model):
        checkin = models.ForeignKey(CheckIn, on_delete=models.SET_NULL, null=True, related_name="+")

        class Meta:
            app_label = "accounts"

    class Trace(models.Model):
        who = models.UUIDField()

        class Meta:
            app_label = "accounts"

    class Coin(models.Model):
        fellowship = models.ForeignKey(Fellowship, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"

    made: list[Model] = [Diary, Badge, Circle, Circle.people.through, Page, Remark, Trace, Coin]
    noticed = {label.removeprefix("accounts.") for label in unanswered([*every_model(), *made])}
    assert noticed == {"Diary", "Badge", "Circle", "Circle_people", "Page", "Remark", "Trace"}


@pytest.fixture
def everything(db: None) -> World:
    """A row of everything, the ways to sign in included."""
    rows, now = world.build(), clock.now()
    ana = rows["ana"]
    assert isinstance(ana, User)
    Authenticator.objects.create(user=ana, type="webauthn", data={})
    UserSession.objects.create(
        user=ana, ip="192.0.2.1", user_agent="x", session_key="x", created_at=now, last_seen_at=now
    )
    Round.objects.update(made_by=rows["bea"])
    Recruiting.objects.update(asked_by=rows["bea"])
    OutboxMessage.objects.filter(recipient=ana).update(state="sent", ended_at=now)
    return rows


def people(rows: World) -> list[User]:
    found = [rows[name] for name in PEOPLE]
    return [one for one in found if isinstance(one, User)]


def test_what_is_said_to_be_in_the_copy_is_in_it(everything: World) -> None:
    copies = [privacy.export(one) for one in people(everything)]
    for part, covers in privacy.covered().items():
        for model, said in covers.items():
            if isinstance(said, Given):
                held = [(copy[part] if part else copy)[said.under] for copy in copies]
                assert any(held), f"{model._meta.label}: nobody's copy has anything under {said.under}"


def test_what_is_withheld_says_why() -> None:
    withheld = [said for covers in privacy.covered().values() for said in covers.values() if isinstance(said, Withheld)]
    assert withheld
    assert all(len(said.why.split()) > 4 for said in withheld)


def left_of(member_id: object) -> list[str]:
    """Links to somebody that are still there, as table and column."""
    found = []
    for model in leading_to_members(every_model()):
        for field in model._meta.concrete_fields:
            if isinstance(field.remote_field, models.ManyToOneRel) and field.remote_field.model in (User, Profile):
                rows = model._default_manager.filter(**{field.name: member_id})
                found += [f"{model._meta.label}.{field.name}"] if rows.exists() else []
    return found


@pytest.mark.parametrize("name", PEOPLE)
def test_erasing_anybody_leaves_no_link_to_them_in_any_table(name: str, everything: World) -> None:
    member = everything[name]
    pk = member.pk
    assert left_of(pk)
    assert isinstance(member, User)
    privacy.erase(member)
    assert left_of(pk) == []
