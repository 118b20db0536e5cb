"""C5: everybody at once, ten minutes by ``--long`` and twenty seconds otherwise: nobody meets an error of the server.

The site runs as delivered: web, worker and beat by the compose file's commands, with the application's database role.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.delivery.site import Site

SHORT, LONG, DUEL = 20, 600, 6
LAST_WORDS = 5000
DEEDS = {"request", "suggestions", "offer_accept", "check_in"}
ALL_DEEDS = DEEDS | {
    *("offer_decline", "request_withdraw", "review_approve", "review_reject", "review_take_back", "pairing_end"),
    *("pairing_report", "pairing_plan", "my_data_erase", "round_plan", "service_add", "coordinate_propose"),
}


def driven(site: Site, seconds: int, *more: str) -> dict[str, Any]:
    """What people met within so many seconds."""
    words = ["python", "-m", "tests.delivery.load.drive", str(site.port), str(site.letters), str(seconds), *more]
    done = site.run("web", *words)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_nobody_meets_an_error_while_everybody_does_everything_at_once(
    site: Site, long: bool, figures: Callable[[str], None]
) -> None:
    """C5."""
    before = site.cluster.deadlocks()
    seconds, deeds = (LONG, ALL_DEEDS) if long else (SHORT, DEEDS)
    told = driven(site, seconds, *deeds)
    met, done = told.pop("met"), set(told.pop("done"))
    figures(f"mixed load: {told}, deadlocks: {site.cluster.deadlocks() - before}")
    figures("\n".join(f"{count:7} {deed}" for deed, count in sorted(met.items())))
    assert told["faults"] == [], site.log("web").read_text()[-LAST_WORDS:]
    assert site.cluster.deadlocks() == before
    assert deeds <= done


def test_an_answer_and_a_withdrawal_at_the_same_moment_are_both_answered(site: Site) -> None:
    """C5, the closest of it: with locks in their order one of the two is told that the other was first."""
    before = site.cluster.deadlocks()
    told = driven(site, DUEL, "duel")
    assert told["faults"] == []
    assert site.cluster.deadlocks() == before
    assert {"offer_accept", "request_withdraw"} <= {deed.split()[1] for deed in told["met"]}


@pytest.fixture
def naive(site: Site) -> Iterator[Site]:
    """The site with a web process that locks against the order."""
    site.end("web")
    words = [word.replace("recovery_match.wsgi", "tests.delivery.load.naive_wsgi") for word in site.command("web")[3:]]
    site.start("web", "gunicorn", *words)
    assert site.comes_up()
    yield site
    site.end("web")
    site.start("web")
    assert site.comes_up()


def test_control_locks_taken_against_the_order_are_seen_by_people(naive: Site) -> None:
    """The negative control of C5."""
    before = naive.cluster.deadlocks()
    told = driven(naive, DUEL, "duel")
    assert naive.cluster.deadlocks() > before
    assert [fault for fault in told["faults"] if " 500 " in fault]
