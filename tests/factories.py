"""A small cast: Ana looks for a sponsor, Rosa sponsors, Bea coordinates, Olga is an outsider."""

from datetime import date, timedelta
from typing import Any

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts import clock
from accounts.models import Area, Contact, Coordinator, Fellowship, Intergroup, Meeting, Policy, Profile, Sponsor, User
from accounts.models.week import Week

EVENINGS = Week.of(day * 24 + hour for day in range(5) for hour in (18, 19, 20))


class FellowshipFactory(DjangoModelFactory[Fellowship]):
    class Meta:
        model = Fellowship
        django_get_or_create = ("code",)

    code = "aa"
    name = "Alcoholics Anonymous"
    date_words = {"en": "sobriety date", "es": "fecha de sobriedad", "fr": "date de sobriété"}
    minimum_days = 365


class IntergroupFactory(DjangoModelFactory[Intergroup]):
    class Meta:
        model = Intergroup
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = "riverside"
    name = "Riverside Intergroup"
    zone = "America/New_York"

    @factory.post_generation
    def complete(self, create: bool, extracted: Any, **_: Any) -> None:
        self.fellowships.add(FellowshipFactory.create())  # type: ignore[attr-defined]
        Policy.objects.get_or_create(intergroup=self)


class AreaFactory(DjangoModelFactory[Area]):
    class Meta:
        model = Area
        django_get_or_create = ("intergroup", "code")

    intergroup = factory.SubFactory(IntergroupFactory)
    code = "north"
    name = "North side"
    latitude = 40.7
    longitude = -74.0


class MeetingFactory(DjangoModelFactory[Meeting]):
    class Meta:
        model = Meeting

    intergroup = factory.SubFactory(IntergroupFactory)
    fellowship = factory.SubFactory(FellowshipFactory)
    source = "test"
    slug = factory.Sequence(lambda n: f"meeting-{n}")
    name = "Monday Lamp"
    day = 1
    starts = "18:30"
    zone = "America/New_York"
    area = factory.SubFactory(AreaFactory)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(**kwargs)

    @factory.post_generation
    def address(self, create: bool, extracted: Any, **_: Any) -> None:
        EmailAddress.objects.get_or_create(
            user=self,
            email=self.email,  # type: ignore[attr-defined]
            defaults={"verified": True, "primary": True},
        )


class ProfileFactory(DjangoModelFactory[Profile]):
    class Meta:
        model = Profile

    user = factory.SubFactory(UserFactory)
    intergroup = factory.SubFactory(IntergroupFactory)
    fellowship = factory.SubFactory(FellowshipFactory)
    first_name = "Ana"
    initial = "L"
    zone = "America/New_York"
    languages = ["en"]
    gender = "woman"
    comfortable_with = ["woman"]
    modes = ["phone", "in_person"]
    area = factory.SubFactory(AreaFactory)
    week = EVENINGS
    completed_at = factory.LazyFunction(clock.now)


def newcomer(**fields: Any) -> User:
    """Ana: a complete profile, looking for a sponsor."""
    profile = ProfileFactory.create(**{"first_name": "Ana", "initial": "L", **fields})
    Contact.objects.create(user=profile.user, phone="+1 555 010 0001", email=profile.user.email)
    return profile.user


def sponsor(*, side: dict[str, Any] | None = None, **fields: Any) -> User:
    """Rosa: ten years, approved and confirmed, two seats. ``side`` changes her Sponsor row, ``fields`` her profile."""
    profile = ProfileFactory.create(
        **{
            "first_name": "Rosa",
            "initial": "M",
            "looking": False,
            "recovery_date": clock.now().date() - timedelta(days=3653),
            **fields,
        }
    )
    Sponsor.objects.create(
        user=profile.user,
        **{
            "seats": 2,
            "steps_worked": 12,
            "has_own_sponsor": True,
            "approved_at": clock.now(),
            "confirmed_at": clock.now(),
            **(side or {}),
        },
    )
    Contact.objects.create(user=profile.user, phone="+1 555 010 0002", email=profile.user.email)
    return profile.user


def coordinator(intergroup: Intergroup | None = None, **fields: Any) -> User:
    """Bea: serves the office this year."""
    profile = ProfileFactory.create(**{"first_name": "Bea", "initial": "K", "looking": False, **fields})
    Coordinator.objects.create(
        user=profile.user,
        intergroup=intergroup or profile.intergroup,
        starts_on=date(2020, 1, 1),
        ends_on=clock.now().date() + timedelta(days=300),
    )
    return profile.user
