"""A member's calendar address, of which only a hash is kept."""

from hashlib import sha256
from secrets import token_urlsafe

from django.db import models

from accounts import clock
from accounts.models import User

BYTES = 32


def fresh_token() -> str:
    """An address that nobody guesses: 256 bits."""
    return token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain hash can't be turned back."""
    return sha256(token.encode()).hexdigest()


class CalendarFeed(models.Model):
    """The one calendar address of a member, while it is switched on. ``made_at`` is UTC."""

    member = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="calendar_feed")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="calendar_feed_digest_once")]

    def __str__(self) -> str:
        return str(self.pk)
