"""Compares the rows of one feed with each other: repeated meetings, and slugs used twice."""

from dataclasses import dataclass, field, replace
from datetime import time

from accounts.meeting_guide.feed import Entry, Note, Row
from accounts.meeting_guide.rows import SLUG_LENGTH, Draft
from accounts.meeting_guide.text import short_slug

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

_Occasion = tuple[str, int | None, time | None, str]


@dataclass(slots=True)
class Register:
    """Takes drafts in the order of the file. ``reserved`` holds every slug of it, which a made-up one never takes."""

    reserved: set[str]
    _occasions: dict[_Occasion, int] = field(default_factory=dict)
    _slugs: dict[str, tuple[Entry, int]] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def admit(self, draft: Draft) -> Row:
        """The finished row: its entries with unique slugs, without those that an earlier row already gave."""
        entries: list[Entry] = []
        repeats: list[str] = []
        for entry in draft.entries:
            repeated = self._repeated_row(entry, draft.whereabouts)
            if repeated is None:
                entries.append(self._with_own_slug(entry, draft))
            else:
                repeats.append(str(repeated))
        refusal = draft.refusal
        if repeats and not entries:
            refusal = Note("duplicate", repeats[0])
        elif repeats:
            draft.findings.mend("day_repeated", repeats[0])
        return Row(
            number=draft.number,
            label=draft.label,
            entries=tuple(entries),
            mends=() if refusal else tuple(draft.findings.mends),
            remarks=() if refusal else tuple(draft.findings.remarks),
            refusal=refusal,
        )

    def _repeated_row(self, entry: Entry, whereabouts: str) -> int | None:
        """The number of the row that says the same: name, day, time and place, or slug, name, day and time."""
        held, number = self._slugs.get(entry.slug, (None, 0))
        if held is not None and _occasion(held, "") == _occasion(entry, ""):
            return number
        return self._occasions.get(_occasion(entry, whereabouts))

    def _with_own_slug(self, entry: Entry, draft: Draft) -> Entry:
        _, holder = self._slugs.get(entry.slug, (None, None))
        if holder is not None:
            entry = replace(entry, slug=self._free_slug(entry))
            # The second day of one row also needs its own slug, but that is no news to anybody.
            if holder != draft.number:
                draft.findings.mend("slug_changed", entry.slug)
        self._slugs[entry.slug] = entry, draft.number
        self._occasions[_occasion(entry, draft.whereabouts)] = draft.number
        return entry

    def _free_slug(self, entry: Entry) -> str:
        """The slug with its day, then its time, then a number: the same in each run, so that a second run updates."""
        day = "" if entry.day is None else _DAYS[entry.day]
        with_day = short_slug(f"{entry.slug} {day}", SLUG_LENGTH)
        with_time = short_slug(f"{with_day} {entry.starts:%H%M}", SLUG_LENGTH) if entry.starts else with_day
        for slug in (with_day, with_time):
            if not self._is_used(slug):
                return slug
        while True:
            number = self._next[with_time] = self._next.get(with_time, 1) + 1
            slug = short_slug(f"{with_time} {number}", SLUG_LENGTH)
            if not self._is_used(slug):
                return slug

    def _is_used(self, slug: str) -> bool:
        return slug in self._slugs or slug in self.reserved


def _occasion(entry: Entry, whereabouts: str) -> _Occasion:
    return entry.name.casefold(), entry.day, entry.starts, whereabouts
