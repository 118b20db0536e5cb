"""Who leaves treatment and who could meet them: for the newcomer, for volunteers, and for the office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts import clock
from accounts.models import Bar, Contact, Intergroup, Profile, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching import engine
from matching.models import LOOK_AFTER_BRIDGES, Bridge, BridgeVolunteer
from matching.models.care import too_near
from matching.roster.facts import coming_monday
from matching.roster.rows import person
from matching.states import BridgeState

WHOLE_WEEK = (1 << 168) - 1
LONG_AGO = date(1930, 1, 1)
SHOWN = 50


def fits(newcomer: Profile, volunteer: Profile, barred: Iterable[tuple[UUID, UUID]]) -> bool:
    """Whether the hard rules let these two meet: fellowship, both active, no block, comfort both ways, a language,
    needs, and a way to meet within the distance both accept.

    What is asked of sponsors alone, and shared hours, are left out: the two agree on an hour by themselves. The
    engine's own rules decide, with those parts given as met.
    """
    if newcomer.pk == volunteer.pk:
        return False
    now = clock.now()
    one = replace(person(newcomer), week=WHOLE_WEEK)
    other = replace(
        person(volunteer),
        week=WHOLE_WEEK,
        is_sponsor=True,
        approved=True,
        confirmed_at=now,
        paused_until=None,
        has_sponsor=True,
        steps_worked=engine.Policy().steps_needed,
        seats=1,
        seats_taken=0,
        recovery_since=LONG_AGO,
    )
    facts = engine.Facts(now=now, monday=coming_monday(now), barred=frozenset(barred))
    return engine.recheck(one, other, facts).eligible


def bars_around(*members: UUID) -> set[tuple[UUID, UUID]]:
    """Whom these must not meet; one query."""
    found = Bar.objects.filter(Q(by__in=members) | Q(other__in=members))
    return set(found.values_list("by", "other"))


def volunteers_of(intergroup_id: int, fellowship_id: int) -> QuerySet[Profile]:
    """Profiles of the approved volunteers of an office and fellowship who do not pause."""
    return (
        Profile.objects.filter(
            intergroup=intergroup_id,
            fellowship=fellowship_id,
            completed_at__isnull=False,
            user__is_active=True,
            user__bridging__approved_at__isnull=False,
            user__bridging__paused=False,
        )
        .select_related("user__sponsor", "area")
        .order_by("first_name", "pk")
    )


def fitting_volunteers(bridge: Bridge) -> list[Profile]:
    """Who could meet the newcomer of a bridge, by name; three queries however many volunteer."""
    newcomer = Profile.objects.select_related("user__sponsor", "area").get(pk=bridge.member_id)
    barred = bars_around(bridge.member_id)
    found = volunteers_of(bridge.intergroup_id, bridge.fellowship_id)
    return [one for one in found if fits(newcomer, one, barred)]


def open_for(volunteer: Profile) -> list[Bridge]:
    """The bridges that wait for somebody and whose newcomer this volunteer could meet, most pressing first."""
    barred = bars_around(volunteer.pk)
    waiting = Bridge.objects.filter(
        state=BridgeState.OPEN, intergroup=volunteer.intergroup_id, fellowship=volunteer.fellowship_id
    ).select_related("member__profile__area", "member__sponsor")
    fitting = (one for one in waiting if one.member.is_active and fits(one.member.profile, volunteer, barred))
    return list(fitting)[:SHOWN]


def standing_of(user: User) -> BridgeVolunteer | None:
    """The member's offer to volunteer, if they made one, with what :func:`fits` reads of them."""
    return BridgeVolunteer.objects.select_related("user__sponsor", "user__profile__area").filter(pk=user.pk).first()


def own_bridge(user: User) -> Bridge | None:
    """The newcomer's live bridge, or their newest one."""
    mine = Bridge.objects.filter(member=user).select_related("volunteer__profile", "intergroup")
    return mine.live().first() or mine.order_by("-asked_at").first()


def held_by(user: User) -> QuerySet[Bridge]:
    """The live bridges of a volunteer, with names."""
    return Bridge.objects.live().filter(volunteer=user).select_related("member__profile")


def bridges_of(user: User) -> QuerySet[Bridge]:
    """The bridges a member may open as one of the two, with names and contact details."""
    return Bridge.objects.of(user).select_related(
        "intergroup", "member__profile", "volunteer__profile", "member__contact", "volunteer__contact"
    )


def contact_of(bridge: Bridge, user: User) -> Contact | None:
    """How to reach the other of the two, from both yeses until the end."""
    if bridge.state != BridgeState.MEETING:
        return None
    other = bridge.volunteer if bridge.member_id == user.pk else bridge.member
    return getattr(other, "contact", None)


@dataclass(frozen=True, slots=True)
class Line:
    """A discharge on the office's list. ``late``: the 48 hours went by and nobody has been in touch."""

    bridge: Bridge
    name: str
    area: str
    volunteer: str
    late: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The discharges of one day."""

    on: date
    lines: Sequence[Line]


def week_of(day: date) -> tuple[date, date]:
    """The Monday and the Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def discharges(user: User, office: Intergroup, first: date, last: date) -> list[Day]:
    """Who leaves treatment on these days, by day, and who has whom; one query. What was withdrawn is not listed."""
    found = (
        Bridge.objects.for_coordinator(user)
        .filter(intergroup=office, leaves_on__range=(first, last))
        .exclude(state=BridgeState.WITHDRAWN)
        .select_related("member__profile__area", "volunteer__profile")
        .order_by("leaves_on", "contact_by", "pk")
    )
    now, days = clock.now(), dict[date, list[Line]]()
    for bridge in found:
        days.setdefault(bridge.leaves_on, []).append(_line(bridge, now))
    return [Day(on, lines) for on, lines in days.items()]


def _line(bridge: Bridge, now: datetime) -> Line:
    profile, held = bridge.member.profile, bridge.volunteer
    return Line(
        bridge=bridge,
        name=profile.display_name,
        area=str(profile.area or ""),
        volunteer="" if held is None else held.profile.display_name,
        late=bridge.is_live and bridge.first_contact_at is None and bridge.contact_by <= now,
    )


def offers_to_volunteer(user: User, office: Intergroup) -> list[Profile]:
    """Members of the office who offered to volunteer and wait for a coordinator; none near the coordinator."""
    waiting = Profile.objects.filter(
        intergroup=office, user__is_active=True, user__bridging__isnull=False, user__bridging__approved_at__isnull=True
    )
    return list(
        waiting.exclude(too_near(user, "user"))
        .select_related("area", "fellowship")
        .order_by("user__bridging__offered_at")
    )


def volunteers_for(user: User) -> QuerySet[BridgeVolunteer]:
    """The offers a coordinator may approve."""
    here = intergroups_coordinated_by(user, *LOOK_AFTER_BRIDGES)
    return BridgeVolunteer.objects.filter(user__profile__intergroup__in=here).exclude(too_near(user, "user"))
