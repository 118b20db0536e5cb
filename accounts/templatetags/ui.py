"""Template tags of the interface: icons, navigation and the week (168 hours, Monday 00:00 first)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.browsers import label_of

register = template.Library()

HOURS_A_DAY = 24
HOURS_A_WEEK = 168
A_MONDAY = date(2024, 1, 1)

# The picture's grid, in units of its viewBox.
LABEL_WIDTH = 40
HOUR_WIDTH = 12
ROW_HEIGHT = 18
FOUR = 4
HEAD_HEIGHT = 20


@dataclass(frozen=True)
class Run:
    """Hours in a row on one day: `start` to `end`, both 0-24."""

    start: int
    end: int

    @property
    def words(self) -> str:
        return _("%(start)s to %(end)s") % {
            "start": hour_name(self.start),
            "end": hour_name(self.end % HOURS_A_DAY),
        }


def day_name(day: int) -> str:
    """The reader's word for day 0 (Monday) to 6."""
    return formats.date_format(A_MONDAY + timedelta(days=day), "l")


def day_letters(day: int) -> str:
    """Two or three letters for a narrow column, in the reader's language."""
    return formats.date_format(A_MONDAY + timedelta(days=day), "D").rstrip(".")


def hour_name(hour: int) -> str:
    """The start of hour 0 to 23 as the reader writes a time of day."""
    return formats.time_format(time(hour), "TIME_FORMAT")


def chosen_hours(value: object) -> frozenset[int]:
    """Hours 0-167 from what a form holds: 168 characters of 0 and 1, or a list of numbers.

    Whatever is not such an hour is left out: a refused form must still be shown again.
    """
    if isinstance(value, str) and len(value) == HOURS_A_WEEK:
        return frozenset(hour for hour, bit in enumerate(value) if bit == "1")
    if isinstance(value, str) or not isinstance(value, Iterable):
        return frozenset()
    texts = (str(item) for item in value)
    numbers = (int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 4)
    return frozenset(number for number in numbers if number < HOURS_A_WEEK)


def runs_of_day(hours: frozenset[int], day: int) -> list[Run]:
    """The chosen hours of one day, joined where they touch."""
    runs: list[Run] = []
    for hour in range(HOURS_A_DAY):
        if day * HOURS_A_DAY + hour not in hours:
            continue
        if runs and runs[-1].end == hour:
            runs[-1] = Run(runs[-1].start, hour + 1)
        else:
            runs.append(Run(hour, hour + 1))
    return runs


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture that says nothing by itself: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: template.Context, url_name: str, icon_name: str, label: str) -> dict[str, Any]:
    """One entry of the navigation; marked as current on its page and on the pages below it."""
    return {**current_link(context, url_name), "icon_name": icon_name, "label": label}


@register.inclusion_tag("components/tab_link.html", takes_context=True)
def tab_link(context: template.Context, url_name: str, label: str) -> dict[str, Any]:
    """One entry of a row of tabs; marked as current on its page and on the pages below it."""
    return {**current_link(context, url_name), "label": label}


def current_link(context: template.Context, url_name: str) -> dict[str, str]:
    """The address, and the value of aria-current: "page", "true" below it, or nothing."""
    url = reverse(url_name)
    request = context.get("request")
    path = request.path if request is not None else ""
    return {"url": url, "current": "page" if path == url else "true" if path.startswith(url) else ""}


@register.inclusion_tag("components/week_input.html")
def week_input(field: BoundField) -> dict[str, Any]:
    """A table of 168 check boxes named after the field, values 0 to 167."""
    chosen = chosen_hours(field.value())
    days = [{"number": day, "name": day_name(day), "letters": day_letters(day)} for day in range(7)]
    parts = []
    for label, first in ((_("Night"), 0), (_("Morning"), 6), (_("Afternoon"), 12), (_("Evening"), 18)):
        rows = [
            {
                "hour": hour,
                "name": hour_name(hour),
                "cells": [
                    {"value": day * HOURS_A_DAY + hour, "day": day, "checked": day * HOURS_A_DAY + hour in chosen}
                    for day in range(7)
                ],
            }
            for hour in range(first, first + 6)
        ]
        parts.append({"label": label, "rows": rows})
    return {"field": field, "days": days, "parts": parts, "count": len(chosen)}


@register.inclusion_tag("components/week_picture.html")
def week_picture(bits: str, zone: str, own: str = "", ident: str = "week", title: str = "") -> dict[str, Any]:
    """A drawing of a week and the same hours in words.

    `bits` (filled) and `own` (outlined, optional) are 168 characters of 0 and 1 in `zone`, the
    IANA name that is shown to the reader. `ident` must differ between two pictures of a page.
    """
    hours, own_hours = chosen_hours(bits), chosen_hours(own)
    rows = []
    for day in range(7):
        top = HEAD_HEIGHT + day * ROW_HEIGHT
        runs = runs_of_day(hours, day)
        rows.append(
            {
                "name": day_name(day),
                "letters": day_letters(day),
                "top": top,
                "baseline": top + ROW_HEIGHT - 5,
                "filled": [rectangle(run, inset=0) for run in runs],
                "outlined": [rectangle(run, inset=1) for run in runs_of_day(own_hours, day)],
                "runs": runs,
            }
        )
    marks = [{"x": LABEL_WIDTH + hour * HOUR_WIDTH, "name": hour_name(hour)} for hour in (0, 6, 12, 18)]
    return {
        "ident": ident,
        "title": title or _("Hours of the week"),
        "zone": zone.replace("_", " "),
        "rows": rows,
        "marks": marks,
        "count": len(hours),
        "has_own": bool(own),
        "left": LABEL_WIDTH,
        "inner_width": HOURS_A_DAY * HOUR_WIDTH,
        "width": LABEL_WIDTH + HOURS_A_DAY * HOUR_WIDTH,
        "bottom": HEAD_HEIGHT + 7 * ROW_HEIGHT,
        "row_height": ROW_HEIGHT - 3,
    }


def rectangle(run: Run, *, inset: int) -> dict[str, int]:
    """Left edge and width of a run in the picture; `inset` keeps an outline inside its row."""
    return {
        "x": LABEL_WIDTH + run.start * HOUR_WIDTH + inset,
        "width": (run.end - run.start) * HOUR_WIDTH - 2 * inset,
    }


register.filter("browser_name", label_of)


@register.filter
def in_fours(text: str) -> str:
    """Letters that somebody types from the page, four at a time: "ABCD EFGH"."""
    return " ".join(text[at : at + FOUR] for at in range(0, len(text), FOUR))


@register.filter(expects_localtime=True)
def weekday_and_day(when: date) -> str:
    """A day of these weeks, as people say it: "Thursday, November 26"."""
    return _("%(weekday)s, %(day)s") % {
        "weekday": formats.date_format(when, "l"),
        "day": formats.date_format(when, "MONTH_DAY_FORMAT"),
    }
