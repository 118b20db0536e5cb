"""Who a member is to others: the fellowship, the name, the date, the languages and the people they are at ease with."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.forms.step import StepForm
from accounts.forms.text import NameField, PlainTextField
from accounts.models import Comfort, Fellowship, Gender, Intergroup, Language, Profile
from accounts.models.people import EARLIEST_RECOVERY_DATE

UNSAID = "unsaid"
"""Not to say is a choice too, apart from not having chosen yet."""


class FellowshipForm(StepForm):
    """The office and the fellowship, as one choice: only what that office serves can be picked."""

    question = _("Where do you belong?")
    purpose = _("Your intergroup is the volunteers' office near you. We only introduce people of one fellowship.")
    seen_by = _("The coordinators of this intergroup, and the people you are introduced to.")
    writes = ("intergroup", "fellowship", "zone")

    place = forms.ChoiceField(
        label=_("Intergroup and fellowship"),
        error_messages={
            "required": _("Choose one."),
            "invalid_choice": _("We do not know this choice. Choose one of the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served = Prefetch("fellowships", Fellowship.objects.order_by("name"))
        self.offices = list(Intergroup.objects.prefetch_related(served))
        groups = [
            (
                office.name,
                [(f"{office.pk}-{fellowship.pk}", str(fellowship)) for fellowship in office.fellowships.all()],
            )
            for office in self.offices
        ]
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        if len(groups) == 1:
            field.widget = forms.RadioSelect()
            field.label = groups[0][0]
            field.choices = groups[0][1]
        else:
            field.choices = [("", gettext("Choose one")), *groups]

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        if profile.intergroup is None:
            return {"place": ""}
        # Whoever was invited by an office comes with it, and has yet to say in which fellowship they are.
        only = list(profile.intergroup.fellowships.all()[:2]) if profile.fellowship_id is None else []
        fellowship = only[0].pk if len(only) == 1 else profile.fellowship_id
        return {"place": f"{profile.intergroup_id}-{fellowship}"}

    def values(self) -> dict[str, Any]:
        office_id, fellowship_id = map(int, self.cleaned_data["place"].split("-"))
        office = next(office for office in self.offices if office.pk == office_id)
        values: dict[str, Any] = {
            "intergroup": office,
            "fellowship": next(one for one in office.fellowships.all() if one.pk == fellowship_id),
        }
        if self.profile.intergroup_id != office.pk:
            # The area and the home group are the other office's; its zone is the best first guess.
            values |= {"zone": office.zone, "area": None, "home_group": None}
        if not values["fellowship"].has_date:
            values["recovery_date"] = None
        return values


class NameForm(StepForm):
    question = _("What may people call you?")
    purpose = _("We never ask for your last name. A first name is enough, and it may be a nickname.")
    seen_by = _("The people you are introduced to, and your coordinators.")
    writes = ("first_name", "initial")

    first_name = NameField(
        label=_("First name"),
        max_length=40,
        error_messages={"required": _("Type a first name or a nickname.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "autocapitalize": "words"}),
    )
    initial_letter = PlainTextField(
        label=_("First letter of your last name"),
        help_text=_("It helps when two people share a first name."),
        max_length=3,
        required=False,
        error_messages={"max_length": _("One letter is enough.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short", "size": 3}),
    )

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        return {"first_name": profile.first_name, "initial_letter": profile.initial}

    def clean_initial_letter(self) -> str:
        letter: str = self.cleaned_data["initial_letter"].removesuffix(".")
        if letter and (len(letter) != 1 or not unicodedata.category(letter).startswith("L")):
            raise ValidationError(_("Type one letter, or leave it empty."), code="not_a_letter")
        # "ß" has no capital of one letter.
        return letter.upper() if len(letter.upper()) == 1 else letter

    def values(self) -> dict[str, Any]:
        return {"first_name": self.cleaned_data["first_name"], "initial": self.cleaned_data["initial_letter"]}


class DateForm(StepForm):
    """The recovery date, in the fellowship's own words; never asked where there is none."""

    purpose = _("It tells how long you have been in recovery. Leave it empty if you would rather not say.")
    seen_by = _(
        "Nobody sees the date. People see about how long, such as “over a year”. Your sponsor sees more only if you "
        "allow it."
    )
    writes = ("recovery_date",)

    recovery_date = forms.DateField(
        required=False,
        error_messages={"invalid": _("There is no such date. Write it like 2024-03-31.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": EARLIEST_RECOVERY_DATE.isoformat()}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.profile.date_name
        self.question = gettext("What is your %(date_name)s?") % {"date_name": name}
        self.fields["recovery_date"].label = name[:1].upper() + name[1:]
        self.fields["recovery_date"].widget.attrs["max"] = clock.today(self.profile.zone).isoformat()

    def clean_recovery_date(self) -> date | None:
        return checked_past_date(self.cleaned_data["recovery_date"], zone=self.profile.zone)


def checked_past_date(day: date | None, *, zone: str) -> date | None:
    """Refuse a day that is still to come in the member's zone, or before 1930."""
    if day is not None and day > clock.today(zone):
        raise ValidationError(_("This day is still to come. Give a day up to today."), code="future")
    if day is not None and day < EARLIEST_RECOVERY_DATE:
        raise ValidationError(_("This is before 1930. Look at the year again."), code="too_early")
    return day


class LanguagesForm(StepForm):
    question = _("Which languages can you talk in?")
    purpose = _("You will share at least one language with anybody you are introduced to.")
    seen_by = _("The people you are introduced to, and your coordinators.")
    writes = ("languages",)

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        help_text=_("You can tick several."),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one language."),
            "invalid_choice": _("We do not know this choice. Choose from the list."),
        },
    )

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        return {"languages": profile.languages or [profile.user.language]}


class PeopleForm(StepForm):
    """Gender and whom one is comfortable with; both sides are asked the same, and it works in both directions."""

    question = _("Whom would you be comfortable with?")
    purpose = _("Both people must be comfortable with each other. Nothing and nobody can override your answer.")
    seen_by = _("Nobody but your coordinators sees whom you ticked.")
    writes = ("gender", "comfortable_with")

    gender = forms.ChoiceField(
        label=_("I am a"),
        help_text=_("If you would rather not say, we only look among people who are comfortable with anyone."),
        choices=[*Gender.choices, (UNSAID, _("I would rather not say"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one. You may choose not to say."),
            "invalid_choice": _("We do not know this choice. Choose from the list."),
        },
    )
    comfortable_with = forms.MultipleChoiceField(
        label=_("I am comfortable with"),
        help_text=_("You can tick several."),
        choices=Comfort.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one. “Anyone” is an answer too."),
            "invalid_choice": _("We do not know this choice. Choose from the list."),
        },
    )

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        asked_before = bool(profile.comfortable_with)
        return {
            "gender": profile.gender or (UNSAID if asked_before else None),
            "comfortable_with": profile.comfortable_with,
        }

    def clean_gender(self) -> str:
        gender: str = self.cleaned_data["gender"]
        return "" if gender == UNSAID else gender

    def clean_comfortable_with(self) -> list[str]:
        ticked: list[str] = self.cleaned_data["comfortable_with"]
        if Comfort.ANYONE in ticked and len(ticked) > 1:
            # Whichever we took would be a guess about somebody's safety.
            raise ValidationError(
                _("You ticked “Anyone” and also a group. Keep one or the other."), code="contradiction"
            )
        return ticked
