"""The answers of somebody who walks through the welcome."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.actions.people import open_account
from accounts.models import Intergroup, Profile, User
from tests import factories

ANSWERS: dict[str, dict[str, Any]] = {
    "name": {"first_name": "Ruth", "initial_letter": "b."},
    "date": {"recovery_date": "2024-02-29"},
    "languages": {"languages": ["en", "ase"]},
    "people": {"gender": "woman", "comfortable_with": ["woman", "nonbinary"]},
    "meeting": {"modes": ["phone", "video"], "area": "", "max_km": ""},
    "home-group": {"home_group": ""},
    "week": {"zone": "America/Chicago", "hours": ["18", "19", "167"]},
    "approach": {"approach": "secular", "experience_0": "grief", "experience_1": "", "experience_2": "parent"},
    "needs": {"needs": ["large_print"], "can_meet": []},
    "why": {"looking": "yes"},
    "contact": {"phone": "+1 555 010 0000", "email": "", "hint": "Text first"},
}


def new_account() -> User:
    """An account that has just been opened, before the first question."""
    user = factories.account()
    open_account(user, language="en")
    return user


def place_of(office: Intergroup, code: str = "aa") -> dict[str, str]:
    """The answer to the first question."""
    return {"place": f"{office.pk}-{office.fellowships.get(code=code).pk}"}


def answer(client: Client, step: str, fields: dict[str, Any]) -> Any:
    """Post one step of the welcome."""
    return client.post(reverse("welcome_step", args=[step]), fields)


def walk(client: Client, office: Intergroup, *, until: str = "") -> None:
    """Answer question after question, each where the one before led, up to but not including ``until``."""
    response = answer(client, "fellowship", place_of(office))
    for step, fields in ANSWERS.items():
        assert response.status_code == 302, response.content.decode()
        assert response.url == reverse("welcome_step", args=[step])
        if step == until:
            return
        response = answer(client, step, fields)
    assert response.url == reverse("welcome_summary")


def stored(user: User) -> dict[str, Any]:
    """The profile's row as it is in the database, without the moment of its last change."""
    row = Profile.objects.filter(pk=user.pk).values().get()
    return {name: value for name, value in row.items() if name != "changed_at"}
