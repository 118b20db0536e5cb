"""How a member would meet: the ways, the place, the home group, the hours, the approach and the needs."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions.people import MovedOften
from accounts.forms.step import StepForm
from accounts.forms.text import PlainTextField
from accounts.forms.zones import is_zone, zone_choices
from accounts.models import Approach, Area, Experience, Meeting, Mode, Need, Profile, User, Week
from accounts.models.week import HOURS

UNKNOWN_CHOICE = _("We do not know this choice. Choose from the list.")
KM_A_MILE = 1.609344
DISTANCES = (5, 10, 20, 40, 80)
MOST_EXPERIENCES = 5


def distance_words(km: int) -> str:
    """A limit as both halves of the world read it: "Up to 10 km (6 miles)"."""
    return gettext("Up to %(km)s km (%(miles)s miles)") % {"km": km, "miles": round(km / KM_A_MILE)}


class PlaceForm(StepForm):
    """A question about a place, which cannot be changed all the time; ``place`` is the field."""

    place: ClassVar[str]

    def save(self, *, by: User) -> None:
        """Raises ValidationError when the place was changed too often of late."""
        try:
            super().save(by=by)
        except MovedOften as error:
            message = gettext("You have changed this several times lately. From %(day)s on you can change it again.")
            day = formats.date_format(error.again_on, "DATE_FORMAT")
            raise ValidationError({self.place: message % {"day": day}}) from error


class MeetingForm(PlaceForm):
    question = _("How would you like to meet?")
    purpose = _("You need one way in common. An area is a whole district; we never ask for your street address.")
    seen_by = _(
        "Your coordinators. The people you are introduced to see a rough distance, or that it is the same area as "
        "theirs."
    )
    writes = ("modes", "area", "max_km")
    place = "area"

    modes = forms.MultipleChoiceField(
        label=_("Ways to meet"),
        help_text=_("You can tick several."),
        choices=Mode.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one way to meet."), "invalid_choice": UNKNOWN_CHOICE},
    )
    area = forms.ModelChoiceField(
        label=_("Your area"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("I would rather not say"),
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )
    max_km = forms.TypedChoiceField(
        label=_("How far would you go?"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, distance = self.fields["area"], self.fields["max_km"]
        assert isinstance(area, forms.ModelChoiceField)
        assert isinstance(distance, forms.ChoiceField)
        area.queryset = Area.objects.filter(intergroup=self.profile.intergroup)
        kept = [self.profile.max_km] if self.profile.max_km else []
        distance.choices = [
            ("", gettext("Any distance")),
            *((km, distance_words(km)) for km in sorted({*DISTANCES, *kept})),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("max_km") and not cleaned.get("area") and "area" not in self.errors:
            self.add_error(
                "area", ValidationError(_("Choose your area, so that we can tell how far it is."), code="needed")
            )
        return cleaned


class HomeGroupForm(PlaceForm):
    """The home group, among the meetings that a search has found or the one already chosen."""

    question = _("Do you have a home group?")
    purpose = _("People who share a meeting see each other anyway. You can leave this out.")
    seen_by = _("Your coordinators, and the people you are introduced to when you share it.")
    writes = ("home_group",)
    place = "home_group"
    template = "accounts/home_group.html"

    home_group = forms.ModelChoiceField(
        label=_("Home group"),
        queryset=Meeting.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("This meeting is no longer on the list. Search again.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["home_group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Meeting.objects.filter(
            intergroup=self.profile.intergroup, fellowship=self.profile.fellowship, active=True
        )


class MeetingSearchForm(forms.Form):
    """Words of a meeting's name."""

    q = PlainTextField(
        label=_("Name of the meeting"),
        max_length=80,
        error_messages={"required": _("Type a word of the name.")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


class HoursField(forms.MultipleChoiceField):
    """Ticked hours 0 to 167 as a :class:`Week`; at least one."""

    def __init__(self, **kwargs: Any) -> None:
        hours = [(str(hour), str(hour)) for hour in range(HOURS)]
        super().__init__(choices=hours, widget=forms.CheckboxSelectMultiple, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Week) else value

    def clean(self, value: Any) -> Week:
        return Week.of(int(hour) for hour in super().clean(value))


class WeekForm(StepForm):
    question = _("When are you usually free?")
    purpose = _("Two people need at least one hour a week in common. Mark more than you need: it helps.")
    seen_by = _("The people you are introduced to see only the hours you share.")
    writes = ("zone", "week")
    template = "accounts/week.html"

    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The hours below are in this zone."),
        error_messages={"required": _("Choose your time zone.")},
    )
    hours = HoursField(
        label=_("Hours when you are free"),
        error_messages={
            "required": _("Mark at least one hour. Nobody can meet you in a week without an hour."),
            "invalid_choice": _("One of these is no hour of a week. Mark your hours again."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.profile.intergroup
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = zone_choices(self.profile.zone, *([office.zone] if office else []))
        zone.error_messages["invalid_choice"] = gettext("We do not know this time zone. Choose one of the list.")

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        return {"zone": profile.zone, "hours": profile.week}

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if not is_zone(zone):
            raise ValidationError(self.fields["zone"].error_messages["invalid_choice"], code="invalid_choice")
        return zone

    def values(self) -> dict[str, Any]:
        return {"zone": self.cleaned_data["zone"], "week": self.cleaned_data["hours"]}


class ApproachForm(StepForm):
    """Spiritual or secular, and up to five experiences, ranked by picking a first, a second and so on."""

    question = _("What would help you feel understood?")
    purpose = _("These are wishes, not rules. We look for people who share them, the first one most.")
    seen_by = _("Your coordinators. A person you are introduced to sees only what you two share.")
    writes = ("approach", "experiences")

    approach = forms.ChoiceField(
        label=_("Approach"),
        choices=[*Approach.choices, ("", _("Either is fine"))],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ranks = (gettext("First"), gettext("Second"), gettext("Third"), gettext("Fourth"), gettext("Fifth"))
        for place, rank in enumerate(ranks):
            self.fields[f"experience_{place}"] = forms.ChoiceField(
                label=gettext("%(rank)s in importance") % {"rank": rank},
                choices=[("", gettext("Nothing")), *Experience.choices],
                required=False,
                error_messages={"invalid_choice": UNKNOWN_CHOICE},
            )

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        ranked = {f"experience_{place}": tag for place, tag in enumerate(profile.experiences[:MOST_EXPERIENCES])}
        return {"approach": profile.approach, **ranked}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for place in range(MOST_EXPERIENCES):
            tag = cleaned.get(f"experience_{place}")
            if tag and tag in seen:
                self.add_error(f"experience_{place}", ValidationError(_("You already chose this above."), code="twice"))
            elif tag:
                seen.add(tag)
        return cleaned

    def values(self) -> dict[str, Any]:
        ranked = (self.cleaned_data[f"experience_{place}"] for place in range(MOST_EXPERIENCES))
        return {"approach": self.cleaned_data["approach"], "experiences": [tag for tag in ranked if tag]}


class NeedsForm(StepForm):
    question = _("Is there anything you need?")
    purpose = _("If you need it, we only look for people who can do it. Leave all empty if nothing applies.")
    seen_by = _("Your coordinators, and the person you are paired with.")
    writes = ("needs", "can_meet")

    needs = forms.MultipleChoiceField(
        label=_("I need"),
        choices=Need.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )
    can_meet = forms.MultipleChoiceField(
        label=_("I can do this for others"),
        choices=Need.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )
