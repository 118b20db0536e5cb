"""The kinds of sponsors that are sought, in words that fit any number of them."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Gender, Language, Need
from matching.engine import Sought
from matching.words import listed

Words = str | Promise

HOURS: Mapping[str, Words] = {
    "weekday_evenings": gettext_lazy("with weekday evenings free"),
    "weekends": gettext_lazy("with weekends free"),
    "weekday_mornings": gettext_lazy("with weekday mornings free"),
    "weekday_afternoons": gettext_lazy("with weekday afternoons free"),
}

AT_EASE_WITH: Mapping[str, Words] = {
    Gender.WOMAN: gettext_lazy("at ease with women"),
    Gender.MAN: gettext_lazy("at ease with men"),
    Gender.NONBINARY: gettext_lazy("at ease with non-binary people"),
    "anyone": gettext_lazy("at ease with people of any gender"),
}

WHO: Mapping[str, Callable[[int], str]] = {
    "": lambda number: ngettext("%(count)s person", "%(count)s people", number),
    Gender.WOMAN: lambda number: ngettext("%(count)s woman", "%(count)s women", number),
    Gender.MAN: lambda number: ngettext("%(count)s man", "%(count)s men", number),
    Gender.NONBINARY: lambda number: ngettext("%(count)s non-binary person", "%(count)s non-binary people", number),
}


def in_words(kind: Sought, number: int, *, fellowship: str = "", area: str = "") -> str:
    """So many sponsors of a kind, with all that is asked of them.

    Args:
        fellowship: Its name, where the office has several. area: The name of the kind's area.
    """
    return ", ".join([*_openly(kind, number, fellowship), *_closely(kind, area)])


def openly_in_words(kind: Sought, number: int, *, fellowship: str = "") -> str:
    """The same for a page that anybody may read: without the place, the needs, and whom they should be at ease with."""
    return ", ".join(_openly(kind, number, fellowship))


def _openly(kind: Sought, number: int, fellowship: str) -> list[str]:
    language = _("speaking %(language)s") % {"language": listed(Language, [kind.language])}
    who = WHO[kind.gender](number) % {"count": number}
    return [*([fellowship] if fellowship else []), who, language, str(HOURS[kind.hours])]


def _closely(kind: Sought, area: str) -> list[str]:
    near = _("also to meet in person near %(area)s") % {"area": area}
    place = near if kind.area is not None else _("by phone, video or text")
    needs = [_("with room for: %(needs)s") % {"needs": listed(Need, kind.needs)}] if kind.needs else []
    return [place, str(AT_EASE_WITH[kind.at_ease_with]), *needs]
