"""How much it would take to guess a password, told by what is on this machine alone. Pure: knows no table, no network.

A password is taken apart in the way that makes it cheapest: into words of the list of 20,000 breached passwords that
Django brings along, with what people write in place of letters undone; into rows of the keyboard, of the alphabet or of
digits; into years; into what was there before once more; into what anybody can know of the account or of the field;
and else character by character. Each piece costs what somebody needs who tries the common ones first (after Wheeler,
"zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016). The list alone would be of little use: 48 of
its entries are as long as a password has to be here, while many of that length are short ones put together.
"""

import gzip
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from itertools import pairwise
from math import log2
from pathlib import Path

from django.contrib.auth import password_validation

SHORTEST, LONGEST = 15, 128
"""In characters. NIST SP 800-63B-4 asks for 15 where a password stands alone, and for no rule of what is in it."""
ENOUGH = 40.0
"""In bits: 2 to this power tries. With ten tries in a minute, as many as all members together may make, it is the list
of common ones that matters; with a stolen table it is the price of Argon2 times this."""

_LEAST_WORD, _MOST_WORD, _LEAST_ROW = 3, 24, 3
_CHARACTER, _DIGIT, _YEAR = 5.0, log2(10), log2(120)
"""What one character costs that belongs to nothing: as one of 32, since people choose few of those there are."""
_OF_THE_FIELD = {
    *("onedayatatime", "easydoesit", "letgoandletgod", "keepcomingback", "firstthingsfirst", "thistooshallpass"),
    *("recovery", "sobriety", "serenity", "anonymous", "twelvesteps", "higherpower", "sponsor"),
    *("sóloporhoy", "soloporhoy", "serenidad", "sobriedad", "padrino", "unjouralafois", "unjouràlafois", "sérénité"),
}
_INSTEAD = str.maketrans("@4301!|$57€", "aaeoiiisste")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "qwertzuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_STEPS = {step for row in _ROWS for step in (*pairwise(row), *pairwise(row[::-1]))}


def plain(password: str) -> str:
    """The one form of a password in which it is kept and compared, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def bits(password: str, known: Collection[str] = ()) -> float:
    """The cost of guessing it, in bits; ``known`` are words of the account and of the site, which cost next to nothing.

    At most LONGEST characters are looked at.
    """
    # Between words almost everybody puts the same.
    text = "".join(plain(password).casefold()[:LONGEST].split())
    words = {word.casefold() for word in known if len(word) >= _LEAST_WORD} | _OF_THE_FIELD
    best = [0.0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        best[end] = min(best[begin] + cost for begin, cost in _pieces(text, end, words))
    return best[-1]


def _pieces(text: str, end: int, known: Collection[str]) -> Iterator[tuple[int, float]]:
    """Where a piece that ends here may begin, and what it costs."""
    yield end - 1, _DIGIT if text[end - 1].isdecimal() else _CHARACTER
    if text[max(0, end - 4) : end - 2] in ("19", "20") and text[end - 4 : end].isdecimal():
        yield end - 4, _YEAR
    yield from _words(text, end, known)
    yield from _row(text, end)
    yield from _again(text, end)


def _words(text: str, end: int, known: Collection[str]) -> Iterator[tuple[int, float]]:
    ranks = _ranks()
    for begin in range(max(0, end - _MOST_WORD), end - _LEAST_WORD + 1):
        piece = text[begin:end]
        for form, more in ((piece, 0.0), (piece.translate(_INSTEAD), 1.0), (piece[::-1], 1.0)):
            if form in known:
                yield begin, 1.0 + more
            elif (rank := ranks.get(form)) is not None:
                yield begin, log2(rank + 2) + more


def _row(text: str, end: int) -> Iterator[tuple[int, float]]:
    """Neighbours on a keyboard or in an order, and one character many times over."""
    begin = end - 1
    while begin > 0 and ((text[begin - 1], text[begin]) in _STEPS or text[begin - 1] == text[begin]):
        begin -= 1
        if end - begin >= _LEAST_ROW:
            yield begin, _CHARACTER + log2(end - begin)


def _again(text: str, end: int) -> Iterator[tuple[int, float]]:
    """What stands right before, once more; and what has stood anywhere before."""
    for begin in range(max(0, end - LONGEST // 2), end - 1):
        if text[begin:end] in text[:begin]:
            yield begin, log2(begin + 1)
            return


@cache
def _ranks() -> dict[str, int]:
    """The words of the list, the most common first."""
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found: dict[str, int] = {}
        for rank, line in enumerate(file):
            if len(word := line.strip()) >= _LEAST_WORD:
                found.setdefault(word, rank)
        return found
