"""Two people who are kept apart: while both are here, and when one of them leaves and comes back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver

from accounts import clock
from accounts.crypto import KeyDestroyed, keyed_hash
from accounts.models import Bar, BarKind, Contact, FormerBar, User
from accounts.models.audit import record

KEPT_FOR = timedelta(days=730)
FEWEST_DIGITS, DIGITS_THAT_TELL = 7, 9
"""A number is written with or without the country in front: its last digits are the same."""


@transaction.atomic
def keep_apart(one: UUID, other: UUID, kind: BarKind) -> Bar:
    """Never bring these two together (again). A block that is there already is not made any weaker."""
    values = {"kind": kind, "at": clock.now(), "restored": False}
    if kind == BarKind.BLOCK:
        return Bar.objects.update_or_create(by_id=one, other_id=other, defaults=values)[0]
    return Bar.objects.get_or_create(by_id=one, other_id=other, defaults=values)[0]


def remember_bars(leaving: User) -> None:
    """Before a member is deleted: those with whom they had a bar keep it, by hashes alone."""
    digests = set(digests_of(leaving))
    FormerBar.objects.bulk_create(
        (
            FormerBar(member_id=stays, digest=digest, kind=bar.kind, by_them=bar.by_id == leaving.pk, at=clock.now())
            for bar in Bar.objects.filter(Q(by=leaving) | Q(other=leaving)).order_by("pk")
            for stays in {bar.by_id, bar.other_id} - {leaving.pk}
            for digest in digests
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def restore_bars(member: User) -> None:
    """Whoever has come back is kept apart from the same people as before; nobody is told."""
    found = FormerBar.objects.filter(digest__in=set(digests_of(member))).exclude(member=member).order_by("pk")
    for former in found:
        by, other = (member.pk, former.member_id) if former.by_them else (former.member_id, member.pk)
        bar, new = Bar.objects.get_or_create(
            by_id=by, other_id=other, defaults={"kind": former.kind, "at": clock.now(), "restored": True}
        )
        if new:
            record(None, "bar.restored", bar)


def forget_bars() -> None:
    """Let go of what is past its time."""
    FormerBar.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()


def digests_of(member: User) -> Iterator[bytes]:
    """What stands for a member's addresses and number, confirmed or not; nobody without the key can make it."""
    email, phone = _reach_of(member)
    addresses = {member.email, email, *EmailAddress.objects.filter(user=member).values_list("email", flat=True)}
    if number := _plain_number(phone):
        yield keyed_hash(settings.LOOKUP_KEY, "barred number", number)
    for address in filter(None, map(_plain_address, addresses)):
        yield keyed_hash(settings.LOOKUP_KEY, "barred address", address)


def _reach_of(member: User) -> tuple[str, str]:
    """Address and number; none for whoever is erased once more from a restored backup, as the key to them is gone."""
    contact = Contact.objects.filter(pk=member.pk).first()
    try:
        return (contact.email, contact.phone) if contact else ("", "")
    except KeyDestroyed:
        return "", ""


def _plain_address(address: str) -> str:
    """Without what many providers let everybody add behind a plus sign."""
    name, _, host = address.strip().lower().rpartition("@")
    return f"{name.split('+')[0]}@{host}" if host else ""


def _plain_number(number: str) -> str:
    digits = "".join(filter(str.isdigit, number))
    return digits[-DIGITS_THAT_TELL:] if len(digits) >= FEWEST_DIGITS else ""


@receiver(email_changed)
def _address_changed(user: User, **_: Any) -> None:
    restore_bars(user)


@receiver(email_confirmed)
def _address_confirmed(email_address: EmailAddress, **_: Any) -> None:
    restore_bars(email_address.user)
