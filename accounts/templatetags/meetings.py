"""Words about meetings."""

from django import template

from accounts.templatetags.ui import day_name

register = template.Library()


@register.filter
def weekday(day: int) -> str:
    """The reader's word for a meeting's day, where Sunday is 0."""
    return day_name((day - 1) % 7)
