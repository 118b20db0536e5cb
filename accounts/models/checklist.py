"""What an office makes sure of before somebody may sponsor: its own choice of items, ticked one by one."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckItem(models.TextChoices):
    """What somebody of the office has made sure of."""

    SPONSOR = "sponsor", _("They have a sponsor of their own")
    STEPS = "steps", _("They have worked the Steps that you ask for")
    CONDUCT = "conduct", _("They have read the code of conduct")
    TALK = "talk", _("A coordinator has talked with them")
    KNOWN = "known", _("Somebody of the office knows them from meetings")


def usual_checklist() -> list[str]:
    """What an office begins with."""
    return [one.value for one in (CheckItem.SPONSOR, CheckItem.STEPS, CheckItem.CONDUCT, CheckItem.TALK)]


def checklist_field() -> Any:
    """A column of items; an office may ask for none."""
    return ArrayField(models.CharField(max_length=10, choices=CheckItem.choices), default=usual_checklist, blank=True)
