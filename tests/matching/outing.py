"""Words that would tell somebody who sees a mail what it is about, in each language."""

import re

_WORDS = {
    "en": r"sponsor\w*|recover\w*|sober|sobriety|aa|na|anonymous|meetings?|12.step\w*|twelve.step\w*|steps?|addict\w*"
    r"|drink\w*|drugs?|alcohol\w*|newcomers?|fellowships?|clean|intergroups?|relapse\w*|home group",
    "es": r"apadrin\w*|padrin\w*|madrin\w*|patrocin\w*|recupera\w*|sobri\w*|aa|na|an[oó]nim\w*|reuni[oó]n(es)?|pasos?"
    r"|adic\w*|beb(er|ida|idas|ía)|drogas?|alcoh[oó]l\w*|reci[eé]n llegad\w*|confraternidad\w*|intergrup\w*"
    r"|reca[ií]d\w*|limpi[oa]s?|grupo base",
    "fr": r"parrain\w*|marrain\w*|r[eé]tabli\w*|sobre|sobri[eé]t\w*|abstinen\w*|aa|na|anonym\w*|r[eé]unions?|[eé]tapes?"
    r"|addict\w*|d[eé]pendan\w*|boire|boisson\w*|drogues?|alcool\w*|nouve(au|aux|lle|lles) (venu|personne)\w*"
    r"|fraternit[eé]s?|intergroupe\w*|rechut\w*|groupe d.attache",
}
# Whoever sees it may read any of the languages, and a word may have been forgotten in English.
_OUTING = {language: re.compile(rf"\b({words}|{_WORDS['en']})\b", re.IGNORECASE) for language, words in _WORDS.items()}


def outing(text: str, language: str = "en") -> list[str]:
    """The words of this text that give it away."""
    return [found[0] for found in _OUTING[language].finditer(text)]
