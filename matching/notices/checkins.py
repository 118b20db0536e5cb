"""The open question, and what follows from an answer or from none."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching import tokens
from matching.models import Answer, CheckIn, NoticeKind
from matching.models.digest import by_the_week
from matching.notices.notice import LOOK, NEWS, WAITS, Facts, Notice, Where
from matching.notices.pairings import PAIRING
from matching.states import LIVE_PAIRING, CheckInState

_check_in = Facts(
    "checkin",
    # Whoever has chosen one letter a week since then gets it in that.
    lambda: CheckIn.objects.filter(~by_the_week(), state=CheckInState.OPEN, pairing__state__in=LIVE_PAIRING),
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


NOTICES: dict[str, Notice] = {
    "check_in": Notice(
        _("A short question for you"),
        _("Have you two been in touch since we last asked?"),
        _("Answer with one tap"),
        _check_in,
        NoticeKind.CHECK_INS,
        tuple(answer.label for answer in Answer),
    ),
    "gentle_note": Notice(
        _("A few kind words"),
        _("We ask you less often for now, and that is fine. If you two like to talk, a short hello is enough."),
        LOOK,
        PAIRING,
    ),
    "help_asked": Notice(
        NEWS, _("The person you know from here would be glad to hear from you."), LOOK, _help("pairing")
    ),
    "help_asked_office": Notice(WAITS, _("Somebody asked for help."), LOOK, _help("coordinate")),
}
