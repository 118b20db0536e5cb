"""Three offers in a row that ran out pause a sponsor kindly; any answer begins the count anew."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from accounts import clock
from accounts.actions.sponsors import confirm_sponsor
from accounts.models import OPEN_END, PauseReason, User
from matching.actions.deadlines import expire_offers
from matching.actions.offers import decline_offer, propose_offer
from matching.notices import letter
from tests.matching import story
from tests.matching.test_living_roster import letters, side, topics

NEW_YORK = ZoneInfo("America/New_York")


def run_out(sponsor: User, times: int) -> None:
    """So many offers to a sponsor run out, one after the other."""
    for _ in range(times):
        story.held_out(story.looking(), sponsor, until=clock.now() + timedelta(hours=1))
        clock.move_on(timedelta(hours=2))
        assert expire_offers() == 1


def test_three_offers_in_a_row_that_ran_out_pause_them_kindly(rosa: User) -> None:
    run_out(rosa, 2)
    assert (side(rosa).silent_offers, side(rosa).paused_until, topics(rosa)) == (2, None, [])
    run_out(rosa, 1)
    now = side(rosa)
    assert (now.silent_offers, now.paused_until, now.pause_reason) == (0, OPEN_END, PauseReason.UNANSWERED)
    assert topics(rosa) == ["paused_unanswered"]
    local = letters(rosa)[0].send_after.astimezone(NEW_YORK)
    assert 9 <= local.hour < 21
    run_out(rosa, 2)
    assert topics(rosa) == ["paused_unanswered"]


def test_an_answer_in_between_begins_the_count_anew(rosa: User) -> None:
    run_out(rosa, 2)
    offer = story.held_out(story.looking(), rosa, until=clock.now() + timedelta(hours=1))
    decline_offer(offer, by=rosa)
    run_out(rosa, 2)
    assert (side(rosa).silent_offers, side(rosa).paused_until) == (2, None)


def test_a_proposal_that_ran_out_with_the_newcomer_is_not_counted(rosa: User, ana: User, bea: User) -> None:
    propose_offer(story.asked(ana), rosa.pk, by=bea)
    clock.move_on(timedelta(hours=73))
    assert expire_offers() == 1
    assert side(rosa).silent_offers == 0


def test_the_notice_of_a_pause_is_not_sent_once_it_is_undone(rosa: User) -> None:
    run_out(rosa, 3)
    (message,) = letters(rosa)
    assert letter(message) is not None
    confirm_sponsor(side(rosa), by=rosa)
    assert letter(message) is None
    assert (side(rosa).paused_until, side(rosa).pause_reason) == (None, "")
