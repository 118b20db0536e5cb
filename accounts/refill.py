"""Put what somebody typed back into the form of a page, as text: knows no Django and no form of ours.

The page is read with the standard library's parser and changed only where a control of that form stands; everything
else stays as it was, to the letter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urlsplit

Fields = Mapping[str, list[str]]
Attributes = list[tuple[str, str | None]]

# What a browser lets nobody set, what the page itself knows better by now, and what is pressed instead of typed.
_LEFT_ALONE = {"hidden", "file", "password", "submit", "button", "image", "reset"}
_TICKED = {"checkbox", "radio"}


@dataclass(frozen=True, slots=True)
class _Tag:
    """A start tag of the page, from its first to after its last character."""

    name: str
    attributes: Attributes
    start: int
    end: int

    def get(self, attribute: str) -> str:
        return dict(self.attributes).get(attribute) or ""

    def written(self, **changed: str | None) -> str:
        """The tag with some attributes set, or with ``None`` taken away."""
        kept = [(name, value) for name, value in self.attributes if name not in changed]
        kept += [(name, value) for name, value in changed.items() if value is not None]
        return f"<{self.name}{''.join(_attribute(name, value) for name, value in kept)}>"


def _attribute(name: str, value: str | None) -> str:
    return f" {name}" if value is None else f' {name}="{escape(value)}"'


@dataclass(slots=True)
class _Control:
    """A field: the tag that shows its value; a text area also where its text ends."""

    name: str
    tag: _Tag
    text_end: int = 0


@dataclass(slots=True)
class _Form:
    action: str
    controls: list[_Control] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    untyped: set[str] = field(default_factory=set)
    folded: list[_Tag] = field(default_factory=list)


class _Reader(HTMLParser):
    """Finds the forms of a page that are sent by POST, and where ``<main>`` begins."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.starts = [0, *accumulate(len(line) for line in page.split("\n"))]
        self.forms: list[_Form] = []
        self.main_end: int | None = None
        self._form: _Form | None = None
        self._select = ""
        self._details: list[_Tag] = []
        self.feed(page)
        self.close()

    def _place(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + line - 1 + column

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        start = self._place()
        found = _Tag(tag, attrs, start, start + len(self.get_starttag_text() or ""))
        if tag == "main":
            self.main_end = found.end
        elif tag == "details":
            self._details.append(found)
        elif tag == "form":
            self._begin(found)
        elif self._form is not None:
            self._control(found, self._form)

    def _begin(self, tag: _Tag) -> None:
        if tag.get("method").lower() == "post":
            self._form = _Form(tag.get("action"))
            self.forms.append(self._form)

    def _control(self, tag: _Tag, form: _Form) -> None:
        if tag.name == "select":
            self._select = tag.get("name")
        name = self._select if tag.name == "option" else tag.get("name")
        if not name:
            return
        form.names.add(name)
        if tag.name == "button" or tag.get("type").lower() in _LEFT_ALONE:
            form.untyped.add(name)
        elif tag.name in ("input", "textarea", "option"):
            form.controls.append(_Control(name, tag))
            form.folded += [one for one in self._details if one not in form.folded]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "details" and self._details:
            self._details.pop()
        elif tag == "textarea" and self._form is not None and self._form.controls:
            self._form.controls[-1].text_end = self._place()


@dataclass(frozen=True, slots=True)
class Refilled:
    """The page with the form filled in, and the values for which it has no place any more."""

    page: str
    left_over: list[str]
    main_end: int | None
    """After the tag that begins the page's main part; there a word about it may be put in."""


def refill(page: str, *, address: str, action: str, fields: Fields) -> Refilled:
    """Fill in the form on ``page`` that is sent to the path ``action``; the path ``address`` is the page's own.

    ``fields`` holds everything that was sent: a box that is not named there was not ticked. Where several forms are
    sent to the same address, the one that has most of these fields is filled in. Hidden fields keep the page's value,
    and of a form inside of something folded the folded is opened.
    """
    reader = _Reader(page)
    forms = [form for form in reader.forms if (urlsplit(form.action).path or address) == action]
    if not forms:
        return Refilled(page, _told(fields), reader.main_end)
    form = max(forms, key=lambda one: len(one.names & set(fields)))
    left = {name: list(values) for name, values in fields.items()}
    edits = [edit for control in form.controls for edit in _edits(page, control, left)]
    edits += [(tag.start, tag.end, tag.written(open="")) for tag in form.folded]
    left_over = _told({name: values for name, values in left.items() if name not in form.untyped})
    return Refilled(_edited(page, edits), left_over, reader.main_end)


def _told(fields: Fields) -> list[str]:
    return [value for values in fields.values() for value in values if value]


def _edits(page: str, control: _Control, left: dict[str, list[str]]) -> list[tuple[int, int, str]]:
    """What to write where for one control; takes what it shows out of ``left``."""
    tag, values = control.tag, left.get(control.name, [])
    if tag.name == "option" or tag.get("type").lower() in _TICKED:
        mark = "selected" if tag.name == "option" else "checked"
        value = dict(tag.attributes).get("value", "on") or ""
        chosen = value in values
        if chosen:
            values.remove(value)
        return [(tag.start, tag.end, tag.written(**{mark: "" if chosen else None}))]
    if not values:
        return []
    value = values.pop(0)
    if tag.name == "textarea":
        return [(tag.end, control.text_end or tag.end, "\n" + escape(value))]
    return [(tag.start, tag.end, tag.written(value=value))]


def _edited(page: str, edits: Iterable[tuple[int, int, str]]) -> str:
    parts, done = [], 0
    for start, end, text in sorted(edits):
        parts += [page[done:start], text]
        done = end
    return "".join([*parts, page[done:]])
