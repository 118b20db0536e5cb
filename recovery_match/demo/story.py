"""A story under way, played through the same actions as in life, so that every page of the demo has something on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from uuid import UUID

from django.conf import settings

from accounts import clock
from accounts.models import Coordinator, User
from matching.actions import checkins, milestones, offers, requests, reviews, step_service
from matching.actions.errors import NoLongerFits, TooLate
from matching.models import Answer, CheckIn, Offer, Pairing, ServiceKind, SponsorRequest
from matching.states import CheckInState, OfferState
from recovery_match.demo.people import member_id

ASKING, PAIRED, IN_REVIEW, SENT = 60, 24, 8, 16
FIRST_NEWCOMER = 3


def newcomer() -> UUID:
    """The newcomer whom the visitor plays: a complete profile, and nothing asked yet."""
    return member_id(FIRST_NEWCOMER)


def sponsor() -> UUID:
    """The sponsor whom the visitor plays: one with an offer waiting, and a pairing too if there is such a one."""
    waiting = Offer.objects.filter(state=OfferState.SENT).order_by("made_at", "pk")
    with_somebody = waiting.filter(sponsor__in=Pairing.objects.live().values("sponsor"))
    found = with_somebody.first() or waiting.first()
    return found.sponsor_id if found else member_id(0)


def play(progress: Callable[[str], object]) -> None:
    """Let some newcomers ask, some be paired three weeks ago and talk since, some wait at every stage."""
    asking = list(
        User.objects.filter(profile__looking=True, email__startswith="member-", sponsor__isnull=True)
        .exclude(pk=newcomer())
        .select_related("profile")
        .order_by("email")[: ASKING * 2]
    )
    coordinators = {row.intergroup_id: row.user for row in _coordinators()}
    bay = [user for user in asking if user.profile.intergroup_id in coordinators]
    with _earlier(timedelta(days=21)):
        pairs = [pair for user in bay[:PAIRED] if (pair := _pair(user, coordinators))]
        progress(f"{len(pairs)} pairings")
    _remember(pairs)
    for days in range(20, 0, -1):
        with _earlier(_since_evening(days)):
            checkins.remind_due()
            _answer(days)
    with _earlier(timedelta(hours=7)):
        waiting = [request for user in bay[PAIRED:ASKING] if (request := _ask(user))]
        for request in waiting[: IN_REVIEW + SENT]:
            _choose(request)
        for offer in Offer.objects.filter(state=OfferState.SENT).select_related("sponsor")[:IN_REVIEW]:
            offers.accept_offer(offer, by=offer.sponsor, note="I am glad you asked. Call me any evening.")
    progress(f"{SponsorRequest.objects.live().count()} open requests, {Offer.objects.live().count()} offers")
    _log_service()


def _coordinators() -> list[Coordinator]:
    return list(Coordinator.objects.select_related("user"))


@contextmanager
def _earlier(by: timedelta) -> Iterator[None]:
    """Act in the past; the clock is put back afterwards."""
    assert settings.CLOCK_SHIFT_FILE is not None
    before = clock.shift()
    clock.move_on(-by)
    try:
        yield
    finally:
        clock.move_on(before - clock.shift())


def _since_evening(days: int) -> timedelta:
    """How long ago it was 04:00 UTC, so many days back: evening in every zone of the demo, past the asking hour."""
    now = clock.now()
    return now - (now - timedelta(days=days)).replace(hour=4, minute=0)


def _ask(user: User) -> SponsorRequest | None:
    request = requests.ask(user, by=user)
    return request if request.suggestions.exists() else None


def _choose(request: SponsorRequest) -> Offer | None:
    busy = set(Pairing.objects.live().values_list("sponsor_id", flat=True))
    suggested = request.suggestions.order_by("place").values_list("sponsor_id", flat=True)
    wanted = sorted(suggested, key=lambda sponsor_id: sponsor_id not in busy)
    try:
        return requests.choose(request, wanted, by=request.member)
    except TooLate:
        return None


def _pair(user: User, coordinators: dict[int, User]) -> Pairing | None:
    request = _ask(user)
    offer = _choose(request) if request else None
    if offer is None:
        return None
    offer = offers.accept_offer(offer, by=offer.sponsor, note="Welcome. I am free most evenings.")
    try:
        return reviews.approve_offer(offer, by=coordinators[offer.request.intergroup_id])
    except NoLongerFits:
        return None


def _remember(pairs: list[Pairing]) -> None:
    """Some like their days remembered; every other one of them lets their sponsor know."""
    dated = [pair for pair in pairs if pair.fellowship.has_date and pair.sponsee.profile.recovery_date]
    for number, pair in enumerate(dated[::2]):
        milestones.set_milestones(pair.sponsee.profile, by=pair.sponsee, wanted=True, sponsor_too=number % 2 == 0)


def _answer(day: int) -> None:
    dice = Random(f"answers-{day}")
    for checkin in CheckIn.objects.filter(state=CheckInState.OPEN).select_related("member"):
        if dice.random() < 0.7:
            answer = dice.choices((Answer.TALKED, Answer.NOT_YET), weights=(3, 1))[0]
            checkins.answer_checkin(checkin, answer, by=checkin.member)


def _log_service() -> None:
    dice = Random("service")
    kinds = [ServiceKind.CALL, ServiceKind.RIDE, ServiceKind.MEETING, ServiceKind.PANEL]
    for user in User.objects.filter(sponsoring__isnull=False).distinct().select_related("profile"):
        for _ in range(dice.randint(3, 12)):
            on = clock.today(user.profile.zone) - timedelta(days=dice.randint(0, 240))
            step_service.log_service(by=user, kind=dice.choice(kinds), on=on, minutes=dice.choice((None, 20, 45, 60)))
