"""Which notices a member wants."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.models import NoticeKind


class NoticesForm(forms.Form):
    """One tick for each kind."""

    check_ins = forms.BooleanField(
        label=_("Short questions, now and then"),
        help_text=_("Whether you two have been in touch. How often we ask, you choose on your shared page."),
        required=False,
    )
    news = forms.BooleanField(
        label=_("News that needs no answer"),
        help_text=_("Who said yes, and what takes a little longer. You find the same here when you sign in."),
        required=False,
    )

    dates = forms.BooleanField(
        label=_("Days worth remembering"),
        help_text=_("Yours, once you switched them on, and those of people who like you to know."),
        required=False,
    )

    def wanted(self) -> set[NoticeKind]:
        """The kinds that are ticked."""
        return {kind for kind in NoticeKind if self.cleaned_data[kind.value]}
