"""How a sponsor stands, in words for themself that tell a bystander nothing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import PauseReason

RESTING: dict[PauseReason, str | Promise] = {
    PauseReason.UNCONFIRMED: _(
        "We asked you a few times and heard nothing, which is fine. So nobody new comes to you."
    ),
    PauseReason.UNANSWERED: _(
        "Three times somebody waited for your answer and the time ran out. That happens. So nobody new comes to you."
    ),
}
"""The pauses that the clock made; nobody is blamed for them."""
