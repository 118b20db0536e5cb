"""Which column is what: by the words above it in English, Spanish and French, and by what stands in it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from matching.sheet.cells import PHONE, address_of, language_of, wish_of
from matching.sheet.days import looks_like_a_day


class Column(StrEnum):
    """What a column of a list is taken for; everything else is left out."""

    NAME = "name"
    SURNAME = "surname"
    EMAIL = "email"
    WISH = "wish"
    LANGUAGE = "language"
    SINCE = "since"
    NOTHING = ""


# What an office may have written down and we never keep, whoever would like us to.
_PRIVATE = re.compile(
    r"addres|adress|street|city|\bzip|postal|postcode|birth|\bdob\b|\bage\b|sober|sobriety|clean|substance|drug|diagnos"
    r"|medic|employ|photo|notes?\b|comment|remark|last drink|dry date|recovery date|anniversar"
    r"|direcci|domicilio|calle|ciudad|codigo postal|nacim|\bedad\b|sobri|limpi|sustancia|droga|medicament|empleo"
    r"|\bfoto|\bnotas?\b|comentario|observaci|aniversario"
    r"|\brue\b|ville|naissance|abstinen"
    r"|drogue|employeur|remarque|commentaire"
)
_MAIL = r"e-?mail|\bmail|correo|courriel|electronique|electronico|messagerie"

_WORDS: Mapping[Column, re.Pattern[str]] = {
    Column.EMAIL: re.compile(_MAIL),
    Column.SURNAME: re.compile(r"last ?name|surname|family name|last initial|apellido|nom de famille|inicial"),
    Column.WISH: re.compile(
        r"role|sponsor|looking|wants?\b|wish|busca|\brol\b|padrin|madrin|apadrin|cherche|parrain|marrain"
    ),
    Column.LANGUAGE: re.compile(r"langu|idioma|lengua"),
    Column.SINCE: re.compile(
        r"\bdate|since|added|joined|asked|signed up|fecha|desde|\balta\b|depuis|inscri|ajoute|\bday\b|timestamp"
    ),
    Column.NAME: re.compile(r"name|\bwho\b|member|contact|nombre|quien|miembro|contacto|prenom|\bnom\b|\bqui\b|membre"),
}
_PHONE_WORDS = re.compile(r"phone|\btel|\bcell|mobile|movil|celular|portable")
_NOT_IN_A_HEADER = re.compile(r"@|\d{3}")
_MOSTLY = 0.6


def folded(text: str) -> str:
    """Small letters without accents, for comparing words."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


def is_private(title: str) -> bool:
    """Whether the words above a column say that it holds what is never kept."""
    words = folded(title)
    return bool(_PRIVATE.search(words)) and not re.search(_MAIL, words)


def _known(title: str) -> bool:
    words = folded(title)
    return any(pattern.search(words) for pattern in (*_WORDS.values(), _PRIVATE, _PHONE_WORDS))


def looks_like_a_header(cells: Sequence[str]) -> bool:
    """Whether a row names what stands below: no data in it, and at least two words that lists use."""
    said = [cell for cell in cells if cell]
    if any(_NOT_IN_A_HEADER.search(cell) or len(cell) > 60 for cell in said):
        return False
    # A title such as "Sponsor list" stands alone in its row.
    return sum(map(_known, said)) >= min(2, len(cells)) and (len(said) > 1 or len(cells) == 1)


def guess(header: Sequence[str], rows: Sequence[Sequence[str]], before: Mapping[str, str]) -> list[Column]:
    """What each column is: as the office said the last time (``before``, by :func:`folded` title), by its title, or
    by what stands in it. Each kind is given once, to the first column that it fits best."""
    inside = [[row[at] for row in rows if row[at]] for at in range(len(header))]
    found: list[Column] = []
    for title, cells in zip(header, inside, strict=True):
        column = _by_title(title, before)
        found.append(column if column not in found and _holds(column, title, cells, before) else Column.NOTHING)
    for at, (title, cells) in enumerate(zip(header, inside, strict=True)):
        column = _by_content(cells)
        if found[at] is Column.NOTHING and column not in found and not _said_no(title, before):
            found[at] = column
    return found


def _holds(column: Column, title: str, cells: Sequence[str], before: Mapping[str, str]) -> bool:
    """Whether a title is borne out: a column of telephone numbers that is called "Contact" holds no names."""
    return folded(title) in before or column not in _INSIDE or not cells or _mostly(_INSIDE[column], cells)


def _said_no(title: str, before: Mapping[str, str]) -> bool:
    return is_private(title) or before.get(folded(title)) == Column.NOTHING.value


def _by_title(title: str, before: Mapping[str, str]) -> Column:
    words = folded(title)
    if words in before:
        return Column(before[words])
    if not words or is_private(title):
        return Column.NOTHING
    return next((column for column, pattern in _WORDS.items() if pattern.search(words)), Column.NOTHING)


_INSIDE: Mapping[Column, Callable[[str], bool]] = {
    Column.EMAIL: lambda cell: bool(address_of(cell)[0]),
    Column.SINCE: looks_like_a_day,
    Column.WISH: lambda cell: wish_of(cell) is not None,
    Column.LANGUAGE: lambda cell: language_of(cell) is not None,
    Column.NAME: lambda cell: bool(re.search(r"[^\W\d_]{2}", PHONE.sub("", cell))) and len(cell) < 60,
}


def _by_content(cells: Sequence[str]) -> Column:
    """What most of these cells look like."""
    return next((column for column, fits in _INSIDE.items() if cells and _mostly(fits, cells)), Column.NOTHING)


def _mostly(fits: Callable[[str], bool], cells: Sequence[str]) -> bool:
    return sum(map(fits, cells)) > _MOSTLY * len(cells)
