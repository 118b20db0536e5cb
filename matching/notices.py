"""Topic -> what a message says and where its one link leads.

Words are neutral: subject, sender and text never tell what this is about, for somebody else may read the mail. The
facts are read again when the message is written, for many messages of a topic at once; one that no longer holds is
not sent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching import tokens
from matching.models import (
    Answer,
    CheckIn,
    NoticeKind,
    Offer,
    OutboxMessage,
    Pairing,
    SponsorRequest,
    UnwantedNotice,
)
from matching.states import LIVE_PAIRING, LIVE_REQUEST, CheckInState, OfferState

Ids = dict[str, str]
Where = Callable[[Ids], str | None]


@dataclass(frozen=True, slots=True)
class Notice:
    """``where`` reads the facts again: the path of the link, or None when there is nothing to say any more.

    ``kind`` is what a member may switch off; None for what somebody waits for or must know.
    """

    subject: str | Promise
    text: str | Promise
    button: str | Promise
    where: Where
    kind: NoticeKind | None = None

    def paths(self, ids: Sequence[Ids]) -> list[str | None]:
        """``where`` for many messages, in their order; one query when ``where`` can read many at once."""
        return self.where.many(ids) if isinstance(self.where, Facts) else [self.where(one) for one in ids]


@dataclass(frozen=True, slots=True)
class Facts:
    """A ``where`` that reads many at once: ``named`` is the id it needs, ``found`` the rows for which the message still
    holds, ``path`` the link to one of them."""

    named: str
    found: Callable[[], QuerySet[Any]]
    path: Callable[[Any], str]

    def __call__(self, ids: Ids) -> str | None:
        return self.many([ids])[0]

    def many(self, ids: Sequence[Ids]) -> list[str | None]:
        """The paths in the order of ``ids``, by one query. Raises KeyError or ValidationError for ids that are none."""
        wanted = [UUID(one[self.named]) for one in ids]
        rows = {row.pk: row for row in self.found().filter(pk__in=wanted)}
        return [self.path(rows[pk]) if pk in rows else None for pk in wanted]


def _offer(*states: OfferState, url: str = "offer") -> Where:
    def path(offer: Offer) -> str:
        return reverse(url, args=[offer.pk]) if url in ("offer", "review") else reverse(url)

    return Facts("offer", lambda: Offer.objects.filter(state__in=states), path)


def _request(url: str) -> Where:
    def path(request: SponsorRequest) -> str:
        return reverse(url, args=[request.pk]) if url == "coordinate_request" else reverse(url)

    return Facts("request", lambda: SponsorRequest.objects.filter(state__in=LIVE_REQUEST), path)


_pairing = Facts(
    "pairing",
    lambda: Pairing.objects.filter(state__in=LIVE_PAIRING),
    lambda pairing: reverse("pairing", args=[pairing.pk]),
)
_check_in = Facts(
    "checkin",
    lambda: CheckIn.objects.filter(state=CheckInState.OPEN, pairing__state__in=LIVE_PAIRING),
    lambda checkin: reverse("check_in", args=[tokens.check_in_token(checkin)]),
)


def _help(url: str) -> Where:
    """Only while the answer still is "I need help": a slip of the finger, corrected, calls nobody."""

    def found() -> QuerySet[CheckIn]:
        asked = CheckIn.objects.filter(answer=Answer.HELP)
        return asked.filter(pairing__state__in=LIVE_PAIRING) if url == "pairing" else asked

    def path(asked: CheckIn) -> str:
        return reverse(url, args=[asked.pairing_id]) if url == "pairing" else reverse(url)

    return Facts("checkin", found, path)


def _to(url: str) -> Where:
    return lambda ids: reverse(url)


NEWS = _("There is news for you")
WAITS = _("Somebody waits for your answer")
LOOK = _("Have a look")

NOTICES: dict[str, Notice] = {
    "offer_sent": Notice(
        WAITS,
        _("Somebody would like to get to know you. Please look, and say yes or no; both are fine."),
        _("Look and answer"),
        _offer(OfferState.SENT),
    ),
    "offer_accepted": Notice(
        NEWS,
        _("Somebody said yes to you. One more person takes a look, then you hear from us."),
        LOOK,
        _offer(OfferState.IN_REVIEW, url="request"),
        NoticeKind.NEWS,
    ),
    "choose_again": Notice(
        NEWS,
        _("The people you chose could not say yes this time. It is not about you. There may be others to choose from."),
        LOOK,
        _request("suggestions"),
    ),
    "looked_after": Notice(
        NEWS,
        _("It takes longer than it should. A volunteer now looks after it and will be in touch."),
        LOOK,
        _request("request"),
        NoticeKind.NEWS,
    ),
    "proposal": Notice(
        WAITS,
        _("A volunteer has somebody in mind for you. Please look, and say yes or no; both are fine."),
        _("Look and answer"),
        _offer(OfferState.PROPOSED, url="request"),
    ),
    "review_waiting": Notice(
        WAITS, _("Two people said yes and wait for your look."), _("Review"), _offer(OfferState.IN_REVIEW, url="review")
    ),
    "needs_coordinator": Notice(
        WAITS, _("Somebody has waited too long and needs you."), LOOK, _request("coordinate_request")
    ),
    "not_this_time": Notice(
        NEWS,
        _("This time it does not come about. It is not about you, and thank you for your yes."),
        LOOK,
        _to("home"),
        NoticeKind.NEWS,
    ),
    "paired": Notice(NEWS, _("You can get in touch with each other now. Here is how."), _("See how"), _pairing),
    "pairing_ended": Notice(
        NEWS,
        _("The other person would like to go on differently. That is normal, and nobody's fault."),
        LOOK,
        _to("home"),
    ),
    "check_in": Notice(
        _("A short question for you"),
        _("Have you two been in touch since we last asked?"),
        _("Answer with one tap"),
        _check_in,
        NoticeKind.CHECK_INS,
    ),
    "gentle_note": Notice(
        _("A few kind words"),
        _("We ask you less often for now, and that is fine. If you two like to talk, a short hello is enough."),
        LOOK,
        _pairing,
    ),
    "request_closed": Notice(
        NEWS,
        _("We looked for two months and found nobody. We have stopped looking. You can start again at any time."),
        LOOK,
        _to("request"),
    ),
    "help_asked": Notice(
        NEWS, _("The person you know from here would be glad to hear from you."), LOOK, _help("pairing")
    ),
    "help_asked_office": Notice(WAITS, _("Somebody asked for help."), LOOK, _help("coordinate")),
    "report_filed": Notice(WAITS, _("Somebody told us that something was not right."), LOOK, _to("coordinate")),
}


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why a message is not to be sent."""

    reason: str


Written = EmailMultiAlternatives | Unsent | Exception


def write(messages: Sequence[OutboxMessage]) -> dict[UUID, Written]:
    """Write the mails for these messages, each in its recipient's language; by the message's id.

    The facts of each topic are read by one query for all its messages, and so is what the recipients do not want. A
    message that can't be written has the exception in its place and spoils no other.
    """
    unwanted = set(
        UnwantedNotice.objects.filter(member__in={one.recipient_id for one in messages}).values_list("member", "kind")
    )
    written: dict[UUID, Written] = {}
    in_order = sorted(messages, key=lambda one: one.topic)
    for topic, group in groupby(in_order, key=lambda one: one.topic):
        same = list(group)
        try:
            written.update(_write_topic(topic, same, unwanted))
        except Exception:  # one of them is poison: each for itself, so that the others are written
            for one in same:
                written.update(_write_alone(one, unwanted))
    return written


def _write_alone(message: OutboxMessage, unwanted: set[tuple[UUID, str]]) -> Mapping[UUID, Written]:
    try:
        return _write_topic(message.topic, [message], unwanted)
    except Exception as error:
        return {message.pk: error}


def _write_topic(
    topic: str, messages: Iterable[OutboxMessage], unwanted: set[tuple[UUID, str]]
) -> Mapping[UUID, Written]:
    notice = NOTICES[topic]
    written: dict[UUID, Written] = {}
    wanted = []
    for message in messages:
        if not message.recipient.is_active:
            written[message.pk] = Unsent("overtaken")
        elif notice.kind and (message.recipient_id, notice.kind.value) in unwanted:
            written[message.pk] = Unsent("unwanted")
        else:
            wanted.append(message)
    # A savepoint where a transaction runs: what the database refuses for one must not end it for the others.
    with transaction.atomic():
        paths = notice.paths([message.ids for message in wanted])
    for message, path in zip(wanted, paths, strict=True):
        written[message.pk] = Unsent("overtaken") if path is None else _mail(notice, message, path)
    return written


def letter(message: OutboxMessage) -> EmailMultiAlternatives | None:
    """Write the mail for one message; None when its facts no longer hold or it is unwanted.

    Raises KeyError for a topic that does not exist.
    """
    written = write([message])[message.pk]
    if isinstance(written, Exception):
        raise written
    return None if isinstance(written, Unsent) else written


def _mail(notice: Notice, message: OutboxMessage, path: str) -> EmailMultiAlternatives:
    """The Message-ID is made from the message's id, so that a second sending after a crash is the same letter."""
    with translation.override(message.recipient.language):
        context = {
            "subject": str(notice.subject),
            "text": str(notice.text),
            "button": str(notice.button),
            "link": settings.SITE_URL + path,
            "site_name": settings.SITE_NAME,
            "language": message.recipient.language,
        }
        mail = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string("notices/letter.txt", context),
            to=[message.recipient.email],
            headers=_headers(notice, message),
        )
        mail.attach_alternative(render_to_string("notices/letter.html", context), "text/html")
        return mail


def _headers(notice: Notice, message: OutboxMessage) -> dict[str, str]:
    """One click in the mail program switches the kind off (RFC 8058); no List-Id, which would name a list."""
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    headers = {"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if notice.kind:
        token = tokens.notice_token(message.recipient_id, notice.kind)
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{reverse('unsubscribe', args=[token])}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
