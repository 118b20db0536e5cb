"""The words of one app's part of a copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

Label = str | Promise


class NoWords(LookupError):
    """Something is in the copy for which nobody has given a word."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``titles`` by the names of sections, ``labels`` by the names of fields, in whichever section they stand.

    ``choices`` are the words of values, by section and field; ``like`` names for a section another one whose words it
    shares.
    """

    titles: Mapping[str, Label]
    labels: Mapping[str, Label]
    choices: Mapping[tuple[str, str], Mapping[str, Label]] = field(default_factory=dict)
    like: Mapping[str, str] = field(default_factory=dict)

    def title(self, section: str) -> str:
        """Raises NoWords."""
        return _found(self.titles, section)

    def label(self, name: str) -> str:
        """Raises NoWords."""
        return _found(self.labels, name)

    def word(self, section: str, name: str, value: str) -> str:
        """The word for a value that is one of several; any other text as it is."""
        known = self.choices.get((self.like.get(section, section), name), {})
        return str(known.get(value, value))


def _found(words: Mapping[str, Label], name: str) -> str:
    if name not in words:
        raise NoWords(name)
    return str(words[name])
