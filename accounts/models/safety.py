"""Guards between members: blocks, "not again", and reports."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.intergroup import Scope, intergroups_coordinated_by

if TYPE_CHECKING:
    from accounts.models.people import User


class BarKind(models.TextChoices):
    BLOCK = "block", _("Blocked")
    NOT_AGAIN = "not_again", _("Not again")


class Bar(models.Model):
    """Two people who must not be brought together (again). It works in both directions; only who made it ever sees it.

    One that is ``restored`` came back by itself with an account that was opened anew, and nobody sees it: it would tell
    that somebody is here again.
    """

    by = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="bars_made")
    other = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="bars_met")
    kind = models.CharField(max_length=10, choices=BarKind.choices)
    at = models.DateTimeField()
    restored = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "other"], name="bar_once"),
            models.CheckConstraint(condition=~Q(by=F("other")), name="bar_not_oneself"),
            models.CheckConstraint(condition=Q(kind__in=BarKind.values), name="bar_kind"),
        ]

    def __str__(self) -> str:
        return self.kind


class FormerBar(models.Model):
    """The same towards somebody who has left: kept by a keyed hash of how they could be reached, and by nothing else.

    ``member`` is who stayed. When an account with the same address or number appears, the bar is there again;
    ``by_them`` tells whether the one who left had made it. Neither side ever sees it.
    """

    member = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="former_bars")
    digest = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=10, choices=BarKind.choices)
    by_them = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "member"], name="former_bar_once"),
            models.CheckConstraint(condition=Q(kind__in=BarKind.values), name="former_bar_kind"),
        ]
        indexes = [models.Index(fields=["at"], name="former_bar_at")]

    def __str__(self) -> str:
        return self.kind


class ReportKind(models.TextChoices):
    PRESSURE = "pressure", _("Pressure, or unwanted attention")
    MONEY = "money", _("Asked for money or favours")
    UNSAFE = "unsafe", _("I felt unsafe")
    OTHER = "other", _("Something else")


class ReportQuerySet(models.QuerySet["Report"]):
    def open_for(self, user: "User | Any") -> "ReportQuerySet":
        """Those that nobody has looked into, of the intergroups where this member serves for safety.

        Never one that they made or that is about them: neither of the two of a pairing sees what was said of it.
        """
        seen = self.filter(settled_at__isnull=True, intergroup__in=intergroups_coordinated_by(user, Scope.SAFETY))
        return seen.exclude(Q(by=user.pk) | Q(about=user.pk))


class Report(models.Model):
    """A member's report about another. Coordinators see it, save those whom it concerns; ``settled_at`` is when one of
    them had looked into it."""

    by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="reports_made")
    about = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="reports_met")
    intergroup = models.ForeignKey("accounts.Intergroup", on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("about")), name="report_not_oneself"),
            models.CheckConstraint(condition=Q(kind__in=ReportKind.values), name="report_kind"),
        ]

    def __str__(self) -> str:
        return self.kind
