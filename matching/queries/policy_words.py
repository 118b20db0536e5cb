"""What was changed in an intergroup's settings, in the reader's words."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import CheckItem, Fellowship, MeetingFeed, PolicyChange, TextPlace
from matching.engine import DEFAULT_WEIGHTS
from matching.office_words import COMPONENTS
from matching.queries.policies import SETTINGS

Line = tuple[str, str, str]
Names = Mapping[str, str]
_OF_FELLOWSHIPS = {"fellowships", "minimum_days", "date_words"}


def in_words(change: PolicyChange, names: Names) -> list[Line]:
    """What was changed: (setting, before, after). ``names`` are those of fellowships by code and of meeting lists
    by id."""
    lines: list[Line] = []
    for name, before in change.before.items():
        after = change.after[name]
        if name in _WORDS:
            lines += _WORDS[name](before, after, names)
        else:
            lines.append((str(SETTINGS[name]), _value(before), _value(after)))
    return lines


def names_in(changes: Collection[PolicyChange]) -> Names:
    """The names that :func:`in_words` needs for these changes; two queries at most."""
    names: dict[str, str] = {}
    if any(_OF_FELLOWSHIPS & set(one.before) for one in changes):
        names |= {one.code: str(one) for one in Fellowship.objects.all()}
    lists = {side["meeting_feed"] for one in changes for side in (one.before, one.after) if "meeting_feed" in side}
    if lists:
        found = MeetingFeed.objects.filter(pk__in=lists - {None})
        names |= {str(pk): source for pk, source in found.values_list("pk", "source")}
    return names


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _checklist(before: list[str], after: list[str], _names: Names) -> Iterator[Line]:
    old, new = (", ".join(str(CheckItem(item).label) for item in items) or _("nothing") for items in (before, after))
    yield str(SETTINGS["checklist"]), old, new


def _weights(before: Mapping[str, int], after: Mapping[str, int], _names: Names) -> Iterator[Line]:
    usual = {component.value: points for component, points in DEFAULT_WEIGHTS.items()}
    old, new = {**usual, **before}, {**usual, **after}
    for component, words in COMPONENTS.items():
        if old[component.value] != new[component.value]:
            yield str(words), str(old[component.value]), str(new[component.value])


def _served(before: list[str], after: list[str], names: Names) -> Iterator[Line]:
    old, new = (", ".join(names.get(code, code) for code in codes) for codes in (before, after))
    yield _("Fellowships"), old, new


def _days(before: Mapping[str, int], after: Mapping[str, int], names: Names) -> Iterator[Line]:
    for code in sorted({*before, *after}):
        if before.get(code) != after.get(code):
            setting = _("%(fellowship)s, days before somebody may sponsor") % {"fellowship": names.get(code, code)}
            yield setting, _or_usual(before.get(code)), _or_usual(after.get(code))


def _date_words(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]], names: Names
) -> Iterator[Line]:
    for code in sorted({*before, *after}):
        for language, label in settings.LANGUAGES:
            old, new = before.get(code, {}).get(language), after.get(code, {}).get(language)
            if old != new:
                told = {"fellowship": names.get(code, code), "language": label}
                yield _("%(fellowship)s, name of the date (%(language)s)") % told, _or_usual(old), _or_usual(new)


def _texts(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]], _names: Names
) -> Iterator[Line]:
    for place in TextPlace:
        for language, label in settings.LANGUAGES:
            old, new = (texts.get(place.value, {}).get(language, "") for texts in (before, after))
            if old != new:
                yield f"{place.label} ({label})", old or _("nothing"), new or _("nothing")


def _numbers(before: list[dict[str, Any]], after: list[dict[str, Any]], _names: Names) -> Iterator[Line]:
    yield _("Local numbers"), _listed(before), _listed(after)


def _listed(lines: list[dict[str, Any]]) -> str:
    told = [f"{line['name']} {line['number']} ({line['reviewed']})" for line in lines]
    return ", ".join(told) or _("nothing")


def _feeds(before: str | None, after: str | None, names: Names) -> Iterator[Line]:
    old, new = (names.get(one, _("a list that is gone")) if one else _("nothing") for one in (before, after))
    yield _("Meeting list"), old, new


def _or_usual(value: Any) -> str:
    return _("as usual") if value is None else str(value)


_WORDS: dict[str, Callable[[Any, Any, Names], Iterator[Line]]] = {
    "weights": _weights,
    "checklist": _checklist,
    "fellowships": _served,
    "minimum_days": _days,
    "date_words": _date_words,
    "texts": _texts,
    "meeting_feed": _feeds,
    "crisis_lines": _numbers,
}
