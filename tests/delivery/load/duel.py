"""Two who press a button at the same moment: the sponsor says yes, the newcomer takes the request back."""

import threading
import time

from matching.models import Offer
from tests.delivery.load.browser import Book, Browser
from tests.delivery.load.pages import Form, Page
from tests.delivery.load.people import Person, person
from tests.matching import story

ADDRESS = "198.51.100.7"


def fight(port: int, book: Book, seconds: float) -> None:
    """Pair after pair, for so long; each duel is over before the next begins."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        newcomer, sponsor = person("newcomer"), person("sponsor")
        offer = story.held_out(story.looking(newcomer.user), sponsor.user)
        both = threading.Barrier(2)
        threads = [
            threading.Thread(target=_press, args=(port, book, both, sponsor, f"/offers/{offer.pk}/", "/accept/")),
            threading.Thread(target=_press, args=(port, book, both, newcomer, "/request/", "/withdraw/")),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Offer.objects.filter(pk=offer.pk).exists()


def _press(port: int, book: Book, both: threading.Barrier, who: Person, path: str, button: str) -> None:
    browser = Browser(port, book, who.cookies, ADDRESS)
    found: list[Form] = [form for form in Page(browser.get(path)).forms if button in form.action]
    both.wait()
    for form in found:
        fields = [(one["name"], one.get("value", "")) for one in form.fields if one["type"] == "hidden"]
        browser.post(form.action, fields)
