"""What a browser says of itself, in two words that its owner knows it by."""

import re

# The first that is found counts: browsers also call themselves by the names of those they descend from.
BROWSERS = {
    "Edge": r"Edg(A|iOS)?/",
    "Opera": r"OPR/",
    "Samsung Internet": r"SamsungBrowser/",
    "Firefox": r"(Firefox|FxiOS)/",
    "Chrome": r"(Chrome|CriOS)/",
    "Safari": r"Safari/",
}
SYSTEMS = {
    "Android": r"Android",
    "iPhone": r"iPhone",
    "iPad": r"iPad",
    "Windows": r"Windows",
    "Mac": r"Macintosh",
    "Chromebook": r"CrOS",
    "Linux": r"Linux",
}


def label_of(user_agent: str) -> str:
    """Browser and system in a word each, such as "Firefox, Android"; empty when neither is known."""
    found = []
    for names in (BROWSERS, SYSTEMS):
        found += [name for name, pattern in names.items() if re.search(pattern, user_agent)][:1]
    return ", ".join(found)
