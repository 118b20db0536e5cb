"""Bringing a list: the file, and what its columns are."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.list_words import COLUMNS, UNREADABLE
from matching.models.invitee import WishWord
from matching.sheet import Choice, Column, Order, Table, Unreadable, Wish, decode, order_of, read_table
from matching.sheet.cells import address_of
from matching.sheet.days import both_readings, looks_like_a_day
from matching.sheet.kept import Open

MOST_BYTES = 1024 * 1024
TOO_LARGE = _("This file is larger than one megabyte. Divide the list, and bring one part after the other.")
LOOKED_AT = 200
"""So many rows tell what a column is."""

ONCE = (Column.NAME, Column.SURNAME, Column.EMAIL, Column.WISH, Column.LANGUAGE, Column.SINCE)


class FileForm(forms.Form):
    """The file; once it is valid, ``table`` holds what stands in it."""

    file = forms.FileField(
        label=_("The list, as a CSV file"),
        help_text=_("One person a row, with an e-mail address. One megabyte at most."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )

    table: Table

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(str(TOO_LARGE))
        try:
            self.table = read_table(decode(file.read()))
        except Unreadable as error:
            raise ValidationError(str(UNREADABLE[error.why])) from error
        return file


class ColumnsForm(forms.Form):
    """What each column is, and what holds for the whole list; ``choice`` once it is valid."""

    wish = forms.ChoiceField(
        label=_("What are the people on this list there for?"),
        choices=[*WishWord.choices, ("", _("A column says it, person by person"))],
        widget=forms.RadioSelect,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"),
        help_text=_("Where no column says another one."),
        choices=settings.LANGUAGES,
    )
    order = forms.ChoiceField(label=_("How are days written on this list?"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, opened: Open, guessed: Sequence[Column] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened = opened
        self.chosen: dict[int, Column] = {}
        self._order: Order | None = None
        for place, title in enumerate(opened.titles):
            self.fields[self.name(place)] = forms.ChoiceField(
                label=title or gettext("Column %(number)s, without a title") % {"number": place + 1},
                choices=[(one.value, COLUMNS[one]) for one in (Column.NOTHING, *ONCE)],
                initial=guessed[place].value if guessed else "",
                required=False,
                help_text=", ".join(dict.fromkeys(opened.cells(place)[:3])),
            )
        self._ask_for_the_order()

    @staticmethod
    def name(place: int) -> str:
        """The field of a column."""
        return f"c{place}"

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields of the columns."""
        return [self[self.name(place)] for place in range(len(self.opened.titles))]

    def _ask_for_the_order(self) -> None:
        """Only if some column holds a day that could be two."""
        columns = (self.opened.cells(place) for place in range(len(self.opened.titles)))
        doubtful = (order_of(cells)[1] for cells in columns if any(map(looks_like_a_day, cells[:LOOKED_AT])))
        readings = next(((cell, both) for cell in doubtful if cell and (both := both_readings(cell))), None)
        if readings is None:
            del self.fields["order"]
            return
        field = self.fields["order"]
        assert isinstance(field, forms.ChoiceField)
        cell, days = readings
        field.choices = [
            (
                order.value,
                gettext("%(cell)s is %(day)s") % {"cell": cell, "day": formats.date_format(day, "DATE_FORMAT")},
            )
            for order, day in zip(Order, days, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = {place: Column(cleaned.get(self.name(place), "")) for place in range(len(self.opened.titles))}
        self.chosen = {place: column for place, column in chosen.items() if column}
        for column in ONCE:
            for place in [place for place, one in self.chosen.items() if one is column][1:]:
                self.add_error(self.name(place), _("This is chosen twice. Leave one of the two out."))
        if not self.errors:
            self._check_enough(cleaned)
        return cleaned

    def _check_enough(self, cleaned: dict[str, Any]) -> None:
        places = {column: place for place, column in self.chosen.items()}
        if Column.NAME not in places:
            raise ValidationError(_("Choose the column with the names."))
        in_names = any(address_of(cell)[0] for cell in self.opened.cells(places[Column.NAME]))
        if Column.EMAIL not in places and not in_names:
            raise ValidationError(_("Choose the column with the e-mail addresses. Nobody can be invited without one."))
        if Column.WISH not in places and not cleaned.get("wish"):
            self.add_error("wish", _("Choose what they are there for, or the column that says it."))
        if Column.SINCE in places:
            self._check_order(self.opened.cells(places[Column.SINCE]))

    def _check_order(self, cells: list[str]) -> None:
        shown, doubtful = order_of(cells)
        self._order = shown
        if doubtful:
            said = self.cleaned_data.get("order")
            self._order = Order(said) if said else None
            if self._order is None:
                self.add_error("order", _("Choose one of the two, so that no day is read wrongly."))

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        said = self.cleaned_data
        wish = Wish(said["wish"]) if said["wish"] else None
        return Choice(self.chosen, wish, said["language"], self._order)
