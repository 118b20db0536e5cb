"""The copy that a member takes, made to be read: the same values as in the JSON file, with words for every name.

Knows no table: it is given the values, and the words that each app has for its own.
"""

from accounts.copy.reading import Section, readable
from accounts.copy.words import NoWords, Vocabulary

__all__ = ["NoWords", "Section", "Vocabulary", "readable"]
