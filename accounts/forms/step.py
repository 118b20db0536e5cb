"""What every question of the welcome has in common."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from accounts.actions.people import save_profile
from accounts.models import Profile, User

Words = str | Promise


class StepForm(forms.Form):
    """One question about a member; shown in the welcome and again on the profile.

    ``question`` is the page's heading, ``purpose`` says what the answer is for and ``seen_by`` who sees it.
    The subclass fills ``initial`` from a profile with :meth:`answers` and names in ``writes`` the profile's
    fields that it sets.
    """

    question: Words = ""
    purpose: Words = ""
    seen_by: Words = ""
    writes: ClassVar[tuple[str, ...]] = ()
    template: ClassVar[str] = "accounts/step.html"

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        self.profile = profile
        kwargs["initial"] = self.answers(profile) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    @classmethod
    def answers(cls, profile: Profile) -> dict[str, Any]:
        """The stored answers, by the form's field names."""
        return {name: getattr(profile, name) for name in cls.writes}

    def values(self) -> dict[str, Any]:
        """What to write on the profile, by its field names."""
        return {name: self.cleaned_data[name] for name in self.writes}

    def save(self, *, by: User) -> None:
        """Store the checked answers. May raise an error of the action; see the subclass."""
        values = self.values()
        for name, value in values.items():
            setattr(self.profile, name, value)
        save_profile(self.profile, by=by, fields=list(values))
