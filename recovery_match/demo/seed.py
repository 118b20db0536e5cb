"""Fill the demo: offices with real meetings, fictional members, and a story that is already under way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts import clock
from accounts.actions.people import WORDING
from accounts.models import (
    Consent,
    ConsentKind,
    Contact,
    Coordinator,
    Intergroup,
    Meeting,
    Policy,
    Profile,
    Sponsor,
    User,
)
from accounts.models.member_key import holding_keys
from recovery_match.demo import history, story
from recovery_match.demo.offices import open_offices
from recovery_match.demo.people import Place, is_sponsor, member_id, profile

BATCH = 1000
SIGN_IN_SALT = "recovery_match.demo.sign-in"
COORDINATOR, OPERATOR = 1_000_000_001, 1_000_000_002

Progress = Callable[[str], object]


def seed(*, members: int, progress: Progress) -> None:
    """Bring the demo to this many members. What is there already stays as it is; a second run adds nothing."""
    intergroups = open_offices()
    progress(f"{Meeting.objects.filter(active=True).count()} meetings of {len(intergroups)} offices")
    places = [
        Place(
            intergroup,
            intergroup.fellowships.get(),
            _meetings(intergroup),
        )
        for intergroup in intergroups
    ]
    there = Profile.objects.filter(user__email__startswith="member-").count()
    for first in range(there, members, BATCH):
        _add_members(range(first, min(first + BATCH, members)), places)
        progress(f"{min(first + BATCH, members)} of {members} members")
    if not User.objects.filter(pk=member_id(COORDINATOR)).exists():
        _add_office_holders(places[0])
        story.play(progress)
        spare = [story.newcomer(), story.sponsor(), member_id(COORDINATOR), member_id(OPERATOR)]
        past = history.lay_down(places[0].intergroup, User.objects.get(pk=member_id(COORDINATOR)), spare=spare)
        progress(f"{past} pairings of the past year")


def seed_office(slug: str, *, members: int) -> User:
    """Open one of the demo's offices with this many members and no story; return its coordinator."""
    intergroup = next(one for one in open_offices() if one.slug == slug)
    place = Place(intergroup, intergroup.fellowships.get(), _meetings(intergroup))
    for first in range(0, members, BATCH):
        _add_members(range(first, min(first + BATCH, members)), [place])
    _add_office_holders(place)
    return User.objects.get(pk=member_id(COORDINATOR))


def _meetings(intergroup: Intergroup) -> list[Meeting]:
    return list(intergroup.meetings.filter(active=True, area__isnull=False).order_by("pk"))


@transaction.atomic
def _add_members(numbers: range, places: list[Place]) -> None:
    now = clock.now()
    users = [User(pk=member_id(n), email=f"member-{n}@demo.example", password=make_password(None)) for n in numbers]
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users]
    )
    profiles = [profile(n, places, now.date()) for n in numbers]
    for one in profiles:
        one.completed_at = now
    Profile.objects.bulk_create(profiles)
    with holding_keys(user.pk for user in users):
        Contact.objects.bulk_create([Contact(user=user, email=user.email, hint="Evenings are best.") for user in users])
    Consent.objects.bulk_create(one for user in users for one in _consents(user, now))
    Sponsor.objects.bulk_create([_sponsor(n) for n in numbers if is_sponsor(n)])


def _consents(user: User, at: datetime) -> list[Consent]:
    kinds = (ConsentKind.STORE, ConsentKind.CONDUCT, ConsentKind.CONTACT)
    return [Consent(user=user, kind=kind, version=WORDING, given_at=at) for kind in kinds]


def _sponsor(number: int) -> Sponsor:
    dice = Random(f"sponsor-{number}")
    now = clock.now()
    confirmed = now - timedelta(days=dice.choices((2, 10, 25, 50), weights=(40, 30, 20, 10))[0])
    applied = dice.random() > 0.03
    return Sponsor(
        user_id=member_id(number),
        seats=dice.choices((1, 2, 3, 4), weights=(25, 45, 20, 10))[0],
        steps_worked=12,
        has_own_sponsor=True,
        applied_at=confirmed,
        approved_at=confirmed if applied else None,
        confirmed_at=confirmed,
        paused_until=now.date() + timedelta(days=20) if dice.random() < 0.05 else None,
    )


def _add_office_holders(place: Place) -> None:
    today = clock.now().date()
    for number, address, name, staff in (
        (COORDINATOR, "coordinator@demo.example", ("Bea", "K"), False),
        (OPERATOR, "operator@demo.example", ("Omar", "D"), True),
    ):
        user = User.objects.create(
            pk=member_id(number), email=address, password=make_password(None), is_staff=staff, is_superuser=staff
        )
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
        Contact.objects.create(user=user, email=address)
        Consent.objects.bulk_create(_consents(user, clock.now()))
        of = profile(number, [place], today)
        of.user, of.first_name, of.initial, of.completed_at, of.looking = user, *name, clock.now(), False
        of.save()
    Coordinator.objects.create(
        user_id=member_id(COORDINATOR),
        intergroup=place.intergroup,
        starts_on=today - timedelta(days=60),
        ends_on=today + timedelta(days=670),
    )
    Policy.objects.filter(intergroup=place.intergroup).update(review_required=True)


def sign_in_links() -> list[tuple[str, str]]:
    """One (role, path) for each role; the path signs in without a mail, in the demo only."""
    roles = [
        ("newcomer", story.newcomer()),
        ("sponsor", story.sponsor()),
        ("coordinator", member_id(COORDINATOR)),
        ("operator", member_id(OPERATOR)),
    ]
    return [(role, reverse("demo_sign_in", args=[signing.dumps(pk.hex, salt=SIGN_IN_SALT)])) for role, pk in roles]
