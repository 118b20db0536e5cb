"""Milestones in the reader's words: what has been reached is named, and nothing else is said about it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.milestones import YEAR, Milestone


def name(milestone: Milestone) -> str:
    """ "24 hours", "30 days", "6 months", "2 years"."""
    if milestone.days == 1:
        return _("24 hours")
    if milestone.days:
        return ngettext("%(count)s day", "%(count)s days", milestone.days) % {"count": milestone.days}
    years, rest = divmod(milestone.months, YEAR)
    if rest:
        return ngettext("%(count)s month", "%(count)s months", milestone.months) % {"count": milestone.months}
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
