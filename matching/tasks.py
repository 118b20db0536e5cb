"""Celery's doors: fetch, call one action, nothing else.

Results are ignored, so no chord waits for the parts of a round: each part is stored in the database, and whoever stores
the last one calls for the finish.
"""

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import task_success
from django.conf import settings

from accounts.actions import audit
from matching.actions import (
    bridge_invitations,
    bridge_office,
    checkins,
    deadlines,
    decisions,
    digests,
    health,
    invitations,
    invitees,
    milestones,
    numbers,
    office_lists,
    outbox,
    recruiting,
    retention,
    roster,
    round_planning,
    round_publishing,
    round_solving,
    round_ticks,
    silence,
    terms,
)


@task_success.connect
def note_run(sender: Any = None, **_: Any) -> None:
    """Write down when each task of the schedule last came to its end."""
    name = str(sender.name).rpartition(".")[2]
    if name in settings.CELERY_BEAT_SCHEDULE:
        health.beat_heart(name)


@shared_task
def beat_heart() -> None:
    """Show that a worker consumes."""
    health.beat_heart("worker")


@shared_task
def expire_offers() -> None:
    """Move on what nobody answered in time."""
    deadlines.expire_offers()


@shared_task
def carry_out_decisions() -> None:
    """Carry out what coordinators decided and can no longer take back."""
    decisions.carry_out_decisions()


@shared_task
def remind_due() -> None:
    """Make the check-ins that are due."""
    checkins.remind_due()


@shared_task
def tell_milestones() -> None:
    """Post the notices of the milestones whose day has come."""
    milestones.tell_due()


@shared_task
def watch_silence() -> None:
    """Look at the pairs that nobody heard of."""
    silence.watch()


@shared_task
def watch_bridges() -> None:
    """Call the office where a first contact is late."""
    bridge_office.watch_bridges()


@shared_task
def write_digests() -> None:
    """Write the letters of the week."""
    digests.write_digests()


@shared_task
def ask_roster() -> None:
    """Ask sponsors whether they are still there."""
    roster.ask_roster()


@shared_task
def watch_terms() -> None:
    """Remind those whose term ends soon."""
    terms.remind_terms()


@shared_task
def watch_numbers() -> None:
    """Remind offices whose local numbers are to be looked over."""
    numbers.remind_numbers()


@shared_task
def send_invitations() -> None:
    """Send the mails of invitations."""
    invitations.send_invitations()


@shared_task
def invite_listed(list_id: str) -> None:
    """Invite the people of a long list."""
    office_lists.carry_on(UUID(list_id))


@shared_task
def tend_lists() -> None:
    """Call again for lists that lost their worker."""
    office_lists.tend_lists()


@shared_task
def send_invitees() -> None:
    """Send the next letters to those whom offices have invited."""
    invitees.send_invitees()


@shared_task
def send_bridge_invitations() -> None:
    """Send the mails of invitations to a first contact."""
    bridge_invitations.send_bridge_invitations()


@shared_task
def send_outbox() -> None:
    """Send the messages that are due."""
    outbox.send_outbox()


@shared_task
def link_audit() -> None:
    """Tie new entries of the audit to those before them."""
    audit.link_audit()


@shared_task
def plan_round(round_id: str) -> None:
    """Read everybody for a round and split it into parts."""
    round_planning.lay_out(UUID(round_id))


@shared_task
def solve_round_part(part_id: int) -> None:
    """Solve one part of a round."""
    round_solving.solve_part(part_id)


@shared_task
def finish_round(round_id: str) -> None:
    """Join the parts of a round and have it checked."""
    round_solving.finish_round(UUID(round_id))


@shared_task
def publish_round(round_id: str) -> None:
    """Put the pairs of a large round before their newcomers."""
    round_publishing.carry_out(UUID(round_id))


@shared_task
def solve_rounds() -> None:
    """Call again for what lost its worker, and finish what is solved."""
    round_ticks.tend_rounds()


@shared_task
def search_sponsors(recruiting_id: int) -> None:
    """Find whom an office could look for."""
    recruiting.work_out(recruiting_id)


@shared_task
def tend_recruiting() -> None:
    """Call again for searches that lost their worker."""
    recruiting.tend_recruiting()


@shared_task
def forget() -> None:
    """Delete what is past its time."""
    retention.forget()
