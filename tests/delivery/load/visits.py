"""What somebody does in one visit: a page to begin with, then by chance a form of it or a link, a few times."""

import re
from collections.abc import Sequence
from random import Random

from tests.delivery.load.browser import Browser
from tests.delivery.load.pages import Form, Page
from tests.delivery.load.people import Person

OFFICE = "/coordinate/riverside"
STARTS = {
    "newcomer": "/home/ /home/ /request/ /request/suggestions/ /days/ /notices/ /privacy/my-data/ /bridge/ /profile/",
    "sponsor": "/home/ /offers/ /offers/ /offers/ /service/ /bridging/ /questions/ /profile/",
    "coordinator": "/coordinate/ /coordinate/ /coordinate/ /coordinate/newcomers/ /coordinate/sponsors/ "
    + " ".join(
        f"{OFFICE}/{page}/" for page in "rounds why report settings bridging coordinators export weights".split()
    ),
    "operator": "/operate/ /operators/accounts/user/ /operators/matching/offer/",
    "stranger": "/ /help-now/ /privacy/ /accounts/login/ /accounts/signup/",
    "mail": "/",
}
STEPS = 5
FORMS = 0.8
ELSEWHERE = re.compile(r"logout|^/help-now/|^/privacy/$|^/$|^/profile/")
NEVER = re.compile(
    r"/accounts/|/operators/|/i18n/|/logout|/step-down/|/terms/|/coordinators/|/settings/|/invitations/|/import/|"
    r"/suspend/|/devices/|/profile/|/welcome/|^http|^//|/calendar/|withdraw/$.*my-data|/my-data/withdraw/"
)
"""Forms that would end the run for everybody, write to strangers, or ask for more than chance can fill in."""

SELDOM = {"/erase/": 0.05, "/withdraw/": 0.15, "/end/": 0.1, "/report/": 0.1, "/decline/": 0.3, "/reject/": 0.2}
SELDOM |= {"/pause/": 0.1, "/hand-over/": 0.02, "/plan/": 0.3, "/export/": 0.3, "/theme/": 0.0, "/notices/": 0.2}
OFTEN = {"/accept/": 4.0, "/approve/": 3.0, "/suggestions/": 4.0, "/c/": 5.0}
STAY = ("coordinator", "operator")


def visit(who: Person | None, browser: Browser, dice: Random, start: str = "") -> None:
    """One visit, by somebody or by a stranger."""
    role = who.role if who else "stranger"
    text = browser.get(start or dice.choice(STARTS[role].split()))
    for _ in range(dice.randint(1, STEPS)):
        page = Page(text)
        form = _chosen(page.forms, browser.path, role, dice)
        links = [link for link in page.links if not ELSEWHERE.search(link)]
        if form is not None and dice.random() < FORMS:
            text = browser.post(_target(form, browser.path), form.filled(dice))
        elif links:
            text = browser.get(dice.choice(links))
        else:
            return


def _target(form: Form, path: str) -> str:
    return form.action or path


def _chosen(forms: Sequence[Form], path: str, role: str, dice: Random) -> Form | None:
    weights = [_weight(_target(form, path), role) * _again(form) if form.post else 0.0 for form in forms]
    return dice.choices(list(forms), weights)[0] if sum(weights) else None


def _again(form: Form) -> float:
    """To be shown other people is a way out that would be taken each second time."""
    return 0.1 if any(one["name"] == "again" for one in form.fields) else 1.0


def _weight(action: str, role: str) -> float:
    if NEVER.search(action) or (role in STAY and "/my-data/" in action):
        return 0.0
    return next((weight for part, weight in (SELDOM | OFTEN).items() if part in action), 1.0)
