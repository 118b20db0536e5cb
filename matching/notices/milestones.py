"""What a member, and a sponsor who was let in, hear on a day worth remembering: that it is one, and not which."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import MilestonePlan, NoticeKind, Pairing
from matching.notices.notice import LOOK, Facts, Ids, Notice

REMEMBER = _("A day worth remembering")


def _holding() -> QuerySet[MilestonePlan]:
    """Plans of members who have a date. The id alone says that it still is the date of then."""
    return MilestonePlan.objects.filter(
        member__profile__recovery_date__isnull=False, member__profile__fellowship=F("fellowship")
    )


def _let_in() -> QuerySet[MilestonePlan]:
    """Those whose member lets their sponsor in, with the pairing that lives."""
    live = Pairing.objects.live().filter(sponsee=OuterRef("member"), fellowship=OuterRef("fellowship"))
    return _holding().filter(sponsor_too=True).annotate(pairing=Subquery(live.values("pk")[:1]))


class _OfThePairing(Facts):
    """Only while it still is the pairing of then: whoever sponsors now may be somebody else."""

    def rows(self, ids: Sequence[Ids]) -> list[Any | None]:
        found = super().rows(ids)
        return [
            row if row is not None and str(row.pairing) == one["pairing"] else None
            for one, row in zip(ids, found, strict=True)
        ]


NOTICES: dict[str, Notice] = {
    "milestone": Notice(
        REMEMBER,
        _("Today is one of the days that you asked us to keep in mind. Your page says which."),
        LOOK,
        Facts("milestones", _holding, lambda plan: reverse("milestones")),
        NoticeKind.DATES,
    ),
    "milestone_of_other": Notice(
        REMEMBER,
        _("Somebody you know from here has a day worth remembering, and is glad if you know. A few words are enough."),
        LOOK,
        _OfThePairing("milestones", _let_in, lambda plan: reverse("pairing", args=[plan.pairing])),
        NoticeKind.DATES,
    ),
}
