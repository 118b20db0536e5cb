"""What brings a member here: looking, sponsoring, and how a partner may reach them."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.actions.people import TooManySeatsTaken, apply_to_sponsor, save_contact, save_profile
from accounts.forms.step import StepForm
from accounts.forms.text import PlainTextField
from accounts.forms.who import checked_past_date
from accounts.models import Contact, Profile, Sponsor, User
from accounts.models.sponsor import MOST_SEATS

STEPS = 12
_PHONE = re.compile(r"\+?[0-9 ().\-/]{5,24}(?:(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)


class WhyForm(StepForm):
    question = _("What brings you here?")
    purpose = _("You can change this later, and somebody who sponsors can have a sponsor too.")
    seen_by = _("Your coordinators.")
    writes = ("looking",)

    looking = forms.TypedChoiceField(
        label=_("I am here because"),
        choices=[("yes", _("I look for a sponsor")), ("no", _("I would like to sponsor"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the two."),
            "invalid_choice": _("We do not know this choice. Choose one of the two."),
        },
    )

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        return {"looking": "yes" if profile.looking else "no"}


class MonthField(forms.DateField):
    """A month, as the first of it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "placeholder": "2019-05"})
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d", "%m/%Y"], widget=widget, **kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        return None if day is None else day.replace(day=1)


class SponsorForm(StepForm):
    """Seats, Steps and the own sponsor; in a fellowship without a date also the month of joining."""

    question = _("How would you sponsor?")
    purpose = _("A coordinator reads this before anybody is introduced to you. You say yes or no to each person.")
    seen_by = _("Your coordinators. Nobody else sees how many people you sponsor.")

    seats = forms.TypedChoiceField(
        label=_("How many people would you sponsor at a time?"),
        help_text=_("Most people sponsor one or two."),
        choices=[(number, str(number)) for number in range(1, MOST_SEATS + 1)],
        coerce=int,
        error_messages={
            "required": _("Choose a number from 1 to 8."),
            "invalid_choice": _("Choose a number from 1 to 8."),
        },
    )
    steps_worked = forms.TypedChoiceField(
        label=_("How many of the Steps have you worked?"),
        choices=[("", _("Choose")), *((number, str(number)) for number in range(STEPS, -1, -1))],
        coerce=int,
        error_messages={
            "required": _("Choose a number from 0 to 12."),
            "invalid_choice": _("Choose a number from 0 to 12."),
        },
    )
    has_own_sponsor = forms.TypedChoiceField(
        label=_("Do you have a sponsor yourself?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
    )
    program_since = MonthField(
        label=_("In which month did you join?"),
        help_text=_("Your fellowship counts from here. Write it like 2019-05."),
        error_messages={
            "required": _("Give the month you joined, like 2019-05."),
            "invalid": _("There is no such month. Write it like 2019-05."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fellowship = self.profile.fellowship
        if fellowship is None or fellowship.has_date:
            del self.fields["program_since"]

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        side = Sponsor.objects.filter(pk=profile.pk).first()
        if side is None:
            return {"seats": 2, "program_since": profile.program_since}
        return {
            "seats": side.seats_chosen,
            "steps_worked": side.steps_worked,
            "has_own_sponsor": "yes" if side.has_own_sponsor else "no",
            "program_since": profile.program_since,
        }

    def clean_program_since(self) -> date | None:
        return checked_past_date(self.cleaned_data["program_since"], zone=self.profile.zone)

    def save(self, *, by: User) -> None:
        """Store the sponsor's side. Raises ValidationError for seats below those taken, and then stores nothing."""
        answers = dict(self.cleaned_data)
        since = answers.pop("program_since", None)
        with transaction.atomic():
            try:
                apply_to_sponsor(by, **answers)
            except TooManySeatsTaken as error:
                raise ValidationError(
                    {"seats": _("You sponsor more people than this already. Keep the seats, or end a pairing first.")}
                ) from error
            if since is not None:
                self.profile.program_since = since
                save_profile(self.profile, by=by, fields=["program_since"])


class ContactForm(StepForm):
    """A phone number, an address, or both; saving is the consent to show them to one's partner."""

    question = _("How can the person you are paired with reach you?")
    purpose = _(
        "A phone number or an e-mail address is enough. We do not use them ourselves. Saving them means that you agree "
        "to show them to those who are named here."
    )
    seen_by = _(
        "Only the person you are paired with, and only after both of you, and a coordinator where needed, said yes. "
        "A coordinator too if you ask to talk to a volunteer, until you have talked."
    )

    phone = PlainTextField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        error_messages={
            "invalid": _("This is no e-mail address. Look for a missing @ or a space."),
            "max_length": _("This is too long for an e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    hint = PlainTextField(
        label=_("Anything they should know"),
        help_text=_("For example: text first, or not before noon."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "email"):
            self.fields[name].one_will_do = True  # type: ignore[attr-defined]

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        contact = Contact.objects.filter(pk=profile.pk).first()
        if contact is None:
            return {}
        return {"phone": contact.phone, "email": contact.email, "hint": contact.hint}

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not (_PHONE.fullmatch(phone) and sum(map(str.isdigit, phone)) >= 5):
            raise ValidationError(gettext("Use digits, spaces and + only, like +1 555 010 0000."), code="not_a_phone")
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("phone") or cleaned.get("email")):
            raise ValidationError(_("Give a phone number or an e-mail address, so that they can reach you."))
        return cleaned

    def save(self, *, by: User) -> None:
        contact = Contact(user=by, **{name: self.cleaned_data[name] for name in ("phone", "email", "hint")})
        save_contact(contact, by=by)


class PauseForm(forms.Form):
    """Until when a sponsor takes no new people."""

    until = forms.DateField(
        label=_("Pause until"),
        error_messages={
            "required": _("Choose a day. You can come back earlier."),
            "invalid": _("There is no such date. Write it like 2027-03-31."),
        },
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        self.today = clock.today(zone)
        super().__init__(*args, **kwargs)

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise ValidationError(_("This day is over. Choose a day from tomorrow on."), code="past")
        if (until - self.today).days > 366:
            raise ValidationError(_("Choose a day within a year. You can pause again."), code="too_far")
        return until
