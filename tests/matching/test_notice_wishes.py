"""What a member does not want is not sent; what somebody waits for is. One click switches it off (RFC 8058)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, User
from matching import tokens
from matching.actions.notice_wishes import set_notice
from matching.actions.outbox import post, send_outbox
from matching.models import CheckIn, NoticeKind, OutboxMessage, UnwantedNotice
from matching.notices import NOTICES, letter
from matching.states import OutboxState
from tests import factories
from tests.conftest import signed_in
from tests.matching import story

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def _page(member: User, kind: NoticeKind = NoticeKind.NEWS) -> str:
    return reverse("unsubscribe", args=[tokens.notice_token(member.pk, kind)])


def _state(member: User, topic: str) -> tuple[str, str]:
    post(topic, member, key=str(uuid4()), grace=timedelta(days=2))
    message = OutboxMessage.objects.latest("posted_at")
    OutboxMessage.objects.filter(pk=message.pk).update(send_after=message.send_after - timedelta(days=1))
    send_outbox()
    message.refresh_from_db()
    return message.state, message.trouble


def test_what_a_member_does_not_want_is_not_sent_and_the_rest_is(ana: User) -> None:
    set_notice(ana, NoticeKind.NEWS, wanted=False)
    assert NOTICES["not_this_time"].kind == NoticeKind.NEWS
    assert _state(ana, "not_this_time") == (OutboxState.MISSED, "unwanted")
    assert NOTICES["report_filed"].kind is None
    assert _state(ana, "report_filed")[0] == OutboxState.SENT
    set_notice(ana, NoticeKind.NEWS, wanted=True)
    assert _state(ana, "not_this_time")[0] == OutboxState.SENT


@pytest.mark.parametrize(
    "topic", ["offer_sent", "proposal", "review_waiting", "needs_coordinator", "paired", "pairing_ended", "help_asked"]
)
def test_what_somebody_waits_for_or_must_know_cannot_be_switched_off(topic: str) -> None:
    assert NOTICES[topic].kind is None


def test_letters_that_can_be_switched_off_say_so_to_the_mail_program_and_others_do_not(ana: User) -> None:
    post("not_this_time", ana, key="news")
    post("report_filed", ana, key="duty")
    news, duty = (letter(OutboxMessage.objects.get(key=key)) for key in ("news", "duty"))
    assert news is not None
    assert duty is not None
    assert news.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = news.extra_headers["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)
    assert Client().post(link, ONE_CLICK).status_code == 200
    assert UnwantedNotice.objects.filter(member=ana, kind="news").exists()
    assert "List-Unsubscribe" not in duty.extra_headers
    assert "List-Id" not in {**news.extra_headers, **duty.extra_headers}


def test_one_click_needs_no_cookie_and_is_not_redirected(ana: User) -> None:
    answer = Client(enforce_csrf_checks=True).post(_page(ana), ONE_CLICK)
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert list(UnwantedNotice.objects.values_list("member", "kind")) == [(ana.pk, "news")]


def test_a_second_click_changes_nothing_and_is_not_written_down_twice(ana: User) -> None:
    for _ in range(2):
        Client().post(_page(ana), ONE_CLICK)
    assert UnwantedNotice.objects.count() == 1
    assert AuditEntry.objects.filter(verb="notices.unwanted").count() == 1


def test_the_page_shows_a_button_tells_nothing_and_can_be_taken_back(ana: User) -> None:
    text = Client().get(_page(ana)).content.decode()
    assert "Stop them" in text
    for secret in (ana.email, ana.profile.first_name, str(ana.pk)):
        assert secret not in text
    assert "Send them again" in Client().post(_page(ana)).content.decode()
    assert "Stop them" in Client().post(_page(ana), {"again": "1"}).content.decode()
    assert not UnwantedNotice.objects.exists()


def test_a_visit_without_a_press_changes_nothing(ana: User) -> None:
    """S8."""
    for method in ("get", "head", "options"):
        getattr(Client(), method)(_page(ana))
    assert not UnwantedNotice.objects.exists()


def test_altered_links_and_links_for_another_purpose_are_refused(ana: User) -> None:
    """S9."""
    good = tokens.notice_token(ana.pk, NoticeKind.NEWS)
    other = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good[:-3],
        signing.dumps([ana.pk.hex, "news"], salt=tokens.SALT),
        signing.dumps([ana.pk.hex, "everything"], salt=tokens.NOTICE_SALT),
        signing.dumps(ana.pk.hex, salt=tokens.NOTICE_SALT),
        "x",
    ]
    for token in other:
        with pytest.raises(tokens.BadToken):
            tokens.read_notice(token)
        assert Client().post(reverse("unsubscribe", args=[token])).status_code == 404
    with pytest.raises(tokens.BadToken):
        tokens.read_check_in(good)
    assert not UnwantedNotice.objects.exists()


def test_a_member_chooses_on_a_page_of_their_own(ana: User, olga: User) -> None:
    client = signed_in(ana)
    assert client.get(reverse("notices")).content.decode().count(" checked") == 2 * len(NoticeKind)
    everything = dict.fromkeys((f"{kind}{on}" for kind in NoticeKind for on in ("", "_push")), "on")
    for kind, channel in (("check_ins", "mail"), ("news", "push")):
        name = kind if channel == "mail" else f"{kind}_{channel}"
        client.post(reverse("notices"), {one: on for one, on in everything.items() if one != name})
        assert list(UnwantedNotice.objects.values_list("member", "kind", "channel")) == [(ana.pk, kind, channel)]
    client.post(reverse("notices"), everything)
    assert not UnwantedNotice.objects.exists()
    assert signed_in(olga).get(reverse("notices")).status_code == 200


def test_text_and_html_both_ask_the_open_question_in_the_words_of_its_page(ana: User, rosa: User, bea: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    checkin = CheckIn.objects.create(
        pairing=pairing, member=ana, local_date=factories.today(), due_at=clock.now(), state="open"
    )
    post("check_in", ana, key="asked", checkin=checkin.pk)
    mail = letter(OutboxMessage.objects.get(key="asked"))
    assert mail is not None
    question = str(NOTICES["check_in"].text)
    page = Client().get(reverse("check_in", args=[tokens.check_in_token(checkin)])).content.decode()
    for words in (str(mail.body), str(mail.alternatives[0][0]), page):
        assert question in words
