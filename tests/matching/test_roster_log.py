"""Whatever the roster reads of a member is noticed when it changes, and nothing else is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, models

from accounts import clock
from accounts.models import Area, Profile, Sponsor, User, Week
from matching.models import Offer, RosterChange
from matching.queries.mine import collect
from matching.roster.rows import ANSWERED, Row
from matching.states import OfferState
from tests import factories
from tests.matching import story
from tests.matching.readers import Reader, forget_the_log, fresh, logged

pytestmark = pytest.mark.django_db

Change = Callable[[User], object]


def profile(**values: Any) -> Change:
    return lambda who: Profile.objects.filter(pk=who.pk).update(**values)


def side(**values: Any) -> Change:
    return lambda who: Sponsor.objects.filter(pk=who.pk).update(**values)


def area(**values: Any) -> Change:
    return lambda who: Area.objects.filter(pk__in=[who.profile.area_id]).update(**values)


def has_offer(who: User, state: OfferState) -> Offer:
    """An offer that is in this state from the beginning; all that was logged before is forgotten."""
    request, now = story.looking(), clock.now()
    forget_the_log()
    return Offer.objects.create(
        request=request,
        sponsor=who,
        state=state,
        made_at=now,
        expires_at=now + timedelta(hours=24),
        answered_at=now if state == OfferState.IN_REVIEW else None,
    )


CHANGES: dict[str, Change] = {
    "fellowship_id": lambda who: profile(fellowship=factories.fellowship("na", name="Narcotics Anonymous"))(who),
    "user__is_active": lambda who: User.objects.filter(pk=who.pk).update(is_active=False),
    "completed_at": profile(completed_at=None),
    "gender": profile(gender="nonbinary"),
    "comfortable_with": profile(comfortable_with=["anyone"]),
    "languages": profile(languages=["en", "es"]),
    "modes": profile(modes=["text"]),
    "week": profile(week=Week.of([100])),
    "zone": profile(zone="Europe/Paris"),
    "needs": profile(needs=["wheelchair"]),
    "can_meet": profile(can_meet=["childcare"]),
    "area_id": lambda who: profile(area=factories.area(code="south", name="South side"))(who),
    "area__latitude": area(latitude=41.5),
    "area__longitude": area(longitude=-73.5),
    "max_km": profile(max_km=7),
    "home_group_id": lambda who: profile(home_group=factories.meeting())(who),
    "approach": profile(approach="secular"),
    "experiences": profile(experiences=["parent"]),
    "recovery_date": profile(recovery_date=date(2001, 2, 3)),
    "program_since": profile(program_since=date(2002, 3, 4), recovery_date=None),
    "user__sponsor__approved_at": side(approved_at=None),
    "user__sponsor__confirmed_at": lambda who: side(confirmed_at=clock.now() - timedelta(days=3))(who),
    "user__sponsor__paused_until": side(paused_until=date(2999, 1, 1)),
    "user__sponsor__has_own_sponsor": side(has_own_sponsor=False),
    "user__sponsor__steps_worked": side(steps_worked=4),
    "user__sponsor__seats": side(seats=5),
    "user__sponsor__seats_taken": side(seats_taken=1),
    "user__sponsor__last_offer_at": lambda who: side(last_offer_at=clock.now())(who),
    "answered_in_time": lambda who: has_offer(who, OfferState.DECLINED),
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_of_each_column_is_noticed(column: str, rosa: User) -> None:
    maria = factories.sponsor(first_name="Maria", area=factories.area(code="west", name="West side"))
    forget_the_log()
    reader, before = Reader(), fresh()
    CHANGES[column](rosa)
    assert reader.catch_up() == fresh()
    assert reader.rows[rosa.pk] != before[rosa.pk]
    assert maria.pk not in logged()


def test_every_column_is_tried() -> None:
    """A column that is read and missing above fails here; then the triggers must learn of it as well."""
    assert {*CHANGES, "user_id"} == {*Row._fields}


def test_who_moves_to_another_office_is_gone_here_and_new_there(rosa: User) -> None:
    lakeside = factories.intergroup("lakeside", name="Lakeside")
    here, there = Reader(), Reader(lakeside)
    forget_the_log()
    profile(intergroup=lakeside)(rosa)
    assert here.catch_up() == fresh() == {}
    assert there.catch_up() == fresh(lakeside)
    assert rosa.pk in there.rows


@pytest.mark.parametrize("gone", [Sponsor, Profile, User], ids=lambda one: one.__name__)
def test_who_is_deleted_is_gone(gone: type[models.Model], rosa: User) -> None:
    reader = Reader()
    forget_the_log()
    gone._default_manager.filter(pk=rosa.pk).delete()
    assert rosa.pk in logged()
    assert reader.catch_up() == {}


@pytest.mark.parametrize(
    "change",
    [
        profile(first_name="Rosalie", initial="X", looking=True, changed_at=clock.now()),
        side(applied_at=clock.now(), changed_at=clock.now()),
        area(name="Far north", code="far-north"),
        lambda who: User.objects.filter(pk=who.pk).update(last_login=clock.now(), language="fr", email="r@example.org"),
        lambda who: who.profile.save(),
        lambda who: who.sponsor.save(),
        lambda who: who.profile.area.save(),
    ],
    ids=["profile", "sponsor", "area", "account", "the same profile", "the same sponsor", "the same area"],
)
def test_what_the_roster_does_not_read_is_not_logged(change: Change, rosa: User) -> None:
    forget_the_log()
    rosa = User.objects.get(pk=rosa.pk)
    change(rosa)
    assert logged() == set()


@pytest.mark.parametrize("state", OfferState)
def test_an_offer_counts_once_it_was_answered_or_ran_out(state: OfferState, rosa: User) -> None:
    counts = {rosa.pk} if state in (*ANSWERED, OfferState.EXPIRED) else set()
    offer = has_offer(rosa, state)
    assert logged() == counts
    forget_the_log()
    offer.delete()
    assert logged() == counts


@pytest.mark.parametrize(
    ("before", "after", "tells"),
    [
        (OfferState.PROPOSED, OfferState.SENT, False),
        (OfferState.SENT, OfferState.IN_REVIEW, True),
        (OfferState.SENT, OfferState.EXPIRED, True),
        (OfferState.IN_REVIEW, OfferState.PAIRED, False),
        (OfferState.IN_REVIEW, OfferState.REJECTED, False),
        (OfferState.IN_REVIEW, OfferState.WITHDRAWN, True),
    ],
)
def test_an_offer_that_moves_is_logged_where_it_counts_otherwise(
    before: OfferState, after: OfferState, tells: bool, rosa: User
) -> None:
    offer = has_offer(rosa, before)
    reader = Reader()
    forget_the_log()
    Offer.objects.filter(pk=offer.pk).update(state=after, answered_at=clock.now())
    assert logged() == ({rosa.pk} if tells else set())
    assert reader.catch_up() == fresh()


def test_an_answered_offer_handed_to_another_sponsor_concerns_both(rosa: User) -> None:
    maria = factories.sponsor(first_name="Maria")
    offer = has_offer(rosa, OfferState.DECLINED)
    forget_the_log()
    Offer.objects.filter(pk=offer.pk).update(sponsor=maria)
    assert logged() == {rosa.pk, maria.pk}


def test_a_note_on_an_offer_is_not_logged(rosa: User) -> None:
    offer = has_offer(rosa, OfferState.DECLINED)
    forget_the_log()
    offer.note, offer.score, offer.ended_at = "Call me.", 1, clock.now()
    offer.save(update_fields=["note", "score", "ended_at"])
    assert logged() == set()


@pytest.mark.parametrize(
    "table",
    [model._meta.db_table for model in (Profile, Sponsor, User, Area, Offer, RosterChange)],
)
def test_an_emptied_table_concerns_everybody(table: str, rosa: User) -> None:
    forget_the_log()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")
    assert None in logged()


def test_the_copy_of_ones_data_tells_when_one_was_logged(rosa: User) -> None:
    forget_the_log()
    assert collect(rosa)["roster_changes"] == []
    side(seats=6)(rosa)
    assert len(collect(rosa)["roster_changes"]) == 1


def test_the_share_of_offers_answered_is_the_same_number_to_every_reader(rosa: User) -> None:
    for state in (OfferState.DECLINED, OfferState.EXPIRED, OfferState.EXPIRED):
        has_offer(rosa, state)
    assert Reader().rows == fresh()
    assert fresh()[rosa.pk].answered_in_time == 1 / 3
