"""A small cast: Ana looks for a sponsor, Rosa sponsors, Bea coordinates, Olga is an outsider."""

from datetime import date, time, timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from accounts import clock
from accounts.models import Area, Contact, Coordinator, Fellowship, Intergroup, Meeting, Policy, Profile, Sponsor, User
from accounts.models.intergroup import usual_scopes
from accounts.models.week import Week

EVENINGS = Week.of(day * 24 + hour for day in range(5) for hour in (18, 19, 20))
ZONE = "America/New_York"
"""Of the office and its people."""
_numbers = count(1)


def today() -> date:
    """The date where the cast lives, which for some hours of each day is not that of UTC."""
    return clock.today(ZONE)


def fellowship(code: str = "aa", **fields: Any) -> Fellowship:
    """A fellowship that counts from a sobriety date and asks a year of sponsors."""
    words = {"en": "sobriety date", "es": "fecha de sobriedad", "fr": "date de sobriété"}
    names = {"es": "Alcohólicos Anónimos", "fr": "Alcooliques Anonymes"} if code == "aa" else {}
    defaults = {"name": "Alcoholics Anonymous", "names": names, "date_words": words, "minimum_days": 365, **fields}
    return Fellowship.objects.get_or_create(code=code, defaults=defaults)[0]


def intergroup(slug: str = "riverside", **fields: Any) -> Intergroup:
    """An intergroup with that fellowship and the default policy, save that it ticks nothing off before a yes."""
    defaults = {"name": "Riverside Intergroup", "zone": ZONE, **fields}
    made = Intergroup.objects.get_or_create(slug=slug, defaults=defaults)[0]
    made.fellowships.add(fellowship())
    Policy.objects.get_or_create(intergroup=made, defaults={"checklist": []})
    return made


def area(of: Intergroup | None = None, code: str = "north", **fields: Any) -> Area:
    """The north side."""
    defaults = {"name": "North side", "latitude": 40.7, "longitude": -74.0, **fields}
    return Area.objects.get_or_create(intergroup=of or intergroup(), code=code, defaults=defaults)[0]


def meeting(of: Intergroup | None = None, **fields: Any) -> Meeting:
    """A Monday evening meeting."""
    of = of or intergroup()
    values: dict[str, Any] = {
        "fellowship": fellowship(),
        "source": "test",
        "slug": f"meeting-{next(_numbers)}",
        "name": "Monday Lamp",
        "day": 1,
        "starts": time(18, 30),
        "zone": of.zone,
        "area": area(of),
        **fields,
    }
    return Meeting.objects.create(intergroup=of, **values)


def account(**fields: Any) -> User:
    """An account with a verified address and nothing else."""
    made = User.objects.create_user(**{"email": f"person{next(_numbers)}@example.org", **fields})
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def profile(user: User | None = None, **fields: Any) -> Profile:
    """A complete profile: free on weekday evenings, by phone or in person, at ease with women."""
    of = fields.pop("intergroup", None) or intergroup()
    user = user or account()
    values: dict[str, Any] = {
        "fellowship": fellowship(),
        "first_name": "Ana",
        "initial": "L",
        "zone": ZONE,
        "languages": ["en"],
        "gender": "woman",
        "comfortable_with": ["woman"],
        "modes": ["phone", "in_person"],
        "area": area(of),
        "week": EVENINGS,
        "completed_at": clock.now(),
        **fields,
    }
    Contact.objects.create(user=user, phone="+1 555 010 0001", email=user.email)
    return Profile.objects.create(user=user, intergroup=of, **values)


def newcomer(**fields: Any) -> User:
    """Ana: a complete profile, looking for a sponsor."""
    return profile(**fields).user


def sponsor(*, side: dict[str, Any] | None = None, **fields: Any) -> User:
    """Rosa: ten years, approved and confirmed, two seats. ``side`` changes her Sponsor row, ``fields`` her profile."""
    ten_years_ago = today() - timedelta(days=3653)
    values = {"first_name": "Rosa", "initial": "M", "looking": False, "recovery_date": ten_years_ago, **fields}
    user = profile(**values).user
    Sponsor.objects.create(
        user=user,
        **{
            "seats": 2,
            "steps_worked": 12,
            "has_own_sponsor": True,
            "approved_at": clock.now(),
            "confirmed_at": clock.now(),
            **(side or {}),
        },
    )
    return user


def coordinator(of: Intergroup | None = None, *, scopes: list[str] | None = None, **fields: Any) -> User:
    """Bea: serves the office this year, for everything unless ``scopes`` says for what."""
    of = of or intergroup()
    user = profile(**{"intergroup": of, "first_name": "Bea", "initial": "K", "looking": False, **fields}).user
    Coordinator.objects.create(
        user=user,
        intergroup=of,
        scopes=scopes or usual_scopes(),
        starts_on=date(2020, 1, 1),
        ends_on=today() + timedelta(days=300),
    )
    return user
