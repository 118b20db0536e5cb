"""The naive way, as many would write it: one task with an ETA for each reminder, each by itself from end to end.

A transaction for each row, a letter laid out and a connection to the mail server made for each letter, and Celery as it
comes. It asks the same question in the same words, and keeps its records in the same tables.
"""

import os
from zoneinfo import ZoneInfo

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_match.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import EmailMultiAlternatives  # noqa: E402
from django.db import transaction  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts import clock  # noqa: E402
from matching import tokens  # noqa: E402
from matching.actions.pairings import next_at  # noqa: E402
from matching.models import CheckIn, CheckInPlan, OutboxMessage  # noqa: E402
from matching.notices import NOTICES  # noqa: E402
from matching.states import CheckInState, OutboxState  # noqa: E402

app = Celery("naive", broker=settings.REDIS_URL)
app.conf.task_ignore_result = True


@app.task
def remind(plan_id: int) -> None:
    """Ask one person, and plan the next asking."""
    with transaction.atomic():
        plan = (
            CheckInPlan.objects.select_for_update(of=("self",))
            .select_related("pairing", "member__profile")
            .get(pk=plan_id)
        )
        zone = plan.member.profile.zone
        today = clock.now().astimezone(ZoneInfo(zone)).date()
        checkin = CheckIn.objects.create(
            pairing=plan.pairing, member=plan.member, local_date=today, due_at=clock.now(), state=CheckInState.OPEN
        )
        plan.next_at = next_at(plan, zone, today)
        plan.save(update_fields=["next_at"])
    _send(checkin)


@app.task
def deliver(message_id: str) -> None:
    """Send one message that was posted."""
    with transaction.atomic():
        message = OutboxMessage.objects.select_for_update().get(pk=message_id)
        checkin = CheckIn.objects.select_related("member").get(pk=message.ids["checkin"])
        message.state = OutboxState.SENT
        message.save(update_fields=["state"])
    _send(checkin)


def _send(checkin: CheckIn) -> None:
    notice = NOTICES["check_in"]
    context = {
        "subject": str(notice.subject),
        "text": str(notice.text),
        "button": str(notice.button),
        "link": settings.SITE_URL + reverse("check_in", args=[tokens.check_in_token(checkin)]),
        "site_name": settings.SITE_NAME,
        "language": checkin.member.language,
    }
    mail = EmailMultiAlternatives(
        context["subject"], render_to_string("notices/letter.txt", context), to=[checkin.member.email]
    )
    mail.attach_alternative(render_to_string("notices/letter.html", context), "text/html")
    mail.send()
