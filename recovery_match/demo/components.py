"""What the page of all components shows: each of them with something to show, in every state it has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.safestring import mark_safe

from accounts import clock
from accounts.models.week import Week

EVENINGS = str(Week.of(day * 24 + hour for day in range(5) for hour in (18, 19, 20)))
TUESDAYS = str(Week.of(24 + hour for hour in (17, 18, 19)))
CHART = (
    '<svg class="chart" role="img" viewBox="0 0 200 40" aria-labelledby="chart-title chart-desc">'
    '<title id="chart-title">Calls in two weeks</title><desc id="chart-desc">Three, then five.</desc>'
    '<rect class="chart__bar" x="0" y="4" width="90" height="12"/>'
    '<rect class="chart__bar" x="0" y="24" width="150" height="12"/></svg>'
)


class EveryFieldForm(forms.Form):
    """One field of each kind that the site uses."""

    first_name = forms.CharField(label="First name", help_text="As you are called in meetings.")
    note = forms.CharField(label="A first note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    day = forms.DateField(label="Which day", widget=forms.DateInput(attrs={"type": "date"}))
    zone = forms.ChoiceField(label="Time zone", choices=[("ny", "New York"), ("la", "Los Angeles")])
    who = forms.ChoiceField(label="One of these", choices=[("a", "Phone"), ("b", "Video")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(
        label="Several of these",
        choices=[("en", "English"), ("es", "Español"), ("fr", "Français")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label="I will treat people with respect")
    hours = forms.CharField(label="Hours you are free", required=False)


@dataclass(frozen=True)
class Step:
    """A step of the timeline; ``until`` is aware."""

    title: str
    state: str
    text: str = ""
    until: Any = None


def tabs() -> list[dict[str, Any]]:
    """Three tabs, the second of them open."""
    names = (("All", 12, False), ("To review", 3, True), ("Quiet pairs", 0, False))
    return [{"label": label, "url": "#tabs", "count": count, "current": current} for label, count, current in names]


def pages() -> Page[int]:
    """The second page of three."""
    return Paginator(range(70), 25).page(2)


def steps() -> Iterator[Step]:
    """What was, what is, and what comes."""
    yield Step("You asked for a sponsor", "done", "On Monday.")
    yield Step(
        "Ruth B. has been asked", "now", "If she can't, we ask Maria G. next.", clock.now() + timedelta(hours=20)
    )
    yield Step("A coordinator looks at it", "next")


def context() -> dict[str, Any]:
    """Everything that the page's template shows."""
    return {
        "form": EveryFieldForm(initial={"hours": EVENINGS, "several": ["en"], "who": "a"}),
        "refused": EveryFieldForm({"refused-day": "yesterday", "refused-who": "b"}, prefix="refused"),
        "evenings": EVENINGS,
        "tuesdays": TUESDAYS,
        "zone": "America/New_York",
        "headers": ["Week", "Calls"],
        "rows": [["This week", "5"], ["Last week", "3"]],
        "chart": mark_safe(CHART),  # noqa: S308  # nosec B308, B703 - a constant of this file
        "tabs": tabs(),
        "page_of_three": pages(),
        "steps": list(steps()),
        "office": {"name": "Riverside Intergroup"},
        "local": [
            {
                "name": "Night line",
                "number": "555 0100",
                "tel": "5550100",
                "by_text": True,
                "source": "their own page",
                "reviewed": clock.today("UTC"),
            }
        ],
        "contact": {"phone": "+1 555 010 0001", "email": "ruth@demo.example", "hint": "Evenings are best."},
        "reasons": ["You are both free on Tuesday evenings.", "She goes to the same Monday meeting."],
        "tones": ["", "good", "waits", "alert"],
        "kinds": ["primary", "", "quiet", "danger"],
        "colours": [
            "paper",
            "surface",
            "sunk",
            "line",
            "line-strong",
            "ink",
            "quiet",
            "primary",
            "primary-strong",
            "primary-wash",
            "ember",
            "ember-wash",
            "good",
            "good-wash",
            "alert",
            "alert-wash",
        ],
        "sizes": ["small", "", "1", "2", "3", "4", "5"],
    }
