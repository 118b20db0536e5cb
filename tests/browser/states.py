"""What the demo's story never shows: one of everything that an address can name, and each page in each of its moods.

``python -m tests.browser.states`` runs in the environment of a demo, adds people to it who have got so far, and writes
a line of JSON for each page to be looked at.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

import django
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import setup_test_environment
from django.urls import reverse

LANGUAGES = ("en", "es", "fr")
STATUSES = ("400", "403", "403_csrf", "409", "413", "429", "500", "503")


@dataclass(frozen=True)
class Shown:
    """A page as somebody has it before them.

    ``session`` is their cookie, empty for a visitor; ``html`` stands for pages that no path leads to. ``language``: the
    page speaks this one alone.
    """

    name: str
    path: str
    session: str = ""
    html: str = ""
    language: str = ""


def main() -> None:
    """Add the people, and say where to look."""
    django.setup()
    setup_test_environment(debug=False)
    from tests.browser import moods

    with transaction.atomic():
        shown = [*world(), *welcome(), *sign_in(), *moods.all_of_them(), *errors()]
    for one in shown:
        sys.stdout.write(json.dumps(asdict(one)) + "\n")


def world() -> Iterator[Shown]:
    """Each page of the access matrix, as the first role that may read it sees it."""
    from tests.security import access

    everything = access.world()
    sessions = {role: session(user) for role, user in everything.people.items() if user}
    for name, row in access.ROWS.items():
        readers = [role for role in access.ROLES if row.get[role] == access.OK]
        if readers:
            path = reverse(name, args=row.args(everything))
            yield Shown(f"world.{name}", path, sessions.get(readers[0], ""))
    signed_in = sessions["sponsee"]
    for name in sorted(access.SIGNING_IN | access.SIGNED_IN):
        path = reverse(name, args=access.ALLAUTH_ARGS.get(name, []))
        yield Shown(f"world.{name}", path, signed_in if name in access.SIGNED_IN else "")
    for name in ("invitation_link", "invitee_link", "bridge_link"):
        yield Shown(f"world.{name}", reverse(name, args=access.ROWS[name].args(everything)))


def welcome() -> Iterator[Shown]:
    """Every question of the welcome, and its end."""
    from accounts.forms.steps import STEPS
    from tests import factories
    from tests.accounts import walk
    from tests.conftest import signed_in

    new = walk.new_account()
    yield Shown("welcome.first", reverse("welcome"), session(new))
    there = walk.new_account()
    walk.walk(signed_in(there), factories.intergroup(), until="contact")
    there.profile.refresh_from_db()
    for step in STEPS:
        if step.applies(there.profile):
            yield Shown(f"welcome.{step.slug}", reverse("welcome_step", args=[step.slug]), session(there))
    yield Shown("welcome.summary", reverse("welcome_summary"), session(there))


def sign_in() -> Iterator[Shown]:
    """The pages on the way in, and those of a second factor, as somebody sees them who has got so far."""
    from allauth.mfa.models import Authenticator

    from tests import factories
    from tests.conftest import signed_in
    from tests.security import signing_in as way
    from tests.sheet import samples

    nora, carla, dora = (factories.newcomer(first_name=name) for name in ("Nora", "Carla", "Dora"))
    by_code, by_app, new = Client(), Client(), Client()
    by_code.post(reverse("account_request_login_code"), {"email": nora.email})
    yield Shown("sign_in.code", reverse("account_confirm_login_code"), cookie(by_code))
    agreed = {"adult": "on", "agree_store": "on", "agree_conduct": "on"}
    sent = new.post(reverse("account_signup"), {"email": "wanda@example.org", **agreed})
    yield Shown("sign_in.new", sent["Location"], cookie(new))

    way.with_app(dora)
    yield Shown("sign_in.app", way.by_mail(by_app, dora.email), cookie(by_app))
    way.with_app(carla)
    key = Authenticator.objects.create(user=carla, type="webauthn", data={"name": "Phone", "credential": {}})
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        yield Shown(f"second.{name}", reverse(name), session(carla))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        yield Shown(f"second.{name}", reverse(name, args=[key.pk]), session(carla))
    nora.set_password("four words and a comma")
    nora.save()
    for name, member in (("account_reauthenticate", nora), ("mfa_reauthenticate", carla)):
        yield Shown(f"again.{name}", reverse(name), cookie(signed_in(member, ago=timedelta(days=1))))
    yield Shown("sign_out", reverse("account_logout"), session(nora))

    desk = signed_in(factories.coordinator(factories.intergroup("harbor", name="Harbor Intergroup"), first_name="Hal"))
    brought = SimpleUploadedFile("list.csv", samples.BEV.encode("latin-1"))
    columns = desk.post(reverse("office_list", args=["harbor"]), {"file": brought})
    yield Shown("office_list.columns", columns["Location"], cookie(desk))


def errors() -> Iterator[Shown]:
    """The pages for when something went wrong; in each language, as no request chooses it."""
    from django.utils import translation

    yield Shown("error.404", "/nowhere/")
    templates = {f"error.{status}": f"{status}.html" for status in STATUSES}
    templates["help_now.none"] = "accounts/help_now.html"
    for language in LANGUAGES:
        with translation.override(language):
            for name, template in templates.items():
                html = render_to_string(template, {"meetings": []}, request=RequestFactory().get("/"))
                yield Shown(name, f"/shown/{name}/{language}/", html=html, language=language)


def session(user: object) -> str:
    """The cookie of somebody who has just signed in."""
    from tests.conftest import signed_in

    return cookie(signed_in(user))  # type: ignore[arg-type]


def cookie(client: Client) -> str:
    """What a browser holds that has got as far as this one."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main()
