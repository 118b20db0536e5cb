"""What a member agreed to: one row for each consent, with the wording's version, withdrawable."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ConsentKind(models.TextChoices):
    STORE = "store", _("Keeping what I enter, to find a match")
    CONDUCT = "conduct", _("The code of conduct")
    CONTACT = "contact", _("Showing my contact details to the person I am paired with")


class Consent(models.Model):
    """A given consent. ``version`` names the wording the member saw; ``withdrawn_at`` ends it."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], condition=Q(withdrawn_at__isnull=True), name="consent_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consent_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"
