"""What is asked of the server: each case is a list of requests, by different people where there are such."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from accounts import clock
from accounts.models import User
from matching import tokens
from matching.models import Answer, CheckIn, Pairing
from matching.states import CheckInState
from recovery_match.bench.load.urls import EMPTY
from recovery_match.bench.pages.visits import signed_in

HEAD = "Host: localhost\r\nAccept-Language: en\r\nAccept-Encoding: gzip\r\n"
VISITORS = 32
BATCH = 2_000
A_MOMENT = timedelta(minutes=1)


def cases(coordinator: User) -> dict[str, list[str]]:
    """By name; the empty page comes first."""
    sponsees = User.objects.filter(sponsored__isnull=False).order_by("pk")[:VISITORS]
    sponsors = User.objects.filter(sponsoring__isnull=False).distinct().order_by("pk")[:VISITORS]
    return {
        "an empty page": [_get(f"/{EMPTY}", "")],
        "home": [_get(reverse("home"), _cookie(one)) for pair in zip(sponsees, sponsors, strict=False) for one in pair],
        "a coordinator's day": [_get(reverse("coordinate"), _cookie(coordinator))],
        "one tap": list(_taps(_open_questions())),
    }


def _get(path: str, cookie: str) -> str:
    return f"GET {path} HTTP/1.1\r\n{HEAD}{cookie}\r\n"


def _cookie(user: User) -> str:
    name = settings.SESSION_COOKIE_NAME
    return f"Cookie: {name}={signed_in(user).cookies[name].value}\r\n"


def _open_questions() -> list[CheckIn]:
    """One of today for each pair, to either of the two."""
    now, dice = clock.now(), Random("taps")
    asked = [
        CheckIn(
            pairing_id=pk,
            member_id=dice.choice(two),
            local_date=now.date(),
            due_at=now - A_MOMENT,
            state=CheckInState.OPEN,
        )
        for pk, *two in Pairing.objects.live().order_by("pk").values_list("pk", "sponsor_id", "sponsee_id")
    ]
    CheckIn.objects.filter(local_date__gte=now.date()).delete()
    return CheckIn.objects.bulk_create(asked, batch_size=BATCH)


def _taps(questions: Iterable[CheckIn]) -> Iterator[str]:
    dice = Random("answers")
    for one in questions:
        path = reverse("check_in", args=[tokens.check_in_token(one)])
        body = urlencode({"answer": dice.choice((Answer.TALKED, Answer.NOT_YET))})
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        yield f"POST {path} HTTP/1.1\r\n{HEAD}{kind}Content-Length: {len(body)}\r\n\r\n{body}"
