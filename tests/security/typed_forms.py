"""The forms of a page as a browser has them, read by ourselves: what can be typed, and what stands there."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SAMPLES = {
    "text": '<b>typed</b> & "wörds"',
    "textarea": "typed in\ntwo 'lines' & <more>",
    "email": "typed@example.org",
    "tel": "+1 555 010 4242",
    "number": "7",
    "date": "2031-05-06",
    "month": "2019-05",
    "time": "07:30",
    "url": "https://typed.example.org/",
    "search": "typed words",
}
"""What a test types into a field of each kind."""


@dataclass
class Field:
    name: str
    kind: str
    value: str
    ticked: bool = False


@dataclass
class Form:
    action: str
    fields: list[Field] = field(default_factory=list)

    @property
    def typed(self) -> list[Field]:
        """The fields that take words, numbers or days."""
        return [one for one in self.fields if one.kind in SAMPLES]

    def sent(self) -> dict[str, list[str]]:
        """What a browser sends once every one of those fields holds its sample."""
        found: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind in SAMPLES:
                found.setdefault(one.name, []).append(SAMPLES[one.kind])
            elif one.kind not in ("checkbox", "radio", "option") or one.ticked:
                found.setdefault(one.name, []).append(one.value)
        return found

    def shown(self) -> list[tuple[str, str, str, bool]]:
        """Each visible field with what stands in it."""
        return [(one.name, one.kind, one.value, one.ticked) for one in self.fields if one.kind != "hidden"]


class Forms(HTMLParser):
    """All forms of a page that are sent by POST, in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.form: Form | None = None
        self.select = ""
        self.area: Field | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and has.get("method", "").lower() == "post":
            self.form = Form(has.get("action", ""))
            self.found.append(self.form)
        if self.form is None:
            return
        if tag == "select":
            self.select = has.get("name", "")
        elif tag == "option":
            self.form.fields.append(Field(self.select, "option", has.get("value", ""), "selected" in has))
        elif tag == "textarea":
            self.area = Field(has["name"], "textarea", "")
            self.form.fields.append(self.area)
        elif tag == "input" and has.get("name"):
            kind = has.get("type", "text")
            bare = "on" if kind == "checkbox" else ""
            one = Field(has["name"], kind, has.get("value", bare), "checked" in has)
            self.form.fields.append(one)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            # A browser leaves out the line break with which Django begins every text area.
            self.area.value += data if self.area.value else data.removeprefix("\n")
