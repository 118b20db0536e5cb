"""What the two hear after a long silence, each alone, and the office when somebody would like to talk."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching import tokens
from matching.models import ChangeAnswer, ChangeAsk, NoticeKind
from matching.notices.notice import LOOK, WAITS, Facts, Notice
from matching.states import LIVE_PAIRING

# Of a pair that was heard of meanwhile nothing is asked; what only the other said is not looked at.
_asked = Facts(
    "ask",
    lambda: ChangeAsk.objects.filter(answer="", pairing__state__in=LIVE_PAIRING, pairing__quiet_at__isnull=False),
    lambda ask: reverse("change_ask", args=[tokens.change_token(ask)]),
)
_wanted = Facts(
    "ask",
    lambda: ChangeAsk.objects.filter(answer=ChangeAnswer.TALK, heard_at__isnull=True, pairing__state__in=LIVE_PAIRING),
    lambda ask: reverse("talk", args=[ask.pk]),
)

NOTICES: dict[str, Notice] = {
    "would_you_change": Notice(
        _("A short question for you"),
        _("It has been quiet between you two for a while. How would you like to go on? Every answer is fine."),
        _("Answer with one tap"),
        _asked,
        NoticeKind.CHECK_INS,
    ),
    "talk_wanted": Notice(WAITS, _("Somebody would like to talk to one of you."), LOOK, _wanted),
}
