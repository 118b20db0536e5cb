"""Who was erased, told to nobody: so that whoever restores a backup erases them again."""

from django.db import models

from accounts import clock


class Erasure(models.Model):
    """One erasure. ``mark`` is a keyed hash of the member's id: it is recognised, and tells nothing by itself."""

    mark = models.BinaryField(primary_key=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return "erasure"
