"""In which time zone to read one's own free hours, as somebody elsewhere would."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms.zones import zone_name

# The whole list stands on the page already and weighs 4 KB packed; a big place for each clock is enough to compare.
PLACES = (
    *("Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Phoenix", "America/Denver"),
    *("America/Chicago", "America/Mexico_City", "America/Bogota", "America/New_York", "America/Toronto"),
    *("America/Halifax", "America/Santiago", "America/St_Johns", "America/Sao_Paulo", "America/Buenos_Aires"),
    *("Atlantic/Azores", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Madrid"),
    *("Europe/Berlin", "Africa/Lagos", "Africa/Johannesburg", "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul"),
    *("Africa/Nairobi", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok"),
    *("Asia/Shanghai", "Asia/Singapore", "Australia/Perth", "Asia/Tokyo", "Australia/Adelaide"),
    *("Australia/Brisbane", "Australia/Sydney", "Pacific/Auckland", "UTC"),
)


class ElsewhereForm(forms.Form):
    """Stands below the week and is sent along with it, by a button of its own; nothing of it is stored."""

    elsewhere = forms.ChoiceField(
        label=_("Time zone to compare with"),
        widget=forms.Select(attrs={"form": "answer"}),
        error_messages={
            "required": _("Choose your time zone."),
            "invalid_choice": _("We do not know this time zone. Choose one of the list."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, first: str) -> None:
        super().__init__(data, initial={"elsewhere": first})
        field = self.fields["elsewhere"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(zone, zone_name(zone)) for zone in dict.fromkeys((first, *PLACES))]
