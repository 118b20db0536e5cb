"""Which kinds of notice a member does not want, on which channel."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.models.outbox import MAIL


class NoticeKind(models.TextChoices):
    """The kinds that a member may switch off. What somebody waits for, or must know, is of no kind and always sent."""

    CHECK_INS = "check_ins", _("Short questions, now and then")
    NEWS = "news", _("News that needs no answer")
    DATES = "dates", _("Days worth remembering")


class UnwantedNotice(models.Model):
    """One kind that a member does not want on one channel. Without a row everything is sent. ``since`` is UTC."""

    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="unwanted_notices")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    channel = models.CharField(max_length=20, default=MAIL, db_default=MAIL)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "channel"], name="unwanted_notice_once"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="unwanted_notice_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.kind}"
