"""What volunteers, newcomers and the office hear about a first contact; the words name neither who nor what."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import Bridge
from matching.notices.notice import LOOK, NEWS, WAITS, Facts, Notice, Where
from matching.states import LIVE_BRIDGE, BridgeState


def _bridge(*states: BridgeState, url: str = "bridge_of_two") -> Where:
    def path(bridge: Bridge) -> str:
        return reverse(url, args=[bridge.pk]) if url in ("bridge_of_two", "bridge_office") else reverse(url)

    return Facts("bridge", lambda: Bridge.objects.filter(state__in=states), path)


NOTICES: dict[str, Notice] = {
    "bridge_wanted": Notice(
        WAITS,
        _("Somebody would be glad of company in the coming days. Please look, and say yes or no; both are fine."),
        _("Look and answer"),
        _bridge(BridgeState.OPEN, url="bridging"),
    ),
    "bridge_offered": Notice(
        WAITS,
        _("Somebody can be there for you. Please look, and say yes or no; both are fine."),
        _("Look and answer"),
        _bridge(BridgeState.OFFERED, url="bridge"),
    ),
    "bridge_agreed": Notice(
        NEWS,
        _("You can get in touch with each other now. Here is how."),
        _("See how"),
        _bridge(BridgeState.MEETING),
    ),
    "bridge_open_again": Notice(
        NEWS,
        _("The person who wanted to come can't after all. It is not about you, and we ask others now."),
        LOOK,
        _bridge(*LIVE_BRIDGE, url="bridge"),
    ),
    "bridge_closed": Notice(
        NEWS,
        _("This time together has come to its end. Have a look at what can come next."),
        LOOK,
        _bridge(BridgeState.CLOSED, BridgeState.WITHDRAWN),
    ),
    "bridge_late": Notice(
        WAITS,
        _("Somebody has waited too long and needs you."),
        LOOK,
        _bridge(*LIVE_BRIDGE, url="bridge_office"),
    ),
}
