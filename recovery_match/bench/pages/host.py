"""Everything that needs the application, in a process whose engines are its own.

Run by `command` as ``python -m recovery_match.bench.pages.host OPTIONS`` with RECOVERY_MATCH_DATA naming a fresh
folder.
"""

import gc
import sys
import time
from collections.abc import Iterable
from uuid import UUID

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from accounts.models import Intergroup, User  # noqa: E402
from matching.actions.round_planning import lay_out  # noqa: E402
from matching.actions.round_solving import finish_round, solve_part  # noqa: E402
from matching.actions.rounds import plan_round  # noqa: E402
from matching.models import Offer, Pairing, Round, SponsorRequest  # noqa: E402
from matching.states import OfferState, RequestState, RoundState  # noqa: E402
from recovery_match.bench.pages import report  # noqa: E402
from recovery_match.bench.pages.options import Options  # noqa: E402
from recovery_match.bench.pages.people import count_anew, fill, offer_some  # noqa: E402
from recovery_match.bench.pages.visits import Visit, pages, signed_in, visit  # noqa: E402
from recovery_match.bench.saying import end_on_signals, keep, say  # noqa: E402
from recovery_match.ready import get_ready  # noqa: E402

OFFICE = "bay"
COORDINATORS, MEMBERS = "coordinate/", ("home/", "request/", "offers/", "pairings/", "service/", "days/", "notices/")


def measure(options: Options) -> None:
    """The small office first, then the large one in its place."""
    began = time.monotonic()
    # As every process of the site does before it has answered much.
    get_ready()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    small = _office(options.shrunk())
    call_command("flush", verbosity=0, interactive=False)
    large = _office(options)
    for title, visits in large.items():
        say(f"\n{title}", *report.table(visits, {one.name: one for one in small[title]}))
    keep([*_rows(options.small, small), *_rows(options.members, large)])
    say(f"\nDone in {time.monotonic() - began:.0f} s.")


def _rows(members: int, office: dict[str, list[Visit]]) -> Iterable[dict[str, object]]:
    for title, visits in office.items():
        yield from report.rows(f"{title}-{members}", visits)


def _office(options: Options) -> dict[str, list[Visit]]:
    coordinator = fill(OFFICE, options)
    say(f"{options.members:,} members, {options.requests:,} open requests, {options.pairs:,} pairs")
    _preview(coordinator)
    offer_some(OFFICE)
    count_anew()
    # Rounds are worked out by other processes than those that answer pages: what is left of it is not theirs to find.
    gc.collect()
    sponsee = User.objects.filter(sponsored__isnull=False).order_by("pk").first()
    sponsor = User.objects.filter(offers__state=OfferState.SENT, sponsoring__isnull=False).order_by("pk").first()
    assert sponsee is not None
    assert sponsor is not None
    return {
        "coordinator": _visits(coordinator, [COORDINATORS], options.times),
        "sponsee": _visits(sponsee, MEMBERS, options.times),
        "sponsor": _visits(sponsor, MEMBERS, options.times),
    }


def _preview(coordinator: User) -> None:
    """Twice, since the first also reads everybody into the roster."""
    for run in ("first", "warm"):
        began = time.monotonic()
        round_ = plan_round(Intergroup.objects.get(slug=OFFICE), by=coordinator)
        assert lay_out(round_.pk)
        for part in round_.parts.values_list("pk", flat=True):
            solve_part(part)
        finish_round(round_.pk)
        round_.refresh_from_db()
        say(
            f"round of {round_.newcomers:,} x {round_.sponsors:,}, {run}: previewed in "
            f"{time.monotonic() - began:.2f} s by one worker, {round_.served:,} served"
        )


def _visits(user: User, below: Iterable[str], times: int) -> list[Visit]:
    client = signed_in(user)
    found = [page for start in below for page in pages(client, start, OFFICE, _things(user))]
    return [visit(client, page, times) for page in found]


def _things(user: User) -> list[UUID]:
    """Something of each kind that an address may name, as far as this person may see it."""
    open_request = SponsorRequest.objects.for_coordinator(user).filter(state=RequestState.OPEN)
    found = [
        Offer.objects.for_coordinator(user).filter(state=OfferState.IN_REVIEW),
        Offer.objects.for_sponsor(user).filter(state=OfferState.SENT),
        open_request,
        Pairing.objects.of(user).live(),
        Round.objects.for_coordinator(user).filter(state=RoundState.PREVIEW),
        User.objects.filter(sponsor__seats_taken__gt=0),
    ]
    return [key for rows in found for key in rows.order_by("pk").values_list("pk", flat=True)[:1]]


if __name__ == "__main__":
    end_on_signals()
    measure(Options.heard(sys.argv[1]))
