"""Which notices a member wants, and on which channel."""

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.channels import AnyChannel
from matching.models import MAIL, NoticeKind

HELP: dict[NoticeKind, str | Promise] = {
    NoticeKind.CHECK_INS: _("Whether you two have been in touch. How often we ask, you choose on your shared page."),
    NoticeKind.NEWS: _("Who said yes, and what takes a little longer. You find the same here when you sign in."),
    NoticeKind.DATES: _("Yours, once you switched them on, and those of people who like you to know."),
}
"""What a kind is about: one line for each."""

Wish = tuple[NoticeKind, str]


def field_name(kind: NoticeKind, channel: str) -> str:
    """The name of a tick; a mail's is that of its kind."""
    return kind.value if channel == MAIL else f"{kind.value}_{channel}"


class NoticesForm(forms.Form):
    """One tick for each kind on each channel."""

    def __init__(self, *args: Any, channels: Collection[AnyChannel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels = channels
        for kind in NoticeKind:
            for channel in channels:
                name = field_name(kind, channel.name)
                self.fields[name] = forms.BooleanField(label=str(channel.label), required=False)

    def kinds(self) -> Iterator[dict[str, Any]]:
        """Each kind with its words and its ticks, for the page."""
        for kind in NoticeKind:
            ticks = [self[field_name(kind, channel.name)] for channel in self.channels]
            yield {"label": kind.label, "help": HELP[kind], "ticks": ticks}

    def wanted(self) -> set[Wish]:
        """What is ticked."""
        wishes = ((kind, channel.name) for kind in NoticeKind for channel in self.channels)
        return {(kind, name) for kind, name in wishes if self.cleaned_data[field_name(kind, name)]}
