"""Somebody from an office's list who is invited to sign up."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.crypto import keyed_hash
from accounts.models import Intergroup, SealedTextField, User
from matching.sheet import Wish

INVITED_FOR = timedelta(days=30)


def address_mark(address: str) -> str:
    """What tells whether an address is known already: 64 characters that say nothing without this site's key."""
    return keyed_hash(settings.LOOKUP_KEY, "invitee", address.strip().lower()).hex()


class WishWord(models.TextChoices):
    """What somebody on a list is there for, in words."""

    NEWCOMER = Wish.NEWCOMER.value, _("Looks for a sponsor")
    SPONSOR = Wish.SPONSOR.value, _("Wants to sponsor")


class InviteeQuerySet(models.QuerySet["Invitee"]):
    def open(self, at: datetime) -> "InviteeQuerySet":
        """Those whose invitation has not lapsed."""
        return self.filter(expires_at__gt=at)


class Invitee(models.Model):
    """An invitation to sign up. It gives no right to anything: it only saves typing on the way.

    The row says nothing on whether there is an account with this address: it stays as it is until it lapses or is
    withdrawn, whatever becomes of it, and then it is deleted. ``address`` is emptied once it has been used. It is its
    own outbox, as whoever is invited is nobody here: it goes out while ``sent_at`` is empty, by ``place``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    place = models.PositiveIntegerField(default=0)
    mark = models.CharField(max_length=64)
    first_name = SealedTextField(owner="made_by_id")
    initial = SealedTextField(owner="made_by_id")
    address = SealedTextField(owner="made_by_id")
    wish = models.CharField(max_length=10, choices=WishWord.choices)
    language = models.CharField(max_length=5, default="en")
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = InviteeQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["intergroup", "mark"], name="invitee_once"),
            models.CheckConstraint(condition=Q(wish__in=WishWord.values), name="invitee_wish"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="invitee_expires_later"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False) | ~Q(address=""), name="invitee_address_until_sent"
            ),
        ]
        indexes = [
            models.Index(fields=["made_at", "place"], name="invitee_waits", condition=Q(sent_at__isnull=True)),
            models.Index(fields=["mark"], name="invitee_by_mark"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def display_name(self) -> str:
        """First name and initial."""
        return f"{self.first_name} {self.initial}." if self.initial else self.first_name
