"""What the newcomer, the sponsor and the reviewer hear about an offer."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import NoticeKind, Offer, ReviewQuestion
from matching.notices.notice import LOOK, NEWS, WAITS, Facts, Notice, Where, to
from matching.states import OfferState


def _offer(*states: OfferState, url: str = "offer") -> Where:
    def path(offer: Offer) -> str:
        return reverse(url, args=[offer.pk]) if url in ("offer", "review") else reverse(url)

    return Facts("offer", lambda: Offer.objects.filter(state__in=states), path)


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
    "proposal": Notice(
        WAITS,
        _("A volunteer has somebody in mind for you. Please look, and say yes or no; both are fine."),
        _("Look and answer"),
        _offer(OfferState.PROPOSED, url="request"),
    ),
    "review_waiting": Notice(
        WAITS, _("Two people said yes and wait for your look."), _("Review"), _offer(OfferState.IN_REVIEW, url="review")
    ),
    # The question itself is told on a page behind the sign-in, never in the letter.
    "question": Notice(
        WAITS,
        _("A volunteer has a short question for you. A few words are enough."),
        _("Read and answer"),
        Facts(
            "question",
            lambda: ReviewQuestion.objects.waiting().filter(offer__state=OfferState.IN_REVIEW),
            lambda question: reverse("review_question", args=[question.pk]),
        ),
    ),
    "question_answered": Notice(
        NEWS,
        _("Somebody answered what you asked."),
        LOOK,
        _offer(OfferState.IN_REVIEW, url="review"),
    ),
    "not_this_time": Notice(
        NEWS,
        _("This time it does not come about. It is not about you, and thank you for your yes."),
        LOOK,
        to("home"),
        NoticeKind.NEWS,
    ),
}
