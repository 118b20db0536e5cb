"""Erasure asks once more, since it cannot be undone."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """One tick, so that a slip of the finger deletes nothing."""

    sure = forms.BooleanField(
        label=_("Yes, delete everything"),
        error_messages={"required": _("Tick the box if you are sure. Nothing has been deleted.")},
    )
