"""The newcomer ranks the people suggested."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.queries.requests import Card

PREFIX = "rank-"

PLACES = (
    (0, gettext_lazy("Not now")),
    (1, gettext_lazy("First choice")),
    (2, gettext_lazy("Second choice")),
    (3, gettext_lazy("Third choice")),
)


CHOOSE = gettext_lazy("Choose a place, or “Not now”.")


class RankForm(forms.Form):
    """One place for each person suggested: first, second, third, or not now. No place twice, and at least one.

    Fields are named after the people, so that a page that was open for long never means somebody else.
    """

    def __init__(self, *args: Any, cards: Iterable[Card], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = list(cards)
        for card in self.cards:
            self.fields[_name(card)] = forms.TypedChoiceField(
                label=_("Your choice about %(name)s") % {"name": card.name},
                choices=PLACES[: len(self.cards) + 1],
                coerce=int,
                error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
            )

    @property
    def is_stale(self) -> bool:
        """Whether the answer speaks of somebody who is not suggested any more."""
        return any(name.startswith(PREFIX) and name not in self.fields for name in self.data)

    def rows(self) -> list[tuple[Card, forms.BoundField]]:
        """Each person with the question about them."""
        return [(card, self[_name(card)]) for card in self.cards]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[int, str] = {}
        for card in self.cards:
            place = cleaned.get(_name(card))
            if place in taken:
                error = _("%(name)s has this place already. Give each person a place of their own.")
                self.add_error(_name(card), error % {"name": taken[place]})
            elif place:
                taken[place] = card.name
        if not taken and not self.errors:
            raise ValidationError(_("Choose at least one person, or come back later."), code="nobody")
        return cleaned

    def chosen(self) -> list[UUID]:
        """The sponsors with a place in a valid form, first choice first; gaps between places do not matter."""
        placed = [(self.cleaned_data[_name(card)], card.source.sponsor_id) for card in self.cards]
        return [key for _place, key in sorted(one for one in placed if one[0])]


def _name(card: Card) -> str:
    return f"{PREFIX}{card.source.sponsor_id}"
