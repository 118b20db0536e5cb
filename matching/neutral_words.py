"""Words that must not stand in what the site sends or says, in each language: for the texts that offices add."""

import re

_OUTING = {
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
_GIVES_AWAY = {
    language: re.compile(rf"\b({words}|{_OUTING['en']})\b", re.IGNORECASE) for language, words in _OUTING.items()
}
UNKIND = {
    "en": "relapse failure failed addict alcoholic dirty missed streak client patient non-compliant".split(),
    "es": "recaída fracaso fallaste adicto adicta alcohólico alcohólica cliente paciente".split(),
    "fr": "rechute échec toxicomane alcoolique client patient sevré".split(),
}
"""Words that blame or label; whatever begins with one of them counts too."""

# Names of fellowships and of the things fellowships say of themselves are theirs to choose.
_NAMES = re.compile(r"alcoholics anonymous", re.IGNORECASE)


def outing(text: str, language: str = "en") -> list[str]:
    """The words that would tell somebody who sees a mail what it is about."""
    return [found[0] for found in _GIVES_AWAY[language].finditer(text)]


def unkind(text: str, language: str) -> list[str]:
    """The words that blame or label; names of fellowships are none."""
    plain = _NAMES.sub("", text)
    return [word for word in UNKIND[language] if re.search(rf"\b{re.escape(word)}", plain, re.IGNORECASE)]
