"""What a page offers to whoever reads it: its links, its forms, and how somebody might fill one in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from random import Random

Attributes = dict[str, str]
WORDS = "Thank you, that suits me. Any evening after six."
TICKED = 0.9
PRESSED = ("submit", "image")


@dataclass(slots=True)
class Form:
    """A form: ``fields`` in the order of the page, each with what its element says; ``options`` of its selects."""

    action: str
    post: bool
    fields: list[Attributes] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, dice: Random) -> list[tuple[str, str]]:
        """Names and values that somebody might send, by chance."""
        said: dict[str, str] = {}
        several: list[tuple[str, str]] = []
        buttons = [one for one in self.fields if one["type"] in PRESSED]
        for one in self.fields:
            name, kind = one["name"], one["type"]
            if kind == "radio" and (name not in said or dice.random() < 0.5):
                said[name] = one.get("value", "on")
            elif kind == "checkbox" and dice.random() < TICKED:
                several.append((name, one.get("value", "on")))
            elif kind not in (*PRESSED, "radio", "checkbox", "file", "button"):
                said[name] = self._value(one, dice)
        if buttons and (pressed := dice.choice(buttons))["name"]:
            said[pressed["name"]] = pressed.get("value", "")
        return [(name, value) for name, value in (*said.items(), *several) if name]

    def _value(self, one: Attributes, dice: Random) -> str:
        kind, given = one["type"], one.get("value", "")
        if kind == "hidden":
            return given
        if kind == "select":
            return dice.choice(self.options[one["name"]] or [""])
        if kind == "date" and not given:
            return (datetime.now(UTC) + timedelta(days=dice.randint(1, 40))).date().isoformat()
        if kind == "number":
            return str(dice.randint(int(float(one.get("min") or 0)), int(float(one.get("max") or 9))))
        return given or (WORDS if kind == "textarea" else "")


class Page(HTMLParser):
    """A page that was read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href", "").startswith("/"):
            self.links.append(said["href"].partition("#")[0])
        elif tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "").lower() == "post")
            self.forms.append(self._form)
        elif self._form is not None:
            self._inside(self._form, tag, said)

    def _inside(self, form: Form, tag: str, said: Attributes) -> None:
        kinds = {"input": said.get("type", "text"), "button": said.get("type", "submit")}
        kinds |= {"select": "select", "textarea": "textarea"}
        if tag == "option":
            form.options[self._select].append(said.get("value", ""))
        elif tag in kinds and "disabled" not in said:
            form.fields.append({"name": "", **said, "type": kinds[tag]})
            if tag == "select":
                self._select = said.get("name", "")
                form.options[self._select] = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
