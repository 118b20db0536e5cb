"""Topic -> what a message says and where its one link leads.

Words are neutral: subject, sender and text never tell what this is about, for somebody else may read the mail. The
facts are read again when the message is written; one that no longer holds is not sent.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching import tokens
from matching.models import Answer, CheckIn, Offer, OutboxMessage, Pairing, SponsorRequest
from matching.states import LIVE_PAIRING, LIVE_REQUEST, CheckInState, OfferState

Where = Callable[[dict[str, str]], str | None]


@dataclass(frozen=True, slots=True)
class Notice:
    """``where`` reads the facts again: the path of the link, or None when there is nothing to say any more."""

    subject: str | Promise
    text: str | Promise
    button: str | Promise
    where: Where


def _offer(*states: OfferState, url: str = "offer") -> Where:
    def where(ids: dict[str, str]) -> str | None:
        if not Offer.objects.filter(pk=ids["offer"], state__in=states).exists():
            return None
        return reverse(url, args=[ids["offer"]]) if url in ("offer", "review") else reverse(url)

    return where


def _request(url: str) -> Where:
    def where(ids: dict[str, str]) -> str | None:
        if not SponsorRequest.objects.filter(pk=ids["request"], state__in=LIVE_REQUEST).exists():
            return None
        return reverse(url, args=[ids["request"]]) if url == "coordinate_request" else reverse(url)

    return where


def _pairing(ids: dict[str, str]) -> str | None:
    live = Pairing.objects.filter(pk=ids["pairing"], state__in=LIVE_PAIRING).exists()
    return reverse("pairing", args=[ids["pairing"]]) if live else None


def _check_in(ids: dict[str, str]) -> str | None:
    checkin = CheckIn.objects.filter(
        pk=ids["checkin"], state=CheckInState.OPEN, pairing__state__in=LIVE_PAIRING
    ).first()
    return reverse("check_in", args=[tokens.check_in_token(checkin)]) if checkin else None


def _help(url: str) -> Where:
    """Only while the answer still is "I need help": a slip of the finger, corrected, calls nobody."""

    def where(ids: dict[str, str]) -> str | None:
        asked = CheckIn.objects.filter(pk=ids["checkin"], answer=Answer.HELP).select_related("pairing").first()
        if asked is None:
            return None
        if url != "pairing":
            return reverse(url)
        return _pairing({"pairing": str(asked.pairing_id)})

    return where


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
        NEWS, _("This time it does not come about. It is not about you, and thank you for your yes."), LOOK, _to("home")
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


def letter(message: OutboxMessage) -> EmailMultiAlternatives | None:
    """Write the mail for a message, in the recipient's language; None when its facts no longer hold.

    The Message-ID is made from the message's id, so that a second sending after a crash is the same letter.
    Raises KeyError for a topic that does not exist.
    """
    notice = NOTICES[message.topic]
    if not message.recipient.is_active:
        return None
    path = notice.where(message.ids)
    if path is None:
        return None
    with translation.override(message.recipient.language):
        context = {
            "subject": str(notice.subject),
            "text": str(notice.text),
            "button": str(notice.button),
            "link": settings.SITE_URL + path,
            "site_name": settings.SITE_NAME,
            "language": message.recipient.language,
        }
        host = settings.SITE_URL.partition("://")[2].partition(":")[0]
        mail = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string("notices/letter.txt", context),
            to=[message.recipient.email],
            headers={"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("notices/letter.html", context), "text/html")
        return mail
