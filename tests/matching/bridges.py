"""First contacts as the tests tell them."""

from datetime import timedelta
from typing import Any

from accounts import clock
from accounts.models import User
from matching.actions import bridge_office, bridging
from matching.models import Bridge
from tests import factories


def volunteer(by: User | None = None, **fields: Any) -> User:
    """Vera: approved by the office, and nobody's sponsor."""
    user = factories.profile(**{"first_name": "Vera", "looking": False, **fields}).user
    side = bridging.volunteer(user)
    bridge_office.approve_volunteer(side, by=by or factories.coordinator(user.profile.intergroup))
    return user


def asked(member: User, days: int = 1) -> Bridge:
    """Somebody leaves treatment in so many days."""
    return bridging.ask_bridge(member, leaves_on=factories.today() + timedelta(days=days), by=member)


def offered(member: User, by: User) -> Bridge:
    """The volunteer said yes."""
    return bridging.take(asked(member), by=by)


def in_touch(member: User, by: User) -> Bridge:
    """Both said yes."""
    return bridging.answer(offered(member, by), by=member, yes=True)


def a_day_later() -> None:
    clock.move_on(timedelta(days=1))
