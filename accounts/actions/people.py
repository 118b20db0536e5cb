"""Writes on members: opening an account, the profile, the offer to sponsor."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts import clock
from accounts.actions.bars import restore_bars
from accounts.actions.sponsors import SAID_SOMETHING
from accounts.models import AuditEntry, Consent, ConsentKind, Contact, Profile, Sponsor, User
from accounts.models.audit import entry, record

WORDING = "2026-11-27"


PLACES = ("area", "home_group")
MOVES, MOVES_WITHIN = 3, timedelta(days=30)
"""Whoever went from place to place all day could close in on others: by the distance they are told, by the home group
that they turn out to share."""


class MovedOften(Exception):
    """The area or the home group was changed too often of late; it can be changed again on ``again_on``, in their
    zone."""

    def __init__(self, again_on: date) -> None:
        super().__init__(again_on)
        self.again_on = again_on


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
    restore_bars(user)
    record(user, "account.opened", user, member=user.pk)
    return profile


@transaction.atomic
def save_profile(profile: Profile, *, by: User, fields: list[str]) -> None:
    """Write the named fields of a profile that a form has checked.

    Raises MovedOften once the welcome is over and one of PLACES has been changed MOVES times in 30 days.
    """
    for place in set(PLACES).intersection(fields):
        _count_move(profile, place, by=by)
    profile.changed_at = clock.now()
    profile.save(update_fields=[*fields, "changed_at"])
    record(by, "profile.changed", profile, member=profile.user_id, intergroup_id=profile.intergroup_id)


def _count_move(profile: Profile, place: str, *, by: User) -> None:
    """Count a change in the audit. The row is locked, so that of two at once the second sees the first."""
    before = Profile.objects.select_for_update(of=["self"]).get(pk=profile.pk)
    if before.completed_at is None or getattr(before, f"{place}_id") == getattr(profile, f"{place}_id"):
        return
    verb = f"{place}.changed"
    moves = AuditEntry.objects.filter(member=profile.pk, verb=verb, at__gt=clock.now() - MOVES_WITHIN).order_by("-at")
    counted = list(moves.values_list("at", flat=True)[:MOVES])
    if len(counted) == MOVES:
        raise MovedOften((counted[-1] + MOVES_WITHIN).astimezone(ZoneInfo(profile.zone)).date() + timedelta(days=1))
    record(by, verb, profile, member=profile.pk, intergroup_id=profile.intergroup_id)


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
    restore_bars(by)
    record(by, "contact.changed", contact, member=by.pk)


@transaction.atomic
def withdraw_contact(*, by: User) -> bool:
    """Take back that a partner may see how to reach one: what was kept of it goes at once. False when there is none."""
    given = Consent.objects.filter(user=by, kind=ConsentKind.CONTACT, withdrawn_at__isnull=True)
    if not given.update(withdrawn_at=clock.now()):
        return False
    contact = Contact(user=by)
    contact.save()
    record(by, "contact.withdrawn", contact, member=by.pk)
    return True


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
