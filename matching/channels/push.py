"""Web push: a neutral notification on a device that its member has switched on.

What is sent is encrypted for the device (RFC 8291) and says no more than a mail's subject; where it leads stands in the
service worker. The push service learns when something is sent to which device, and nothing else: every notification
has the same length.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import clock
from matching.channels.base import Later, Nowhere
from matching.models import OutboxMessage, PushAddress
from matching.notices import Notice, Told

if TYPE_CHECKING:
    from requests import Response, Session

SECONDS = 5.0
LENGTH = 512
LONGEST_WAIT = timedelta(hours=1)
A_DAY = timedelta(days=1)
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
# At most one of ours waits at a push service or stands on a screen: a newer one takes the place of an older one.
TOPIC = "notice"
# An address as push services write it, and nothing that two readers of it might understand differently.
ENDPOINT = re.compile(r"https://([a-z0-9.-]+(?::[0-9]+)?)/[!-\[\]-~]*")


@dataclass(frozen=True, slots=True)
class Notification:
    """What one device is told, until when."""

    member: UUID
    address: UUID
    until: datetime
    payload: str


class Push:
    """Keeps connections open from one notification to the next, and leaves a push service alone that is in trouble."""

    name = "push"
    label = _("As a notification on your devices")

    def __init__(self) -> None:
        self._session: Session | None = None
        self._troubled: set[str] = set()

    @property
    def offered(self) -> bool:
        """Whether this site has a key of its own."""
        return bool(settings.VAPID_PRIVATE_KEY)

    def addresses(self, members: Collection[UUID]) -> Mapping[UUID, Sequence[UUID]]:
        """The devices that these members have switched on."""
        found: dict[UUID, list[UUID]] = defaultdict(list)
        if self.offered:
            for member, pk in PushAddress.objects.filter(member__in=members).values_list("member", "pk"):
                found[member].append(pk)
        return found

    def compose(self, notice: Notice, message: OutboxMessage, told: Told) -> Notification:
        """The words alone: the path may carry a token and stays here."""
        assert message.address is not None
        with translation.override(message.recipient.language):
            said = json.dumps({"title": settings.SITE_NAME, "body": str(notice.subject)})
        return Notification(message.recipient_id, message.address, message.grace_until, said.ljust(LENGTH))

    def announce(self, letter: Notification) -> None:
        """Nothing to do: each push is a request of its own."""

    def send(self, letter: Notification) -> None:
        """Hand one notification to its push service, which keeps it no longer than its grace lasts.

        Raises Nowhere for a device that was removed or that its push service has forgotten.
        """
        # Read again at the last moment: removed devices, and browsers that somebody else uses now, get nothing.
        address = PushAddress.objects.filter(pk=letter.address, member=letter.member).first()
        if address is None or not self.offered:
            raise Nowhere("removed")
        host = allowed_host(address.endpoint)
        if host is None:
            raise Nowhere("host not allowed")
        if host in self._troubled:
            raise Later("push service in trouble")
        try:
            answer = self._hand_over(letter, address)
        except OSError as error:  # what Requests raises for a service that can't be reached
            self._troubled.add(host)
            PushAddress.objects.failing(address.pk, clock.now())
            raise Later(type(error).__name__) from error
        self._understand(answer, address, host)

    def _hand_over(self, letter: Notification, address: PushAddress) -> "Response":
        # Loaded here: only a worker needs it, and only where somebody has switched push on.
        from py_vapid import Vapid
        from pywebpush import WebPusher

        device = {"endpoint": address.endpoint, "keys": {"p256dh": address.p256dh, "auth": address.auth}}
        now = datetime.now(UTC)
        claims = {
            "sub": settings.VAPID_SUBJECT,
            "aud": f"https://{allowed_host(address.endpoint)}",
            "exp": int((now + timedelta(hours=12)).timestamp()),
        }
        headers = Vapid.from_string(settings.VAPID_PRIVATE_KEY).sign(claims)
        headers |= {"Topic": TOPIC, "Urgency": "normal"}
        left = max(int((letter.until - clock.now()).total_seconds()), 0)
        sent: Response = WebPusher(device, requests_session=self._open()).send(
            letter.payload, headers, ttl=left, timeout=SECONDS
        )
        return sent

    def _understand(self, answer: "Response", address: PushAddress, host: str) -> None:
        if answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            now = clock.now()
            # To the day is enough: what is kept is whether the device still lives.
            if address.failing_since or address.reached_at is None or now - address.reached_at > A_DAY:
                PushAddress.objects.reached(address.pk, now)
            return
        if answer.status_code in GONE:
            address.delete()
            raise Nowhere("gone")
        PushAddress.objects.failing(address.pk, clock.now())
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._troubled.add(host)
        raise Later(f"answered {answer.status_code}", waiting_time(answer.headers.get("Retry-After")))

    def _open(self) -> "Session":
        if self._session is None:
            from requests import Session

            self._session = Session()
            # A push service that points elsewhere is not followed: only the hosts that are allowed are called.
            self._session.max_redirects = 0
        return self._session

    def close(self) -> None:
        """Let go of the connections."""
        session, self._session = self._session, None
        if session is not None:
            session.close()


def allowed_host(endpoint: str) -> str | None:
    """The host of a push service that we know, with its port if one is named; None for any other address.

    Members' browsers name the address, and this server calls it: so no other host may ever be called.
    """
    found = ENDPOINT.fullmatch(endpoint)
    host = found[1] if found else ""
    return host if any(_matches(host, allowed) for allowed in settings.PUSH_HOSTS) else None


def _matches(host: str, allowed: str) -> bool:
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed


def waiting_time(told: str | None) -> timedelta:
    """What "Retry-After" asks for, in seconds or as a date; at most an hour, and nothing for what can't be read."""
    if not told:
        return timedelta()
    try:
        if told.isdigit():
            return timedelta(seconds=min(int(told), LONGEST_WAIT.seconds))
        wait = parsedate_to_datetime(told) - datetime.now(UTC)
    except (ValueError, TypeError):
        return timedelta()
    return min(max(wait, timedelta()), LONGEST_WAIT)
