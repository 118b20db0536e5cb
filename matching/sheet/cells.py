"""What stands in one cell: a name without its surname, an address, a wish, a language."""

import re
import unicodedata
from dataclasses import dataclass

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
PHONE = re.compile(
    r"(?:(?:tel|t[ée]l|phone|ph|cell|m[óo]vil|mob|c)\.?:?\s*)?[+(]{0,2}\d(?:[\s().\-/]*\d){5,14}", re.IGNORECASE
)
LONGEST_ADDRESS = 254
LONGEST_NAME = 40

_AROUND = re.compile(r"\s*(?:@|\(at\)|\[at\]|\s at \s)\s*", re.IGNORECASE)
_TITLES = {"mr", "mrs", "ms", "miss", "dr", "rev", "fr", "sr", "sra", "srta", "don", "dona", "m", "mme", "mlle"}
_PARTICLES = {"de", "la", "del", "los", "las", "van", "von", "der", "du", "des", "le", "da", "dos", "y", "e", "and"}
_APOSTROPHES = str.maketrans("`´’ʼ", "''''")

_NEWCOMER = re.compile(
    r"sponsee|newcomer|new ?comer|need|look|seek|want|search|\bnew\b"
    r"|busca|necesita|ahijad|reci[eé]n|nuev|quiere"
    r"|cherche|filleul|nouve|besoin|d[eé]sire",
    re.IGNORECASE,
)
_SPONSOR = re.compile(
    r"sponsor|available|willing|padrino|madrina|apadrin|disponible|parrain|marrain|\by(es)?\b|\bs[ií]\b|\boui\b|^x$",
    re.IGNORECASE,
)
_LANGUAGES = {
    "en": re.compile(r"\b(en|eng|english|ingl[eé]s|anglais)\b", re.IGNORECASE),
    "es": re.compile(r"\b(es|esp|spa|spanish|espa[nñ]ol|castellano|espagnol)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(fr|fra|fre|french|franc[eé]s|fran[cç]ais)\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A first name and an initial. ``cut`` tells that a surname was cut down to it, ``recased`` that the letters were
    all small or all capital."""

    first: str
    initial: str
    cut: bool
    recased: bool


def address_of(cell: str) -> tuple[str, bool]:
    """The e-mail address in a cell, in small letters, and whether anything had to be mended; empty without one."""
    found = ADDRESS.search(cell)
    mended = found is None
    if found is None:
        found = ADDRESS.search(_AROUND.sub("@", cell))
    if found is None:
        return "", False
    address = found[0].rstrip(".").lower()
    if len(address) > LONGEST_ADDRESS or ".." in address:
        return "", False
    return address, mended or found[0] != cell


def without_phone(cell: str) -> tuple[str, bool]:
    """A cell without the telephone number in it, and whether there was one."""
    bare = PHONE.sub(" ", cell)
    return " ".join(bare.split()), bare != cell


def name_of(cell: str, surname: str = "") -> Name | None:
    """A name as it may be kept: the first of its words, and the first letter of the last. None without a first name.

    "Last, First" is turned round; titles, nicknames in brackets and what is no letter are left out.
    """
    words = _words(cell)
    if len(words) > 1 and words[0] == "":
        return None
    if not words:
        return None
    first, others = words[0], words[1:]
    last = _words(surname)[-1:] or [word for word in others if word.casefold() not in _PARTICLES][-1:]
    initial = last[0][0] if last else ""
    recased = len(first) > 1 and (first.isupper() or first.islower())
    name = "-".join(part[:1].upper() + part[1:].lower() for part in first.split("-")) if recased else first
    upper = initial.upper()
    cut = len(others) > 1 or any(len(word) > 1 for word in (*others, *_words(surname)))
    return Name(name[:LONGEST_NAME], upper if len(upper) == 1 else initial, cut, recased)


def _words(cell: str) -> list[str]:
    """The words of a name, the first name first."""
    text = unicodedata.normalize("NFC", cell).translate(_APOSTROPHES)
    text = ADDRESS.sub(" ", re.sub(r"\([^)]*\)|\"[^\"]*\"|\[[^\]]*\]", " ", text))
    before, comma, after = text.partition(",")
    if comma and after.strip():
        text = f"{after} {before}"
    kept = "".join(one if one.isalpha() or unicodedata.combining(one) or one in "'-" else " " for one in text)
    words = [word.strip("'-") for word in kept.split()]
    found = [word for word in words if word]
    while len(found) > 1 and found[0].casefold() in _TITLES:
        del found[0]
    return found


def wish_of(cell: str) -> str | None:
    """Whether a cell says newcomer or sponsor, or None. Whoever needs a sponsor is none: those words go first."""
    if _NEWCOMER.search(cell):
        return "newcomer"
    return "sponsor" if _SPONSOR.search(cell.strip()) else None


def language_of(cell: str) -> str | None:
    """The first of our languages that a cell names."""
    places = {code: found.start() for code, words in _LANGUAGES.items() if (found := words.search(cell))}
    return min(places, key=lambda code: places[code]) if places else None
