"""What a browser says about itself when its member switches notifications on."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from matching.channels import push, vapid

AUTH_BYTES = 16
LONGEST = 1024
UNREADABLE = _("Your browser sent something we can't use. Please try again.")


class PushAddressForm(forms.Form):
    """The browser's subscription, filled in by its script."""

    endpoint = forms.CharField(max_length=LONGEST, error_messages={"required": UNREADABLE, "max_length": UNREADABLE})
    p256dh = forms.CharField(max_length=120, error_messages={"required": UNREADABLE, "max_length": UNREADABLE})
    auth = forms.CharField(max_length=40, error_messages={"required": UNREADABLE, "max_length": UNREADABLE})

    def clean_endpoint(self) -> str:
        """Only push services that are known."""
        endpoint: str = self.cleaned_data["endpoint"]
        if push.allowed_host(endpoint) is None:
            raise ValidationError(_("We do not know the push service of this browser, so we can't write to it."))
        return endpoint

    def clean_p256dh(self) -> str:
        """A point of the curve."""
        key: str = self.cleaned_data["p256dh"]
        if not vapid.is_device_key(key):
            raise ValidationError(UNREADABLE)
        return key

    def clean_auth(self) -> str:
        """Sixteen bytes."""
        auth: str = self.cleaned_data["auth"]
        try:
            length = len(vapid.decoded(auth))
        except ValueError:
            length = 0
        if length != AUTH_BYTES:
            raise ValidationError(UNREADABLE)
        return auth
