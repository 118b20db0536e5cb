"""A list of people that a coordinator brings from a spreadsheet, between the upload and the invitations."""

import json
import uuid
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts import clock
from accounts.models import Intergroup, SealedTextField, User
from matching.sheet import Column

KEPT_FOR = timedelta(hours=24)


class ListStage(models.TextChoices):
    """How far a list has come: its columns are asked for, it was looked through, its people are being invited."""

    COLUMNS = "columns"
    CHECKED = "checked"
    INVITING = "inviting"


class OfficeListQuerySet(models.QuerySet["OfficeList"]):
    def kept(self) -> "OfficeListQuerySet":
        """Those that are not a day old; the older ones wait for their deletion, and nobody reads them any more."""
        return self.filter(made_at__gt=clock.now() - KEPT_FOR)


class OfficeList(models.Model):
    """A coordinator's list for an office, theirs alone and for a day at most.

    ``content`` is JSON, sealed with the coordinator's key: first the rows of all columns but those that are never kept,
    then the people who were read from the chosen columns and nothing else. ``done`` of ``total`` people are invited.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    stage = models.CharField(max_length=10, choices=ListStage.choices, default=ListStage.COLUMNS)
    content = SealedTextField(owner="made_by_id")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    objects = OfficeListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intergroup", "made_by"], name="office_list_one_each"),
            models.CheckConstraint(condition=Q(stage__in=ListStage.values), name="office_list_stage"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="office_list_done_of_total"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def read(self) -> dict[str, Any]:
        """What is in it."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    def write(self, content: dict[str, Any]) -> None:
        """Put something else in its place; not saved yet."""
        self.content = json.dumps(content, ensure_ascii=False, separators=(",", ":"))


class ColumnHabit(models.Model):
    """How an office's lists are laid out: what it said of each column, by a keyed hash of the column's title.

    A hash, as a row of data that was taken for a header would hold somebody's name.
    """

    intergroup = models.OneToOneField(Intergroup, on_delete=models.CASCADE, primary_key=True, related_name="+")
    columns = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(columns={}), name="column_habit_says_something"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def said(self) -> dict[str, Column]:
        """What each title was taken for, by its hash."""
        return {title: Column(column) for title, column in self.columns.items()}
