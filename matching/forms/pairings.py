"""What one of the two says about their pairing: how to be asked, that it ends, that something was not right."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import ReportKind
from accounts.templatetags.ui import HOURS_A_DAY, hour_name
from matching.models import STEPS, Cadence, CheckInPlan, EndReason

LONGEST_PAUSE = 366


def _hour(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        choices=lambda: [(number, hour_name(number)) for number in range(HOURS_A_DAY)],
        error_messages={"required": _("Choose an hour."), "invalid_choice": _("Choose an hour.")},
    )


class PlanForm(forms.Form):
    """How one is asked. Whether the sponsor is told of an "I need help" is asked of the person sponsored only."""

    cadence = forms.ChoiceField(
        label=_("How often should we ask you?"),
        choices=Cadence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often."), "invalid_choice": _("Choose one of these.")},
    )
    hour = _hour(_("At what time?"))
    quiet_begins = _hour(_("Write me nothing from"))
    quiet_ends = _hour(_("until"))
    paused_until = forms.DateField(
        label=_("Ask me nothing before"),
        required=False,
        error_messages={"invalid": _("There is no such date. Write it like 2027-03-31.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    help_sponsor = forms.BooleanField(label=_("When I answer “I need help”, tell my sponsor"), required=False)
    help_coordinator = forms.BooleanField(label=_("When I answer “I need help”, tell a coordinator"), required=False)
    flag_quiet = forms.BooleanField(
        label=_("When we hear of no contact for long, a coordinator may see that, and nothing else"),
        help_text=_("After a week, or after twice the time between our questions if that is longer."),
        required=False,
    )

    def __init__(self, *args: Any, plan: CheckInPlan, zone: str, sponsored: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(plan, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.today = clock.today(zone)
        if plan.paused_until is not None and plan.paused_until <= self.today:
            self.initial["paused_until"] = None
        if not sponsored:
            del self.fields["help_sponsor"]

    def clean_paused_until(self) -> date | None:
        until: date | None = self.cleaned_data["paused_until"]
        if until is None:
            return None
        if until <= self.today:
            raise ValidationError(_("This day is over. Choose a later one, or leave it empty."), code="past")
        if (until - self.today).days > LONGEST_PAUSE:
            raise ValidationError(_("Choose a day within a year."), code="too_far")
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {"help_sponsor": False, **cleaned}


class StepForm(forms.Form):
    """At which of the Twelve Steps the two are; 0 where they keep no count."""

    step = forms.TypedChoiceField(
        label=_("At which Step are you two?"),
        coerce=int,
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(str(one), _("Step %(number)s") % {"number": one}) for one in STEPS]
        self.fields["step"].choices = [("0", _("We keep no count here")), *numbers]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The end of a pairing. A reason is ready, so that one tap is enough; the other person never learns it."""

    reason = forms.ChoiceField(
        label=_("Why, if you like to say"),
        choices=EndReason.choices,
        initial=EndReason.UNSAID,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )
    not_again = forms.BooleanField(label=_("Don't bring us together again. Nobody is told."), required=False)


class ReportForm(forms.Form):
    """What was not right. No words: the safety coordinator asks, if the member wants to talk."""

    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=ReportKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes nearest."), "invalid_choice": _("Choose one of these.")},
    )
