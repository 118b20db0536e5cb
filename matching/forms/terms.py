"""Who is to serve an office, for what and until when."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Coordinator, Scope
from matching.actions.terms import LONGEST_TERM

USUAL_TERM = timedelta(days=730)


class TermForm(forms.Form):
    """What a term covers, and its last day, from ``least`` to three years from ``today``."""

    scopes = forms.MultipleChoiceField(
        label=_("What they look after"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.AREA.value],
        error_messages={"required": _("Choose at least one.")},
    )
    ends_on = forms.DateField(
        label=_("Last day of the term"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day like 2027-01-31.")},
    )

    def __init__(self, *args: Any, today: date, least: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most = least or today, today + LONGEST_TERM
        self.fields["ends_on"].initial = self.initial.get("ends_on", today + USUAL_TERM)
        self.fields["ends_on"].widget.attrs |= {"min": self.least.isoformat(), "max": self.most.isoformat()}

    @classmethod
    def of(cls, term: Coordinator, data: Any = None, *, today: date) -> "TermForm":
        """The form of a term that runs."""
        initial = {"scopes": term.scopes, "ends_on": term.ends_on}
        return cls(data, today=today, least=term.ends_on, initial=initial, prefix=f"t{term.pk}")

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if not self.least <= day <= self.most:
            first, last = (formats.date_format(one, "DATE_FORMAT") for one in (self.least, self.most))
            raise ValidationError(gettext("Choose a day from %(first)s to %(last)s.") % {"first": first, "last": last})
        return day


class InviteForm(TermForm):
    """Whom to invite, and the language of the mail."""

    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("The one of their account here, if they have one. The mail does not say what it is about."),
        max_length=254,
        error_messages={
            "required": _("Write an e-mail address."),
            "invalid": _("This does not look like an e-mail address."),
        },
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    field_order = ["email", "language", "scopes", "ends_on"]
