"""The engine's keys in the coordinators' words. What a member keeps private has one sentence for every cause."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.engine import Component, Rule

Words = str | Promise

RULE_MET: Mapping[Rule, Words] = {
    Rule.FELLOWSHIP: _("Same fellowship"),
    Rule.ACTIVE: _("Both take part at present"),
    Rule.OFFERS: _("Offers to sponsor"),
    Rule.APPROVED: _("Approved as a sponsor"),
    Rule.CONFIRMED: _("Confirmed lately"),
    Rule.PAUSED: _("Not paused"),
    Rule.BARRED: _("Nothing stands between them"),
    Rule.GENDER: _("Each is comfortable with the other's gender"),
    Rule.LANGUAGE: _("A shared language"),
    Rule.NEEDS: _("Needs can be met, both ways"),
    Rule.SEATS: _("A seat is held for this offer"),
    Rule.MINIMUM_TIME: _("Has the time that the fellowship asks for"),
    Rule.HAS_SPONSOR: _("The sponsor has a sponsor"),
    Rule.STEPS: _("Has worked the Steps that you ask for"),
    Rule.WAY_TO_MEET: _("A way to meet that suits both"),
    Rule.DISTANCE: _("Near enough for both"),
    Rule.HOURS: _("At least one shared hour a week"),
    Rule.CHAIN: _("Not in each other's line of sponsorship"),
}

# A pause, a new date, a block: who coordinates learns that it won't work now, and not which of them it is.
_UNAVAILABLE = _("Not available at present")

RULE_BROKEN: Mapping[Rule, Words] = {
    Rule.FELLOWSHIP: _("Another fellowship"),
    Rule.ACTIVE: _UNAVAILABLE,
    Rule.OFFERS: _UNAVAILABLE,
    Rule.APPROVED: _("Not approved as a sponsor yet"),
    Rule.CONFIRMED: _UNAVAILABLE,
    Rule.PAUSED: _UNAVAILABLE,
    Rule.BARRED: _UNAVAILABLE,
    Rule.GENDER: _("Not both comfortable with the other's gender"),
    Rule.LANGUAGE: _("No shared language"),
    Rule.NEEDS: _("A need that can't be met"),
    Rule.SEATS: _("All seats are taken"),
    Rule.MINIMUM_TIME: _UNAVAILABLE,
    Rule.HAS_SPONSOR: _UNAVAILABLE,
    Rule.STEPS: _UNAVAILABLE,
    Rule.WAY_TO_MEET: _("No way to meet that suits both"),
    Rule.DISTANCE: _("Too far apart to meet in person"),
    Rule.HOURS: _("No shared hour in the week"),
    Rule.CHAIN: _UNAVAILABLE,
}

LISTABLE = frozenset(rule for rule, words in RULE_BROKEN.items() if words is not _UNAVAILABLE) - {Rule.FELLOWSHIP}
"""The rules of which a coordinator may see whom they exclude."""

COMPONENTS: Mapping[Component, Words] = {
    Component.AVAILABILITY: _("Hours both are free"),
    Component.ENGAGEMENT: _("Confirms and answers in time"),
    Component.EXPERIENCE: _("Shared experience"),
    Component.NEARNESS: _("Nearness"),
    Component.HOME_GROUP: _("Shared meetings"),
    Component.APPROACH: _("Approach"),
    Component.FREE_SEATS: _("Free seats"),
    Component.RECOVERY: _("Recovery time and Steps"),
}

RECOVERY_BANDS: Mapping[str, Words] = {
    "under_1_year": _("Under a year"),
    "1_to_2_years": _("One to two years"),
    "2_to_5_years": _("Two to five years"),
    "5_to_10_years": _("Five to ten years"),
    "over_10_years": _("Over ten years"),
}

WAITING_BANDS: Mapping[str, Words] = {
    "under_3_days": _("Under 3 days"),
    "3_to_13_days": _("3 to 13 days"),
    "14_to_29_days": _("14 to 29 days"),
    "30_days_and_more": _("30 days and more"),
    "unknown": _("Not known"),
}


@dataclass(frozen=True)
class Reason:
    """Why not, in words; ``count`` sponsors for whom it is the first that applies, and ``rule`` by whose name they can
    be listed: empty where nobody may be."""

    words: str
    count: int = 0
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.words} ({self.count})" if self.count else self.words


def counted(by_rule: Mapping[str, int]) -> list[Reason]:
    """Counts by rule in words, most first; rules that share their words are added up."""
    added: dict[str, int] = {}
    names: dict[str, str] = {}
    for rule, count in by_rule.items():
        words = str(RULE_BROKEN[Rule(rule)])
        added[words] = added.get(words, 0) + count
        names[words] = str(rule) if Rule(rule) in LISTABLE else ""
    found = sorted(added.items(), key=lambda one: (-one[1], one[0]))
    return [Reason(words, count, names[words]) for words, count in found]


NO_CONTACT: Words = _("No contact heard of so far")
CONTACT_SPANS: tuple[tuple[int | None, Words], ...] = (
    (3, _("Last contact heard of: 3 days ago or less")),
    (7, _("Last contact heard of: 4 to 7 days ago")),
    (None, _("Last contact heard of: more than 7 days ago")),
)
"""(at most so many whole days ago, in words), the first that fits; a coordinator learns no more than this."""
