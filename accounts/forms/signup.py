"""Sign-up: an e-mail address, a word on age, and the consents; nothing is stored about a minor."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions.people import open_account
from accounts.models import User


class SignupForm(forms.Form):
    """What allauth's sign-up form asks beside the e-mail address.

    The 18+ gate stands before the account: without the tick the form is refused and nothing is written.
    """

    adult = forms.BooleanField(
        label=_("I am 18 or older"),
        error_messages={
            "required": _("This is for people of 18 and older. If you are younger, see who can help you below.")
        },
    )
    agree_store = forms.BooleanField(
        label=_("You may keep what I enter, to find me a match. I can take this back and delete everything."),
        error_messages={"required": _("Without this we cannot keep anything, and so cannot look for a match.")},
    )
    agree_conduct = forms.BooleanField(
        label=_("I will treat people with respect, keep what they tell me to myself, and ask nothing of them."),
        error_messages={"required": _("Everybody here agrees to this before they can meet anybody.")},
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account row exists."""
        open_account(user, language=getattr(request, "LANGUAGE_CODE", "en"))
