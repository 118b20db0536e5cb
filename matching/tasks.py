"""Celery's doors: fetch, call one action, nothing else."""

from celery import shared_task

from matching.actions import checkins, deadlines, health, outbox, retention


@shared_task
def beat_heart() -> None:
    """Show that a worker consumes."""
    health.beat_heart("worker")


@shared_task
def expire_offers() -> None:
    """Move on what nobody answered in time."""
    deadlines.expire_offers()


@shared_task
def remind_due() -> None:
    """Make the check-ins that are due."""
    checkins.remind_due()


@shared_task
def send_outbox() -> None:
    """Send the messages that are due."""
    outbox.send_outbox()


@shared_task
def forget() -> None:
    """Delete what is past its time."""
    retention.forget()
