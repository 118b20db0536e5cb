"""Writes on members: opening an account, the profile, the offer to sponsor."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts import clock
from accounts.actions.sponsors import SAID_SOMETHING
from accounts.models import AuditEntry, Consent, ConsentKind, Contact, Profile, Sponsor, User
from accounts.models.audit import entry, record

WORDING = "2026-11"


class TooManySeatsTaken(Exception):
    """Seats below the number already taken; end a pairing first, or keep the seats."""


@transaction.atomic
def open_account(user: User, *, language: str) -> Profile:
    """Give a new account its empty profile and the consents ticked at sign-up."""
    user.language = language[:2]
    user.save(update_fields=["language"])
    profile, _ = Profile.objects.get_or_create(user=user)
    Contact.objects.get_or_create(user=user, defaults={"email": user.email})
    for kind in (ConsentKind.STORE, ConsentKind.CONDUCT):
        Consent.objects.get_or_create(
            user=user, kind=kind, withdrawn_at=None, defaults={"version": WORDING, "given_at": clock.now()}
        )
    record(user, "account.opened", user, member=user.pk)
    return profile


@transaction.atomic
def save_profile(profile: Profile, *, by: User, fields: list[str]) -> None:
    """Write the named fields of a profile that a form has checked."""
    profile.changed_at = clock.now()
    profile.save(update_fields=[*fields, "changed_at"])
    record(by, "profile.changed", profile, member=profile.user_id, intergroup_id=profile.intergroup_id)


@transaction.atomic
def complete_profile(profile: Profile, *, by: User) -> None:
    """End the welcome. The database refuses it while a needed answer is missing (IntegrityError)."""
    if profile.completed_at is None:
        profile.completed_at = clock.now()
        save_profile(profile, by=by, fields=["completed_at"])


@transaction.atomic
def save_contact(contact: Contact, *, by: User) -> None:
    """Write how a partner may reach the member; saving it is the consent to show it to them."""
    contact.save()
    Consent.objects.get_or_create(
        user=by, kind=ConsentKind.CONTACT, withdrawn_at=None, defaults={"version": WORDING, "given_at": clock.now()}
    )
    record(by, "contact.changed", contact, member=by.pk)


@transaction.atomic
def apply_to_sponsor(user: User, *, seats: int, steps_worked: int, has_own_sponsor: bool) -> Sponsor:
    """Offer oneself as a sponsor, or change the offer. A coordinator approves it the first time; after a no it is a
    new application.

    ``seats`` are those they choose; what they opened beyond for one person stays as long as it is taken. Raises
    TooManySeatsTaken when ``seats`` is below those already taken otherwise.
    """
    now = clock.now()
    sponsor, new = Sponsor.objects.get_or_create(
        user=user,
        defaults={
            "seats": seats,
            "steps_worked": steps_worked,
            "has_own_sponsor": has_own_sponsor,
            "confirmed_at": now,
            "applied_at": now,
            "changed_at": now,
        },
    )
    if not new:
        # seats_taken moves under us when an offer is accepted: compare in the same statement that writes.
        written = Sponsor.objects.filter(pk=user.pk, seats_taken__lte=seats + F("seats_opened")).update(
            seats=Greatest(seats, F("seats_taken")),
            seats_opened=Greatest(F("seats_taken") - seats, 0),
            steps_worked=steps_worked,
            has_own_sponsor=has_own_sponsor,
            confirmed_at=now,
            changed_at=now,
            **SAID_SOMETHING,
        )
        if not written:
            raise TooManySeatsTaken
        sponsor.refresh_from_db()
    again = not new and sponsor.declined_for_good(now)
    if again:
        sponsor.declined_at, sponsor.applied_at = None, now
        sponsor.save(update_fields=["declined_at", "applied_at"])
        sponsor.checks.all().delete()
    record(user, "sponsor.applied" if new or again else "sponsor.changed", sponsor, member=user.pk)
    return sponsor


@transaction.atomic
def view_person(*, by: User, member: User, intergroup_id: int | None, **ids: Any) -> None:
    """Record that somebody looked at a member, for the member's own page."""
    view_people(by=by, members=[member], intergroup_id=intergroup_id, **ids)


@transaction.atomic
def view_people(*, by: User, members: Iterable[User], intergroup_id: int | None, **ids: Any) -> None:
    """The same for several at once, by one statement."""
    AuditEntry.objects.bulk_create(
        entry(by, "person.viewed", member, member=member.pk, intergroup_id=intergroup_id, **ids) for member in members
    )
