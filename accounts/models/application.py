"""An application to sponsor: what was made sure of, by whom and when."""

from django.db import models
from django.db.models import Q

from accounts.models.checklist import CheckItem
from accounts.models.people import User
from accounts.models.sponsor import Sponsor


class ApplicationCheck(models.Model):
    """One item of the office's list, ticked by a coordinator, ``by``, who may have left since."""

    sponsor = models.ForeignKey(Sponsor, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=10, choices=CheckItem.choices)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sponsor", "item"], name="application_check_once"),
            models.CheckConstraint(condition=Q(item__in=CheckItem.values), name="application_check_item"),
        ]

    def __str__(self) -> str:
        return self.item
