"""Addresses to which no letter goes out that an office's list would ask for."""

from django.db import models


class UnwantedLetter(models.Model):
    """Somebody asked never to be written to from a list again.

    Nobody's address stands here: ``mark`` is what :func:`matching.models.invitee.address_mark` makes of it. The row
    stays for good, since a list may be brought again after years.
    """

    mark = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
